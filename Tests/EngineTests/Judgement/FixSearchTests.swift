// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Port

@Suite("The search for the upstream state that a subject matches")
struct FixSearchTests {
  private let destructor = UpstreamFixes.noVmemmapPmdDestructor
  private let folded = UpstreamFixes.foldedEntryIsBase

  @Test("chooses the requested set if every set agrees", arguments: UpstreamFixes.allSets)
  func ties(against: UpstreamFixes) {
    let search = FixSearch(findings: [SampleFindings.finding(0)], against: against)
    #expect(search.nearest == against)
    #expect(search.isFaithful)
    #expect(search.missing.isEmpty && search.beyond.isEmpty)
  }

  @Test("chooses the set that differs in the fewest cases") func fewest() {
    let search = FixSearch(
      findings: [
        SampleFindings.finding(0, agreesWith: [destructor]),
        SampleFindings.finding(1, agreesWith: [destructor, .latest]),
        SampleFindings.finding(2, agreesWith: []),
      ], against: .latest)
    #expect(search.nearest == destructor)
    #expect(search.differingCases == 1)
    #expect(search.missing == [folded])
  }

  @Test("chooses the set with fewer missing fixes if two differ equally often")
  func fewerMissing() {
    let finding = SampleFindings.finding(0, agreesWith: [destructor, .asMerged])
    #expect(FixSearch(findings: [finding], against: .latest).nearest == destructor)
  }

  @Test("names the fixes that a subject has beyond the requested ones") func beyond() {
    let search = FixSearch(
      findings: [SampleFindings.finding(0, agreesWith: [.latest])], against: .asMerged)
    #expect(search.beyond == [destructor, folded])
    #expect(search.missing.isEmpty)
  }

  @Test("does not call a fix missing that no case shows, and says that it is unseen")
  func unseen() {
    let findings = [SampleFindings.finding(0, mode: "sv57", agreesWith: [destructor, .latest])]
    let search = FixSearch(findings: findings, against: .latest)
    #expect(search.missing.isEmpty)
    #expect(search.unseen == [folded])
  }
}
