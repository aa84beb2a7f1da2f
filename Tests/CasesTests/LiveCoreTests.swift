// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

@Suite("A scenario with a live core")
struct LiveCoreTests {
  private func scenario(_ change: (inout Scenario) -> Void = { _ in }) throws -> Scenario {
    let mode = try #require(Architecture.riscv.mode(named: "sv48"))
    var scenario = try #require(
      Catalogue.scenarios(mode: mode).first { $0.id == "lifecycle/boot-memory-in-mid-section" })
    change(&scenario)
    return scenario
  }

  @Test("keeps its sections and its core when it is lowered, and in its JSON")
  func roundTrip() throws {
    let scenario = try scenario()
    let image = try scenario.lowered()
    #expect(image.hasLiveCore)
    // 0x80000000 / 128 MiB; the memory ends in the middle of the second section.
    #expect(
      image.sections == [
        SectionState(number: 16, isEarly: true),
        SectionState(number: 17, subsections: 0xffff_ffff, isEarly: true),
      ])
    #expect(try Scenario(jsonText: scenario.jsonText()) == scenario)
    #expect(scenario.functionsCalled == [.archAddMemory, .archRemoveMemory, .vmemmapFree])
  }

  private func fault(_ change: (inout Scenario) -> Void) throws -> String? {
    let scenario = try scenario(change)
    return #expect(throws: ScenarioError.self) { try scenario.lowered() }?.description
  }

  @Test("is refused with one line if it makes no sense")
  func refusals() throws {
    #expect(try fault { $0.core = .recorded } == "sections: only a live core has sections")
    #expect(
      try fault { $0.sections.swapAt(0, 1) } == "sections[1].number: not sorted, or a duplicate")
    #expect(
      try fault { $0.sections[1].subsections = 0 }
        == "sections[1].subsections: no sub-section is present")
    #expect(
      try fault { $0.sections[0].number = 15 }
        == "sections[0].number: the linear map does not reach it")
    #expect(
      try fault { $0.operations[1].size = 0x800 }
        == "operations[1].size: less than a page, which a live core does not support")
    #expect(
      try fault { $0.operations[0].start = 0x7fff_f000 }
        == "operations[0].start: the linear map does not reach all of it")
    // 96 GiB above the start of RAM.
    #expect(
      try fault { $0.operations[0].start = 0x18_8000_0000 }
        == "operations[0]: overlaps the pages that blocks are allocated from")
    #expect(
      try fault {
        $0.operations[0].start = 0x90_0000_0000
        $0.operations[0].size = 1 << 41
      } == "operations[0].size: more than 16384 sections in all calls together")
  }

  @Test("counts as larger than one with a recording core, and than one with fewer sections")
  func order() throws {
    let whole = try scenario()
    let fewer = try scenario { $0.sections.removeLast() }
    let recorded = try scenario {
      $0.sections = []
      $0.core = .recorded
    }
    #expect(fewer.complexity < whole.complexity)
    #expect(recorded.complexity < fewer.complexity)
  }

  @Test("makes up a tenth of the random cases", arguments: Architecture.riscv.modes)
  func share(mode: PagingMode) {
    let campaign = RandomCampaign(mode: mode, seed: 3)
    let count = (0..<1000 as Range<UInt64>).count { campaign.scenario($0).core == .live }
    #expect((70...130).contains(count), "\(count)")
  }

  @Test("sometimes has a device with a shared memmap, added and removed as a whole")
  func devices() throws {
    let campaign = RandomCampaign(mode: try #require(Architecture.riscv.modes.last), seed: 3)
    let sharing = (0..<4000 as Range<UInt64>).map(campaign.scenario).filter { !$0.pgmaps.isEmpty }
    #expect((5...80).contains(sharing.count), "\(sharing.count)")
    for scenario in sharing {
      #expect(scenario.pgmaps.map(\.vmemmapShift) == [0, 9], "\(scenario.id)")
      let calls = scenario.operations.filter { $0.pgmap == 2 }
      #expect(calls.contains { $0.function == .archAddMemory }, "\(scenario.id)")
      for call in calls {
        #expect((call.start ?? 1) % Memory.section == 0, "\(scenario.id)")
        #expect((call.size ?? 1) % Memory.section == 0, "\(scenario.id)")
      }
    }
  }

  @Test("keeps its pgmaps in its JSON; a pgmap without a shift has single pages")
  func pgmaps() throws {
    let scenario = try scenario {
      $0.pgmaps = [Scenario.Pgmap(), Scenario.Pgmap(vmemmapShift: 9)]
    }
    #expect(try scenario.lowered().pgmaps == [0, 9].map { PgmapState(vmemmapShift: $0) })
    let text = scenario.jsonText()
    #expect(text.contains(#""vmemmapShift": 9"#))
    #expect(!text.contains(#""vmemmapShift": 0"#))
    #expect(try Scenario(jsonText: text) == scenario)
    let before = try self.scenario()
    #expect(!before.jsonText().contains("pgmaps"))
    #expect(before.complexity < scenario.complexity)
  }
}
