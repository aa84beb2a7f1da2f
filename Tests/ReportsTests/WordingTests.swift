// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port
@testable import Reports

@Suite("The wording of a difference")
struct WordingTests {
  private static let known: [(Difference, String)] = [
    (
      .ending(
        subject: Ending(.overrun, table: 0, slot: 1032), reference: Ending()),
      "accesses slot 1032 of table 0 (pgd), which has 512 (table overrun); the reference returns"
    ),
    (
      .event(
        subjectIndex: 0, referenceIndex: 0, subject: Event(.flush),
        reference: Event(.clear, a: 1, b: 2, c: 3)),
      "does \"flush_tlb_all\" where the reference does \"clear table 1 (pmd)[2..4]\""
    ),
    (
      .event(subjectIndex: 0, referenceIndex: 0, subject: Event(.flush), reference: nil),
      "does \"flush_tlb_all\" after all that the reference does"
    ),
    (
      .event(subjectIndex: 0, referenceIndex: 0, subject: nil, reference: Event(.flush)),
      "never does \"flush_tlb_all\", which the reference does"
    ),
    (
      .entry(table: 1, slot: 5, subject: 0, reference: 0x10),
      "leaves nothing in table 1 (pmd)[5]; the reference 0x10"
    ),
    (
      .life(
        table: 1, subject: PageLife(level: 1, owner: 0, live: 0, constructed: -1),
        reference: nil),
      "leaves table 1 (pmd) freed with -1 constructors outstanding; the reference unallocated"
    ),
    (
      .global(name: "max_pfn", subject: 16, reference: 32),
      "leaves max_pfn at 0x10; the reference at 0x20"
    ),
    (
      .altmap(number: 2, subject: 3, reference: 4),
      "leaves altmap 2 with 3 pages allocated; the reference with 4"
    ),
  ]

  @Test("is one sentence without its subject", arguments: known)
  func sentences(difference: Difference, sentence: String) throws {
    let naming = try SampleReport.naming()
    #expect(naming.sentence(difference) == sentence)
  }

