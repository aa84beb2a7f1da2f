// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

/// Uses Python's expat and junitparser (PyPI) as witnesses.
@Suite("JUnit XML, as other programs read it")
struct JUnitTests {
  private static let script = """
    import sys, xml.etree.ElementTree as tree
    from junitparser import JUnitXml, TestSuite, Failure, Error, Skipped
    root = tree.parse(sys.argv[1]).getroot()
    allowed = {
        None: ["testsuites"], "testsuites": ["testsuite"],
        "testsuite": ["properties", "testcase", "system-out", "system-err"],
        "properties": ["property"], "testcase": ["failure", "error", "skipped", "system-out"]}
    def check(element, parent):
        assert element.tag in allowed.get(parent, []), (element.tag, parent)
        for child in element: check(child, element.tag)
    check(root, None)
    cases = list(root.iter("testcase"))
    for suite in list(root) + [root]:
        own = list(suite.iter("testcase"))
        assert int(suite.get("tests")) == len(own), suite.get("name")
        for word, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(word)) == sum(len(c.findall(tag)) for c in own), word
    xml = JUnitXml.fromfile(sys.argv[1])
    names, results = [], {Failure: 0, Error: 0, Skipped: 0, None: 0}
    for suite in xml:
        assert isinstance(suite, TestSuite)
        for case in suite:
            assert case.name and case.classname
            names.append(case.name)
            kinds = [type(r) for r in case.result] or [None]
            assert len(kinds) == 1
            results[kinds[0]] += 1
    print(len(names), results[Failure], results[Error], results[Skipped])
    for failure in root.iter("failure"): print(failure.get("message"))
    """

  /// Counts as in `KTAPTests`, with hazards skipped: all, failed, errors, skipped.
  @Test(
    "is well formed, has correct counts, and matches the outcome",
    arguments: [
      (.conforming, "44 0 0 32"), (.missingFixes, "44 5 0 34"), (.differing, "44 3 0 32"),
      (.hostile, "44 3 0 32"), (.incomplete, "44 3 1 40"), (.unbuildable, "1 0 1 0"),
      (.hostileUnbuildable, "1 0 1 0"), (.notRun, "1 0 1 0"),
    ] as [(SnapshotOutcome, String)])
  func counts(outcome: SnapshotOutcome, expected: String) async throws {
    let lines = try await ExternalReaders.lines(Self.script, of: outcome, as: .junit)
    guard let lines else { return }
    #expect(lines.first == expected)
    if outcome == .missingFixes {
      #expect(lines.contains("3 of 3 cases differ") && lines.contains("the subject lacks it"))
    }
  }
}
