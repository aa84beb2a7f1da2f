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

  @Test("is conforms if every case agrees") func conforms() {
    let judgement = judge([SampleFindings.finding(0)])
    #expect(judgement.verdict == .conforms)
    #expect(judgement.groups.isEmpty)
    #expect(status(judgement, .removePudMapping) == .identical)
  }

  @Test("is conforms, with the function equivalent, if it needs rules") func equivalent() {
    let judgement = judge([
      SampleFindings.finding(0, rules: [.extraFlush]), SampleFindings.finding(1),
    ])
    #expect(judgement.verdict == .conforms)
    #expect(status(judgement, .removePudMapping) == .equivalent)
    #expect(judgement.rules == [.extraFlush])
  }

  @Test("separates what entry points show from what only direct calls of inner functions show")
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

  @Test("is missing-fixes if an older state agrees everywhere and explains each group")
  func missing() {
    let judgement = judge([
      SampleFindings.finding(0, agreesWith: [destructor]), SampleFindings.finding(1),
    ])
    #expect(judgement.verdict == .missingFixes)
    #expect(judgement.search.missing == [folded])
    #expect(judgement.groups.map(\.explanation) == [folded])
    #expect(judgement.groups.map(\.reference) == [.latest])
  }

  @Test("is differs if no state agrees, compared with the nearest one") func differs() {
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

  @Test("is differs without an entry point, but conforms without an inner function")
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

  @Test("is differs for fixes beyond the requested ones, each of which explains its cases")
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

  @Test("recognises half of a fix, and does not call that half a defect")
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

  @Test("counts a function's direct calls, and attributes its differences to an inner function")
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

@Suite("Differences of the same kind")
struct DifferenceGroupTests {
  @Test("form one group per function, mode and kind") func kinds() {
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

  @Test("start with a direct call, then the smallest case, then the first") func smallest() {
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