  @Test("uses the name that it is given for the other side") func otherSide() throws {
    let difference = Difference.global(name: "max_pfn", subject: 1, reference: 2)
    #expect(
      try SampleReport.naming().sentence(difference, reference: "B")
        == "leaves max_pfn at 0x1; B at 0x2")
  }

  private static let knownSizes: [(UInt64, String)] = [
    (0, "0 B"), (1 << 12, "4 KiB"), (1 << 21, "2 MiB"), (3 << 30, "3 GiB"), (1 << 40, "1 TiB"),
    ((1 << 30) + 4096, "1048580 KiB"), (1025, "1025 B"),
  ]

  @Test("gives sizes in the largest unit that divides them", arguments: knownSizes)
  func sizes(bytes: UInt64, text: String) {
    #expect(TableNames.size(bytes) == text)
  }

  @Test("names tables of unknown number or level by number only, other pages by PFN")
  func names() throws {
    let naming = try SampleReport.naming()
    #expect(naming.table(1) == "table 1 (pmd)")
    #expect(naming.table(9) == "table 9")
    #expect(naming.page(0x80200) == "pfn 0x80200")
  }

  @Test("shows the case, both sides and where they diverge") func lines() throws {
    let clear = Event(.clear, a: 1, b: 5, c: 1)
    var subject = try SampleReport.observation(events: [clear])
    subject.tables[1][5] = 0
    let reference = try SampleReport.observation()
    let blocks = CaseBlocks(names: SideNames(subject: "A", reference: "B"))
    let difference = subject.compared(to: reference).difference
    var section = Section(id: "x", heading: "a difference")
    section.add(
      .paragraph(
        blocks.sentence(
          scenario: SampleReport.scenario, difference: difference, subject: subject,
          reference: reference)))
    section.blocks += blocks.blocks(
      id: "x", scenario: SampleReport.scenario, difference: difference, subject: subject,
      reference: reference)
    #expect(
      TextPrinter.lines(of: section).joined(separator: "\n") == """
        a difference
          A does "clear table 1 (pmd)[5]" after all that B does
          case a-case@sv39: A leaf goes.
            call 1: remove_pmd_mapping(table 1 (pmd), 0xffffffd600a00000, 0xffffffd600c00000)
          tables before:
            table 0 (pgd), the root
              [344] -> table 1
                table 1 (pmd)
                  [5] 2 MiB leaf, pa 0x80a00000 vrw--gad
          tables after, A:
            table 0 (pgd), the root
              [344] -> table 1
                table 1 (pmd)
          >       [5] nothing
          tables after, B:
            table 0 (pgd), the root
              [344] -> table 1
                table 1 (pmd)
          >       [5] 2 MiB leaf, pa 0x80a00000 vrw--gad
          traces side by side
            A                       | B
          > clear table 1 (pmd)[5]  |
        """)
  }

  @Test("is about what follows clears that both sides do, even if one folds them with others")
  func folded() throws {
    let flush = Event(.flush)
    func clear(_ slot: UInt64, _ count: UInt64) -> Event {
      Event(.clear, a: 1, b: slot, c: count)
    }
    let subject = try SampleReport.observation(events: [clear(5, 2), flush])
    let reference = try SampleReport.observation(events: [
      clear(5, 1), flush, clear(6, 1), flush,
    ])
    let difference = try #require(subject.compared(to: reference).difference)
    #expect(difference.signature == "clear-for-clear")
    let sentence = CaseBlocks().sentence(
      scenario: SampleReport.scenario, difference: difference, subject: subject,
      reference: reference)
    #expect(
      sentence.plain
        == "the subject does \"clear table 1 (pmd)[6]\" where the reference does \"flush_tlb_all\"")
    var section = Section(id: "x", heading: "")
    section.blocks = CaseBlocks().blocks(
      id: "x", scenario: SampleReport.scenario, difference: difference, subject: subject,
      reference: reference)
    let lines = TextPrinter.lines(of: section)
    #expect(
      lines.filter { $0.hasPrefix(">") } == [
        ">       [6] nothing", "> clear table 1 (pmd)[6]  | flush_tlb_all",
      ], "\(lines)")
    #expect(lines.contains("  clear table 1 (pmd)[5]  | clear table 1 (pmd)[5]"))
  }

  @Test("is a fault if a trace stops because of one within clears that the other side folds")
  func foldedFault() throws {
    let subject = try SampleReport.observation(events: [Event(.clear, a: 1, b: 5, c: 2)])
    var reference = try SampleReport.observation(events: [Event(.clear, a: 1, b: 5, c: 1)])
    reference.ending = Ending(.bug)
    let difference = try #require(subject.compared(to: reference).difference)
    let sentence = CaseBlocks().sentence(
      scenario: SampleReport.scenario, difference: difference, subject: subject,
      reference: reference)
    #expect(sentence.plain == "the subject returns; the reference hits BUG")
  }

  private func reported() throws -> ReportedDifference {
    let groups = DifferenceGroup.groups(
      findings: [SampleReport.finding(agreesWith: [])], reference: .latest)
    return ReportedDifference(
      id: "D1", group: try #require(groups.first), scenario: SampleReport.scenario,
      madeFrom: "b-case", isMinimal: true, replay: "mhpcheck replay b-case@sv39 a.c")
  }

  @Test("does not say of a smaller case what the purpose of the whole one is")
  func smaller() throws {
    var section = Section(id: "x", heading: "")
    section.blocks = CaseBlocks().blocks(try reported())
    let lines = TextPrinter.lines(of: section)
    #expect(lines.first == "case made smaller from b-case@sv39; it is minimal")
    #expect(!lines.contains { $0.contains(SampleReport.scenario.purpose) })
  }

  @Test("says what a broken rule requires, and what happens instead") func rules() throws {
    var reported = try reported()
    reported.group.rules = [.tableCount, .flushMissing]
    reported.violations = [
      Violation(
        rule: .tableCount, operation: 0, function: .freePteTable, isVmemmap: false,
        evidence: .balance(2, level: .pte, count: 1))
    ]
    #expect(
      CauseSections.remarks(reported).map(\.plain) == [
        "breaks table-count. Required: when a table page is freed, its destructor has run as often "
          + "as its constructor. Here: table 2 (pte) is freed, but its destructor never ran",
        "breaks flush-missing. Required: the TLB is flushed after the last change of a translation",
      ])
  }

  @Test("says that a subject kills the process that runs it") func death() {
    let sentence = CaseBlocks().sentence(
      scenario: SampleReport.scenario, difference: nil, subject: nil, reference: nil)
    #expect(sentence.plain == "the subject kills the process that runs it")
  }
}

