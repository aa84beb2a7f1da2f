// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

/// Applies the rules to memory that is added and removed with a live core.
@Suite("Life cycles of memory")
struct LifeCycleRuleTests {
  private let port = HotplugPort(fixes: .latest)

  /// The hazards that show in a case, except for H8, which shows in every call that frees a page.
  static let hazards: [HazardCase] = [
    HazardCase("lifecycle/add-a-section", []),
    HazardCase("lifecycle/add-remove-a-section", []),
    HazardCase("lifecycle/add-remove-add-over-a-boundary", [.h1]),
    HazardCase("lifecycle/neighbours-in-a-section", [.h1]),
    HazardCase("lifecycle/neighbours-together", [.h1, .h3]),
    HazardCase("lifecycle/below-the-top", [.h3]),
    HazardCase("lifecycle/memmap-on-memory", []),
    HazardCase("lifecycle/pmem", [], modes: ["sv48", "sv57"]),
    HazardCase("lifecycle/altmap-absent", [.h10]),
    HazardCase("lifecycle/altmap-not-its-own", [.h10]),
    HazardCase("lifecycle/altmap-too-small", [.h11]),
    HazardCase("lifecycle/eexist-half-way", [.h11]),
    HazardCase("lifecycle/boot-memory-in-mid-section", []),
    HazardCase("lifecycle/boot-memory-goes", []),
    HazardCase("lifecycle/altmap-elsewhere", []),
    HazardCase("lifecycle/dax-a-section", [.h2]),
    HazardCase("lifecycle/dax-two-sections", [.h2]),
    HazardCase("lifecycle/dax-again", [.h2]),
    HazardCase("lifecycle/dax-half-a-section", [.h2]),
    HazardCase("lifecycle/dax-neighbours", [.h2]),
    HazardCase("lifecycle/dax-shift-7", []),
    HazardCase("lifecycle/dax-shift-8", [.h2]),
    HazardCase("lifecycle/dax-shift-16", [.h2]),
    HazardCase("lifecycle/dax-part-of-a-compound", [.h2]),
    HazardCase("lifecycle/dax-second-pgmap", [.h2]),
    HazardCase("lifecycle/dax-altmap", []),
    HazardCase("lifecycle/dax-table-fails", []),
    HazardCase("lifecycle/dax-head-fails", [.h2]),
    HazardCase("lifecycle/dax-tail-fails", [.h2]),
    HazardCase("lifecycle/dax-middle-fails", [.h2]),
    HazardCase("lifecycle/dax-second-section-fails", [.h11]),
  ]

