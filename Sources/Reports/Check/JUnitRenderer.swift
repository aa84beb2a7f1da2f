// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A check as JUnit XML, as Jenkins and GitLab read it: one suite per group, one case per function, fix or
/// hazard. Hazards of the upstream text are skipped cases, because the format has no expected failure.
public struct JUnitRenderer: Sendable {
  public init() {}

  /// The text of the whole file, with a final newline.
  public func render(_ outcome: CheckOutcome) -> String {
    let tests = CheckAsTestSuite(outcome)
    let all = tests.groups.flatMap(\.tests)
    var root = XMLElement(name: "testsuites")
    root.attributes =
      [("name", "mhpcheck \(tests.subject)")] + Self.counts(all)
      + [("time", Words.decimals(tests.seconds))]
    root.children = tests.groups.enumerated().map { number, group in
      Self.suite(group, of: tests, isFirst: number == 0)
    }
    return root.document
  }

  private static func suite(
    _ group: CheckAsTestSuite.Group, of tests: CheckAsTestSuite, isFirst: Bool
  ) -> XMLElement {
    var suite = XMLElement(name: "testsuite")
    // The cases of a run share its time; the first suite has it.
    suite.attributes =
      [("name", group.name)] + counts(group.tests)
      + [("time", Words.decimals(isFirst ? tests.seconds : 0))]
    if isFirst {
      suite.children.append(
        XMLElement(
          name: "properties",
          children: tests.properties.map {
            XMLElement(name: "property", attributes: [("name", $0.name), ("value", $0.value)])
          }))
    }
    suite.children += group.tests.map { testCase($0, in: group.name, of: tests.subject) }
    if isFirst { suite.children.append(XMLElement(name: "system-out", text: tests.summary)) }
    return suite
  }

  private static func testCase(
    _ test: CheckAsTestSuite.Test, in group: String, of subject: String
  ) -> XMLElement {
    var element = XMLElement(name: "testcase")
    element.attributes = [
      ("name", test.name), ("classname", "mhpcheck.\(group)"), ("time", "0"),
    ]
    let details = test.details.joined(separator: "\n")
    switch test.outcome {
    case .passed: break
    case .failed(let message):
      element.children = [
        XMLElement(
          name: "failure", attributes: [("message", message), ("type", "difference")],
          text: details)
      ]
    case .error(let message):
      element.children = [
        XMLElement(
          name: "error", attributes: [("message", message), ("type", "no verdict")], text: details)
      ]
    case .skipped(let message):
      element.children = [XMLElement(name: "skipped", attributes: [("message", message)])]
    case .expected(let message):
      element.children = [
        XMLElement(name: "skipped", attributes: [("message", message)]),
        XMLElement(name: "system-out", text: details),
      ]
    }
    return element
  }

  private static func counts(_ tests: [CheckAsTestSuite.Test]) -> [(name: String, value: String)] {
    var failures = 0
    var errors = 0
    var skipped = 0
    for test in tests {
      switch test.outcome {
      case .passed: break
      case .failed: failures += 1
      case .error: errors += 1
      case .skipped, .expected: skipped += 1
      }
    }
    return [
      ("tests", "\(tests.count)"), ("failures", "\(failures)"), ("errors", "\(errors)"),
      ("skipped", "\(skipped)"),
    ]
  }
}