@Suite("A report as JSON")
struct JSONTests {
  private func object(_ text: String) throws -> [String: JSONMember] {
    try JSONDecoder().decode([String: JSONMember].self, from: Data(text.utf8))
  }

  @Test("has every member that scripts were promised") func keys() throws {
    let report = SampleReport.report(findings: [
      SampleReport.finding(agreesWith: [.noVmemmapPmdDestructor])
    ])
    let members = try object(JSONRenderer().render(report))
    let promised: Set = [
      "schema", "tool", "subject", "against", "verdict", "missingFixes", "functions", "modes",
      "cases", "seconds", "seed", "differences", "equivalences", "hazards",
    ]
    #expect(promised.isSubset(of: members.keys))
    #expect(members["schema"]?.text == "mhpcheck.report/1")
    #expect(members["verdict"]?.text == "missing-fixes")
  }

  @Test("has them even without a verdict, and says why") func failure() throws {
    let members = try object(
      JSONRenderer().render(
        .failed(
          FailedCheck(
            tool: "0", subject: "a.c", against: .latest, verdict: .unbuildable, message: "no",
            modes: ["sv39"], seed: 1))))
    #expect(members["verdict"]?.text == "unbuildable")
    #expect(members["error"]?.text == "no")
    #expect(members["functions"] != nil && members["missingFixes"] != nil)
  }
}

/// A member of an object: its text, or nil if it is not a string.
private struct JSONMember: Decodable {
  var text: String?

  init(from decoder: any Decoder) throws {
    text = try? decoder.singleValueContainer().decode(String.self)
  }
}

@Suite("A comparison of two subjects")
struct SubjectComparisonTests {
  private func comparison(
    onlyFirst: [KernelFunction] = [], differences: [SubjectComparison.Finding] = []
  ) -> SubjectComparison {
    let report = SampleReport.report(findings: [])
    return SubjectComparison(
      first: report, second: report, onlyFirst: onlyFirst, onlySecond: [], modes: ["sv39"],
      cases: 3, seconds: 0.5, differences: differences)
  }

  private func text(_ comparison: SubjectComparison) -> String {
    Printed.text(CompareDocument.of(comparison))
  }

  @Test("says that they behave the same, even if one has an additional inner function")
  func same() {
    #expect(text(comparison()).hasPrefix("same: A and B behave the same (3 cases, 0.50 s)\n"))
    let inlined = comparison(onlyFirst: [.freePteTable])
    #expect(inlined.isSame)
    #expect(text(inlined).contains("\n  only A has free_pte_table; cases that call it were not"))
  }

  @Test("says that they differ when one lacks an entry point") func entryPoint() {
    let lacking = comparison(onlyFirst: [.vmemmapFree])
    #expect(!lacking.isSame)
    #expect(text(lacking).hasPrefix("different: only A has vmemmap_free (3 cases, 0.50 s)\n"))
  }

  @Test("says where they differ, and with which one the port agrees") func witness() throws {
    let group = try #require(
      DifferenceGroup.groups(findings: [SampleReport.finding(agreesWith: [])], reference: .latest)
        .first)
    let differing = comparison(differences: [
      .init(
        id: "D1", group: group, scenario: SampleReport.scenario, difference: nil,
        observed: (try SampleReport.observation(), try SampleReport.observation()),
        witness: .second,
        replays: ["mhpcheck replay a-case@sv39 a.c"])
    ])
    let text = text(differing)
    #expect(
      text.contains(
        """
        \nD1 remove_pud_mapping differs on sv39 in 1 case\n  A kills the process that runs it; \
        the port agrees with B.\n
        """
      ))
    #expect(text.contains("\n  replay: mhpcheck replay a-case@sv39 a.c\n"))
    #expect(text.hasPrefix("different: in remove_pud_mapping (3 cases, 0.50 s)\n"))
    let json = JSONRenderer().render(differing)
    #expect(json.contains("\"schema\" : \"mhpcheck.comparison/1\""))
    #expect(json.contains("\"portAgreesWith\" : \"second\""))
  }
}
