// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

private let head = "schema: mhpcheck.expectations/1\nexpected:\n"

private func file(_ entries: String) throws -> ExpectationFile {
  try ExpectationFile(name: "known.yaml", text: head + entries)
}

private let leaf = ReportedFinding.difference(
  function: .removePmdMapping, mode: "sv39", kind: "clear-for-nothing",
  rules: [.translationRemains])

@Suite("A file of expectations")
struct ExpectationFileTests {
  @Test("covers what it names, and reports other findings and those that do not occur")
  func outcome() throws {
    let known = try file(
      """
        - missing: 21f1b85c8912
          reason: picked next week
        - hazard: H3
          mode: sv57
          reason: upstream's own
      """)
    let outcome = known.outcome(of: [.missing(commit: "21f1b85c8912"), leaf])
    #expect(outcome.expected == [.missing(commit: "21f1b85c8912")])
    #expect(outcome.unexpected == [leaf])
    #expect(
      outcome.stale == [ExpectationOutcome.Stale(line: 5, text: "hazard: H3, mode: sv57")])
    #expect(!outcome.isMet)
    #expect(try file("  []").outcome(of: []).isMet)
  }

  @Test(
    "has patterns of functions, modes, kinds and rules",
    arguments: [
      ("- difference: remove_*_mapping\n    reason: r", true),
      ("- difference: \"*\"\n    mode: \"sv*9\"\n    reason: r", true),
      ("- difference: remove_pmd_mapping\n    kind: \"*-for-nothing\"\n    reason: r", true),
      ("- difference: remove_pmd_mapping\n    rule: translation-*\n    reason: r", true),
      ("- difference: remove_pmd_mapping\n    rule: freed-*\n    reason: r", false),
      ("- difference: remove_pmd_mapping\n    mode: sv48\n    reason: r", false),
      ("- difference: remove_pud*\n    reason: r", false),
      ("- difference: remove\n    reason: r", false),
      ("- hazard: \"*\"\n    reason: r", false),
    ] as [(String, Bool)])
  func patterns(entry: String, isCovered: Bool) throws {
    #expect(try file("  " + entry).outcome(of: [leaf]).isMet == isCovered)
  }

  @Test(
    "is refused with the line of the error if it is malformed",
    arguments: [
      ("schema: mhpcheck.expectations/2\nexpected: []", "known.yaml:1: schema has to be"),
      (head + "  - missing: abc", "known.yaml:3: it has no reason"),
      (head + "  - reason: because", "known.yaml:3: an expectation has one of the members"),
      (head + "  - missing: a\n    hazard: H1\n    reason: r", "known.yaml:3: an expectation has"),
      (
        head + "  - missing: a\n    mode: sv39\n    reason: r",
        "known.yaml:4: there is no member mode"
      ),
      (head + "  - difference: a\n    mode: *\n    reason: r", "patterns with * stand in quotes"),
      (
        head + "  - missing: a\n    missing: b\n    reason: r",
        "known.yaml:3: the same member twice: missing"
      ),
      (head + "  []\n---\na: b", "known.yaml:4: but found another document"),
      (head + "  - missing: *a\n    reason: r", "known.yaml:3: found undefined alias"),
      (head + "  - [a]: b", "known.yaml:3: an expectation has one of the members"),
      (head + "  []\n[a]: b", "known.yaml:4: there is no member of that kind here"),
      (head + "  []\na: \u{1}", "known.yaml cannot be read as YAML"),
      (head + "  - missing: [a]\n    reason: r", "known.yaml:3: missing is a text"),
      (head + "  - {missing: a, reason: r}\nmore: 1", "known.yaml:4: there is no member more"),
      ("expected: [", "known.yaml:"),
      ("", "known.yaml is empty"),
      (head + "  nothing", "known.yaml:3: expected is a list"),
      (String(repeating: "[", count: 100_000), "too many lists in one another"),
      ("a: &a [1]\nb: &b [*a, *a]", "anchors, which are not read"),
      (String(repeating: "- ", count: 100_000), "too many lists in one another"),
    ] as [(String, String)])
  func refused(text: String, complaint: String) {
    let error = #expect(throws: Failure.self) {
      try ExpectationFile(name: "known.yaml", text: text)
    }
    #expect(error?.message.contains(complaint) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains("\n") == false)
  }

  @Test("may have its entries in one line, and ampersands and tags in its texts")
  func otherForms() throws {
    let texts = [
      "  [{missing: a, reason: R & D}, {hazard: \"H1\", reason: !!str r}]",
      "  - missing: 'a'\n    reason: R & D\n  - {hazard: H1, reason: r}",
    ]
    for text in texts {
      let known = try ExpectationFile(
        name: "f", text: "schema: mhpcheck.expectations/1\nexpected:\n" + text)
      #expect(known.expectations.map(\.text) == ["missing: a", "hazard: H1"], "\(text)")
      #expect(known.expectations.first?.reason == "R & D", "\(text)")
    }
  }

  @Test("with a thousand nested lists is refused, and does no harm")
  func deep() async {
    let text = (0..<3000).map { String(repeating: " ", count: $0) + "-\n" }.joined()
    await Task.detached {
      _ = #expect(throws: Failure.self) {
        try ExpectationFile(name: "deep", text: text)
      }
    }.value
  }
}

