// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port

@Suite("The verdict")
struct JudgementTests {
  private let destructor = UpstreamFixes.noVmemmapPmdDestructor
  private let folded = UpstreamFixes.foldedEntryIsBase

  private func judge(
    _ findings: [CaseFinding], present: [KernelFunction] = KernelFunction.allCases,
    against: UpstreamFixes = .latest
  ) -> Judgement {
    Judgement(findings: findings, present: present, against: against)
  }

  private func status(_ judgement: Judgement, _ function: KernelFunction) -> FunctionStatus? {
    judgement.functions.first { $0.function == function }?.status
  }

  @Test("is conforms when every case agrees") func conforms() {
    let judgement = judge([SampleFindings.finding(0)])
    #expect(judgement.verdict == .conforms)
    #expect(judgement.groups.isEmpty)
    #expect(status(judgement, .removePudMapping) == .identical)
  }

  @Test("is conforms with a function equivalent when rules were needed") func equivalent() {
    let judgement = judge([
      SampleFindings.finding(0, rules: [.extraFlush]), SampleFindings.finding(1),
    ])
    #expect(judgement.verdict == .conforms)
    #expect(status(judgement, .removePudMapping) == .equivalent)
    #expect(judgement.rules == [.extraFlush])
  }

  @Test("tells what entry points show from what only direct calls of inner functions show")
  func reached() {
    let without = [UpstreamFixes.latest.subtracting(destructor)]
    let judgement = judge([
      SampleFindings.finding(0, [.freePmdTable], mode: "sv39", agreesWith: without),
      SampleFindings.finding(1, [.freePmdTable], mode: "sv48", agreesWith: without),
      SampleFindings.finding(2, [.vmemmapFree], mode: "sv48", agreesWith: without),
    ])
    let reached = Dictionary(
      uniqueKeysWithValues: judgement.groups.map { ($0.mode, $0.isReached) })
    #expect(reached == ["sv39": false, "sv48": true])
  }

  @Test("is missing-fixes when an older state agrees everywhere, each group explained")
  func missing() {
    let judgement = judge([
      SampleFindings.finding(0, agreesWith: [destructor]), SampleFindings.finding(1),
    ])
    #expect(judgement.verdict == .missingFixes)
    #expect(judgement.search.missing == [folded])
    #expect(judgement.groups.map(\.explanation) == [folded])
    #expect(judgement.groups.map(\.reference) == [.latest])
  }

  @Test("is differs when no state agrees, shown against the nearest") func differs() {
    let judgement = judge([
      SampleFindings.finding(0, agreesWith: [destructor]),
      SampleFindings.finding(1, agreesWith: [destructor]),
      SampleFindings.finding(2, [.archAddMemory], agreesWith: []),
    ])
    #expect(judgement.verdict == .differs)
    #expect(judgement.groups.first?.function == .archAddMemory)
    #expect(judgement.groups.first?.reference == destructor)
    #expect(judgement.groups.first?.explanation == nil)
    #expect(judgement.groups.last?.explanation == folded)
  }

  @Test("is differs without an entry point, and conforms without an inner function")
  func absent() {
    let withoutEntry = judge(
      [SampleFindings.finding(0)], present: KernelFunction.allCases.filter { $0 != .vmemmapFree })
    #expect(withoutEntry.verdict == .differs)
    #expect(withoutEntry.absentEntryPoints == [.vmemmapFree])
    let withoutHelper = judge(
      [SampleFindings.finding(0)], present: KernelFunction.allCases.filter { $0 != .freePteTable })
    #expect(withoutHelper.verdict == .conforms)
    #expect(status(withoutHelper, .freePteTable) == .absent)
  }

  @Test("is differs for fixes beyond those asked for, and each is the explanation of its cases")
  func beyond() {
    let judgement = judge(
      [
        SampleFindings.finding(0, agreesWith: [folded, .latest]),
        SampleFindings.finding(
          1, agreesWith: [destructor, .latest], difference: SampleFindings.flush),
      ], against: .asMerged)
    #expect(judgement.verdict == .differs)
    #expect(judgement.search.beyond == [destructor, folded])
    #expect(Set(judgement.groups.map(\.explanation)) == [destructor, folded])
  }

  @Test("knows a fix that is there in part, and does not call the part that is there a defect")
  func partial() {
    let judgement = judge([
      SampleFindings.finding(0, [.removePudMapping], agreesWith: [destructor]),
      SampleFindings.finding(1, [.removePudMapping], agreesWith: [destructor]),
      SampleFindings.finding(2, [.removeP4dMapping], agreesWith: [.latest]),
    ])
    #expect(judgement.verdict == .differs)
    #expect(judgement.partial == [folded])
    #expect(judgement.groups.map(\.function) == [.removePudMapping])
  }

  @Test("counts the direct calls of a function and puts its differences down to an inner one")
  func through() throws {
    let judgement = judge([
      SampleFindings.finding(0, [.removePgdMapping], agreesWith: []),
      SampleFindings.finding(1, [.removePudMapping], agreesWith: []), SampleFindings.finding(2),
    ])
    let root = try #require(judgement.functions.first { $0.function == .removePgdMapping })
    #expect(root.cases == 1 && root.differences == 1)
    #expect(root.through == ["remove_pud_mapping"])
    let inner = try #require(judgement.functions.first { $0.function == .removePudMapping })
    #expect(inner.cases == 2 && inner.differences == 1)
    #expect(inner.through.isEmpty)
  }
}

@Suite("Differences of a kind")
struct DifferenceGroupTests {
  @Test("are one group a function, mode and kind") func kinds() {
    let groups = DifferenceGroup.groups(
      findings: [
        SampleFindings.finding(0, agreesWith: []), SampleFindings.finding(1, agreesWith: []),
        SampleFindings.finding(2, mode: "sv48", agreesWith: []),
        SampleFindings.finding(3, agreesWith: [], difference: SampleFindings.flush),
        SampleFindings.finding(4),
      ], reference: .latest)
    #expect(groups.map(\.places) == [[0, 1], [3], [2]])
    #expect(groups.map(\.mode) == ["sv39", "sv39", "sv48"])
  }

  @Test("show a direct call first, then the smallest case, then the first") func smallest() {
    let groups = DifferenceGroup.groups(
      findings: [
        SampleFindings.finding(0, [.removeP4dMapping], agreesWith: [], tables: 1),
        SampleFindings.finding(1, agreesWith: [], tables: 3),
        SampleFindings.finding(2, agreesWith: [], tables: 2),
        SampleFindings.finding(3, agreesWith: [], tables: 2),
      ], reference: .latest)
    #expect(groups.map(\.places) == [[2, 3, 1, 0]])
  }
}
