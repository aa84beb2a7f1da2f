// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

private let modes = Architecture.riscv.modes

@Suite("The memory of random cases")
struct RandomLayoutTests {
  private static let gib: UInt64 = 1 << 30

  private func plans(_ mode: PagingMode, count: UInt64 = 600) -> [MemoryPlan] {
    (0..<count).map { seed in
      var random = SplitMix64(seed: seed)
      return MemoryPlan(layout: AddressLayout(mode: mode), random: &random)
    }
  }

  @Test("has separate regions in the linear map, of whole pages or sections", arguments: modes)
  func sound(mode: PagingMode) {
    let layout = AddressLayout(mode: mode)
    for (number, plan) in plans(mode).enumerated() {
      let regions = plan.regions.sorted { $0.start < $1.start }
      #expect(regions.first?.kind == .boot && regions.first?.start == layout.ramBase, "\(number)")
      for (one, next) in zip(regions, regions.dropFirst()) {
        #expect(one.end <= next.start, "plan \(number)")
      }
      for region in regions {
        #expect(region.size > 0 && region.end <= layout.ramBase + layout.kernVirtSize)
        #expect((region.start | region.size) % AddressLayout.pageSize == 0, "plan \(number)")
        guard region.kind == .dimm else { continue }
        #expect((region.start | region.size) % MemoryRegion.section == 0, "plan \(number)")
      }
      #expect(regions.count { $0.kind == .dimm } <= 3)
      #expect(regions.count { $0.kind == .device } <= 1)
    }
  }

  @Test("begins and ends on, off and across the boundaries of tables", arguments: modes)
  func places(mode: PagingMode) {
    let layout = AddressLayout(mode: mode)
    let regions = plans(mode).map(\.regions)
    let added = regions.flatMap { $0.dropFirst() }
    #expect(added.contains { $0.start % Self.gib == 0 }, "on a GiB")
    #expect(added.contains { $0.start % Self.gib != 0 }, "off a GiB")
    #expect(added.contains { $0.start / Self.gib != ($0.end - 1) / Self.gib }, "across a GiB")
    #expect(added.contains { $0.start % MemoryRegion.section != 0 }, "in mid-section")
    #expect(added.contains { $0.start % MemoryRegion.subsection != 0 }, "in mid-sub-section")
    #expect(added.contains { $0.end == layout.ramBase + layout.kernVirtSize }, "at the end")
    let isNeighbour = regions.contains { list in
      list.contains { one in list.contains { $0.start == one.end } }
    }
    #expect(isNeighbour, "next to another")
    let rootSlots = { (region: MemoryRegion) in
      [region.start, region.end - 1].map {
        layout.index(of: layout.virtual(ofPhysical: $0), at: .pgd)
      }
    }
    #expect(added.contains { rootSlots($0)[0] != rootSlots($0)[1] }, "in two root slots")
    #expect(regions.contains { $0.count == 1 }, "boot memory alone")
    #expect(regions.contains { $0.count == 5 }, "three DIMMs and a device")
  }

  @Test("has every element of realistic and hostile states", arguments: modes)
  func ingredients(mode: PagingMode) {
    let campaign = RandomCampaign(mode: mode, seed: 8)
    let cases = (0..<1000 as Range<UInt64>).map(campaign.scenario)
    let tables = cases.flatMap { $0.tables.dropFirst() }
    for level in mode.levels where level != .pgd {
      let own = tables.filter { $0.level == level }
      for owner in [PageOwner.allocator, .reserved] {
        #expect(own.contains { $0.owner == owner }, "a \(level.name) table, \(owner)")
      }
      #expect(own.contains { $0.isConstructed } || level > .pmd, "\(level.name), constructed")
      #expect(own.contains { !$0.isConstructed }, "\(level.name), not constructed")
      #expect(own.contains { $0.entries.isEmpty }, "an empty \(level.name) table")
      #expect(own.contains { $0.entries.contains { $0.slot + $0.count == 512 } }, "slot 511")
      let isFull = own.contains { $0.entries.reduce(0) { $0 + $1.count } == 512 }
      #expect(isFull || level > .pmd, "a full \(level.name) table")
      let hasWord = own.contains {
        $0.entries.contains { if case .raw = $0.value { true } else { false } }
      }
      #expect(hasWord || level > .pud, "an odd word in a \(level.name) table")
    }
    let owners = Set(cases.flatMap(\.frames).map(\.owner))
    #expect(owners.isSuperset(of: [.reserved, .altmap]))
    let altmaps = cases.flatMap(\.altmaps)
    #expect(altmaps.contains { $0.reserve > 0 } && altmaps.contains { $0.align > 0 })
    #expect(cases.contains { $0.globals.isDebugPagealloc })
    #expect(cases.contains { $0.globals.isUniprocessor })
    #expect(cases.contains { !$0.globals.isUniprocessor })
    #expect(Set(cases.map(\.injected.addPagesResult)) == [0, -12, -17, -22])
    #expect(cases.contains { $0.injected.allocationBudget != nil })
    let calls = cases.flatMap(\.operations)
    let layout = AddressLayout(mode: mode)
    #expect(calls.contains { $0.end == layout.vmemmapEnd }, "the last pages of the memmap")
    #expect(calls.contains { $0.altmap != nil && $0.pgmap != nil }, "altmap and pgmap")
  }
}