@Suite("An update of expectations")
struct ExpectationUpdateTests {
  @Test("of a missing file writes one that covers everything, with reasons still to be given")
  func fresh() throws {
    let findings: [ReportedFinding] = [
      .missing(commit: "a0188cc13369"), .beyond(commit: "21f1b85c8912"),
      .absent(.archGetMappableRange), leaf, .hazard(id: "H1", mode: "sv39", rule: .freedTwice),
      .hazard(id: "unlisted", mode: "sv48", rule: .tableLeaked),
    ]
    let text = ExpectationFile(newFileNamed: "new.yaml").updated(
      for: findings, modes: ["sv39", "sv48"])
    let written = try ExpectationFile(name: "new.yaml", text: text)
    let outcome = written.outcome(of: findings)
    #expect(outcome.isMet && outcome.expected == findings)
    // Hazards belong to upstream and need no reason.
    #expect(outcome.unexplained == 4)
    // The file does not cover more than the findings.
    #expect(
      !written.outcome(of: [.hazard(id: "unlisted", mode: "sv48", rule: .wrongOrder)]).expected
        .contains { _ in true })
    #expect(
      ExpectationFile(newFileNamed: "none.yaml").updated(for: [], modes: ["sv39"]).hasSuffix(
        "expected:\n  []\n"))
  }

  @Test("writes a finding of every mode as one entry") func everyMode() throws {
    let findings = ["sv39", "sv48"].map {
      ReportedFinding.hazard(id: "H1", mode: $0, rule: .freedTwice)
    }
    let none = ExpectationFile(newFileNamed: "f")
    let both = none.updated(for: findings, modes: ["sv39", "sv48"])
    #expect(try ExpectationFile(name: "f", text: both).expectations.map(\.mode) == ["*"])
    let some = none.updated(for: findings, modes: ["sv39", "sv48", "sv57"])
    #expect(
      try ExpectationFile(name: "f", text: some).expectations.map(\.mode) == ["sv39", "sv48"])
  }

  @Test("removes what no longer occurs, adds what is new, and keeps all other lines")
  func kept() throws {
    let text = """
      # Our kernel.
      schema: mhpcheck.expectations/1
      expected:
        # Waits for the next merge window.
        - missing: "*"   # both
          reason: waits

        # Gone since May.
        - hazard: H9
          reason: gone

        # The pmd walk.
        - difference: remove_p?d
          reason: no such thing
      """
    let findings: [ReportedFinding] = [.missing(commit: "a0188cc13369"), leaf]
    let updated = try ExpectationFile(name: "f", text: text).updated(
      for: findings, modes: ["sv39", "sv48"])
    #expect(
      updated == """
        # Our kernel.
        schema: mhpcheck.expectations/1
        expected:
          # Waits for the next merge window.
          - missing: "*"   # both
            reason: waits

          # Gone since May.

          # The pmd walk.
          - difference: "remove_pmd_mapping"
            mode: "sv39"
            kind: "clear-for-nothing"
            reason: new; say here why this is known

        """)
    #expect(try ExpectationFile(name: "f", text: updated).outcome(of: findings).isMet)
    // A second update changes nothing.
    #expect(
      try ExpectationFile(name: "f", text: updated).updated(for: findings, modes: ["sv39", "sv48"])
        == updated)
  }
}
