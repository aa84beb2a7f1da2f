// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Port

@Suite("The search for the state of upstream a subject is faithful to")
struct FixSearchTests {
  private let destructor = UpstreamFixes.noVmemmapPmdDestructor
  private let folded = UpstreamFixes.foldedEntryIsBase

  @Test("takes the set asked for when every set agrees", arguments: UpstreamFixes.allSets)
  func ties(against: UpstreamFixes) {
    let search = FixSearch(findings: [SampleFindings.finding(0)], against: against)
    #expect(search.nearest == against)
    #expect(search.isFaithful)
    #expect(search.missing.isEmpty && search.beyond.isEmpty)
  }

  @Test("takes the set that differs in the fewest cases") func fewest() {
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

  @Test("of sets that differ equally often takes the one with fewer fixes missing")
  func fewerMissing() {
    let finding = SampleFindings.finding(0, agreesWith: [destructor, .asMerged])
    #expect(FixSearch(findings: [finding], against: .latest).nearest == destructor)
  }

  @Test("names what a subject has beyond what was asked for") func beyond() {
    let search = FixSearch(
      findings: [SampleFindings.finding(0, agreesWith: [.latest])], against: .asMerged)
    #expect(search.beyond == [destructor, folded])
    #expect(search.missing.isEmpty)
  }

  @Test("does not count a fix as missing that no case shows, and says that it is unseen")
  func unseen() {
    let findings = [SampleFindings.finding(0, mode: "sv57", agreesWith: [destructor, .latest])]
    let search = FixSearch(findings: findings, against: .latest)
    #expect(search.missing.isEmpty)
    #expect(search.unseen == [folded])
  }
}