  @Test("show their hazards and nothing else", arguments: hazards)
  func shows(_ hazard: HazardCase) throws {
    for mode in Architecture.riscv.modes where hazard.modes.contains(mode.name) {
      let scenario = try #require(
        Catalogue.scenarios(mode: mode).first { $0.id == hazard.id })
      let found = try port.violations(scenario)
      let text = found.map { "\(mode.name): \($0.rule.rawValue), \($0.sentence)" }
      #expect(Set(found.compactMap(\.hazard)).subtracting([.h8]) == hazard.hazards, "\(text)")
      #expect(!found.contains { $0.hazard == nil }, "\(text)")
    }
  }

  @Test("name the level of each table that a failed add makes and frees")
  func levels() throws {
    let freed: [String: [Level]] = [
      "sv39": [.pte], "sv48": [.pte, .pmd], "sv57": [.pte, .pmd, .pud],
    ]
    for mode in Architecture.riscv.modes {
      let scenario = try #require(
        Catalogue.scenarios(mode: mode).first { $0.id == "lifecycle/dax-head-fails" })
      let found = try port.violations(scenario).filter { $0.rule == .freedWhileLinked }
      let levels = found.map { violation -> Level? in
        guard case .table(_, let level) = violation.evidence else { return nil }
        return level
      }
      #expect(levels == freed[mode.name]?.map(Optional.some), "\(mode.name)")
    }
  }

  @Test("without enough memory show only listed hazards, H5 and H11 among them")
  func shortages() throws {
    for mode in Architecture.riscv.modes {
      var shown: Set<Hazard.ID> = []
      for scenario in Catalogue.scenarios(mode: mode)
      where scenario.id.hasPrefix("lifecycle/memory-for-")
        || scenario.id.hasPrefix("lifecycle/allocation-")
      {
        for violation in try port.violations(scenario) {
          #expect(violation.hazard != nil, "\(mode.name), \(scenario.id): \(violation.sentence)")
          if let hazard = violation.hazard { shown.insert(hazard) }
        }
      }
      #expect(shown.contains(.h11), "\(mode.name)")
      #expect(shown.contains(.h5) == mode.isL4Enabled, "\(mode.name)")
    }
  }

  @Test(
    "of whole sections show only H3 and H8, whatever their order",
    arguments: Architecture.riscv.modes)
  func balance(mode: PagingMode) throws {
    for seed in 0..<12 as Range<UInt64> {
      var cycle = RandomLifeCycle(
        mode: mode, random: SplitMix64(numbers: [seed, 0xb00c]), manner: .balanced)
      let scenario = cycle.scenario(id: "life/\(seed)", operations: 40, removesAll: true)
      for violation in try port.violations(scenario) {
        #expect(
          violation.hazard == .h3 || violation.hazard == .h8,
          "\(mode.name), \(seed): \(violation.rule.rawValue), \(violation.sentence)")
      }
    }
  }

  @Test("show no unlisted hazard in random cases, unless existing memory is added again")
  func random() throws {
    for mode in Architecture.riscv.modes {
      for seed in 0..<60 as Range<UInt64> {
        var cycle = RandomLifeCycle(mode: mode, random: SplitMix64(numbers: [seed, 0x11fe]))
        let scenario = cycle.scenario(id: "life/\(seed)", operations: 8)
        for violation in try port.violations(scenario) where violation.hazard == nil {
          #expect(
            violation.function == .archAddMemory
              && [.outsideChanged, .addUnmapped, .walkedOutside].contains(violation.rule),
            "\(mode.name), \(seed): \(violation.rule.rawValue), \(violation.sentence)")
        }
      }
    }
  }

  static let wrongDoings: [WrongDoing] = ownMemmaps + sharedMemmaps

  private static let ownMemmaps: [WrongDoing] = [
    WrongDoing(
      .translationRemains, "leaves the memmap of a section that is gone", also: [.roundTrip],
      build: {
        $0.live(at: $0.layout.home)
        $0.add($0.layout.home, Memory.section)
        $0.removeMemory($0.layout.home, Memory.section)
      },
      bend: { deeds in
        // As after the add: the leaf, and the tables on the way to it.
        let added = MachineState(deeds.observations[0], layout: deeds.layout)
        deeds.drop(.free) { $0.b == 9 }
        var table = memmapLeaf(deeds).table
        while table != 0 {
          deeds.dropClears(of: table)
          let pfn = deeds.pfn(table)
          deeds.drop(.free) { $0.a == pfn }
          deeds.last.tables[table] = deeds.observations[0].tables[table]
          deeds.last.lives[table] = deeds.observations[0].lives[table]
          table = added.translations.links[table].first?.table ?? 0
        }
      },
      shows: { deeds in
        .leaf(
          address: deeds.layout.memmap, level: .pmd,
          pfn: Bits.riscv.pfn(of: memmapLeaf(deeds).word),
          isPartial: false)
      }),
    WrongDoing(
      .backingLeaked, "keeps the memory behind the memmap of a section that is gone",
      build: {
        $0.live(at: $0.layout.home)
        $0.add($0.layout.home, Memory.section)
        $0.removeMemory($0.layout.home, Memory.section)
      },
      bend: { $0.drop(.free) { $0.b == 9 } },
      shows: { deeds in
        .pages(pfn: Bits.riscv.pfn(of: memmapLeaf(deeds).word), count: 0x200)
      }),
    WrongDoing(
      .addUnmapped, "adds a section without a memmap",
      // Nothing maps its block then, so the block leaks.
      also: [.backingLeaked],
      build: {
        $0.live(at: $0.layout.home)
        $0.add($0.layout.home, Memory.section)
      },
      bend: { deeds in
        let (table, slot, _) = memmapLeaf(deeds)
        deeds.set(table, slot, to: 0)
      },
      shows: { .unmapped(address: $0.layout.memmap) }),
    WrongDoing(
      .coreCall, "says that memory came which did not",
      // A successful add must provide everything that was requested.
      also: [.addUnmapped, .maxPFN],
      build: {
        $0.live(at: $0.layout.home)
        $0.add($0.layout.home, 0x1000)
      },
      bend: { $0.change(.returned) { $0.b = 0 } },
      shows: { _ in .call("__add_pages did not add the memory, but the call returns 0") }),
  ]

  /// An add and a removal of 2 MiB of a device whose memmap has a head and a tail; seven entries map the
  /// tail.
  private static let sharedMemmaps: [WrongDoing] = [
    WrongDoing(
      .freedTwice, "frees a page of the memmap once more than entries show it",
      build: sharing,
      bend: { deeds in
        deeds.insert([Event(.free, a: tail(deeds))], before: .destruct)
      },
      shows: { .pages(pfn: tail($0), count: 1) }),
    WrongDoing(
      .backingLeaked, "frees a page of the memmap once less than entries show it",
      build: sharing,
      bend: { $0.drop(.putPage) { $0.c == 3 } },
      shows: { .pages(pfn: tail($0), count: 1) }),
    WrongDoing(
      .backingLeaked, "holds a page of the memmap that no entry shows any more",
      // This page did not exist before.
      also: [.roundTrip], build: sharing,
      bend: { deeds in
        let pfn = tail(deeds)
        deeds.change(.free) {
          if $0.a == pfn { $0 = Event(.putPage, a: pfn, c: 1) }
        }
        if let table = Pool.table(ofPFN: pfn, in: deeds.layout) {
          deeds.last.lives[table].live = 1
        }
      },
      shows: { .pages(pfn: tail($0), count: 1) }),
    WrongDoing(
      .freedWhileLinked, "gives up a page of the memmap before the entry that shows it goes",
      build: sharing,
      // Upstream's text frees the PTE table while it is still linked (hazard H8).
      mend: { $0.change(.free) { $0.detail = 0 } },
      bend: { deeds in
        let early = deeds.drop(.putPage) { $0.c == 6 }
        deeds.insert(early, before: .clear)
      },
      shows: { .pages(pfn: tail($0), count: 1) }),
  ]

  private static let sharing: @Sendable (inout ScenarioBuilder) -> Void = {
    $0.live(at: $0.layout.home)
    $0.pgmaps = [Scenario.Pgmap(vmemmapShift: 9)]
    $0.add($0.layout.home, 0x20_0000, pgmap: 1)
    $0.removeMemory($0.layout.home, 0x20_0000, pgmap: 1)
  }

  /// The page that seven entries map.
  private static func tail(_ deeds: Deeds) -> UInt64 {
    deeds.observations[0].events.first { $0.kind == EventKind.getPage.rawValue }?.a ?? 0
  }

  /// The leaf of the memmap at home after the first call.
  private static func memmapLeaf(_ deeds: Deeds) -> (table: Int, slot: Int, word: UInt64) {
    let state = MachineState(deeds.observations[0], layout: deeds.layout)
    let leaf = state.translations.leaves.first { $0.address == deeds.layout.memmap }
    return (leaf?.table ?? 0, leaf?.slot ?? 0, leaf?.word ?? 0)
  }

  @Test("reveal a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }
}
