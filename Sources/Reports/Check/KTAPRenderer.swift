// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A check as KTAP, version 1 (Documentation/dev-tools/ktap.rst of the kernel). The subject is one test; its
/// subtests are the groups, whose subtests are functions, fixes and hazards.
///
/// A hazard is `ok` with the directive XFAIL, because the upstream text breaks the rule, too. A parser that
/// does not know the directive uses the `ok`.
public struct KTAPRenderer: Sendable {
  public init() {}

  /// The text of the whole file, with a final newline.
  public func render(_ outcome: CheckOutcome) -> String {
    let tests = CheckAsTestSuite(outcome)
    // With the prefix, no subject can have the name of a group.
    let name = Self.name("mhpcheck \(tests.subject)")
    var lines = ["KTAP version 1", "1..1", "  KTAP version 1", "  # Subtest: \(name)"]
    lines += tests.properties.map { "  # \($0.name): \(Self.text($0.value))" }
    lines.append("  1..\(tests.groups.count)")
    for (number, group) in tests.groups.enumerated() { lines += Self.lines(group, number + 1) }
    lines.append("# \(Self.text(tests.summary))")
    lines.append("\(Self.word(tests.isGood)) 1 \(name)")
    return lines.joined(separator: "\n") + "\n"
  }

  private static func lines(_ group: CheckAsTestSuite.Group, _ number: Int) -> [String] {
    let name = name(group.name)
    var lines = ["    KTAP version 1", "    # Subtest: \(name)", "    1..\(group.tests.count)"]
    var isGood = true
    for (number, test) in group.tests.enumerated() {
      lines += test.details.map { "    # \(text($0))" }
      let result = result(test.outcome)
      isGood = isGood && result.isGood
      lines.append(
        "    \(word(result.isGood)) \(number + 1) \(self.name(test.name)) # "
          + unhashed(result.remark))
    }
    return lines + ["  \(word(isGood)) \(number) \(name)"]
  }

  private static func word(_ isGood: Bool) -> String { isGood ? "ok" : "not ok" }

  private static func result(
    _ outcome: CheckAsTestSuite.Outcome
  ) -> (isGood: Bool, remark: String) {
    switch outcome {
    case .passed(let remark): (true, remark)
    case .failed(let remark): (false, remark)
    case .error(let remark): (false, "ERROR \(remark)")
    case .skipped(let remark): (true, "SKIP \(remark)")
    case .expected(let remark): (true, "XFAIL \(remark)")
    }
  }

  /// A test's description, without `#` and without a leading `-`, which a parser could misread.
  private static func name(_ name: String) -> String {
    let text = unhashed(name)
    return text.hasPrefix("-") ? "\\u{2D}\(text.dropFirst())" : text
  }

  /// A part of a result line, with `#` escaped, because a parser would take a second `#` for a directive.
  private static func unhashed(_ part: String) -> String {
    text(part).replacing("#", with: "\\u{23}")
  }

  /// A text after a `#`, with certain phrases escaped: KTAP parsers take them, anywhere in a line, for the
  /// end of a kernel log.
  private static func text(_ text: String) -> String {
    ["reboot: System halted", "List of all partitions:", "Kernel panic - not syncing: VFS:"]
      .reduce(text) { $0.replacing($1, with: $1.replacing(":", with: "\\u{3A}")) }
  }
}
