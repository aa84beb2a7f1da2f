// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// Devices that supply the pages of their memmap.
  mutating func addDeviceLifeCycles() {
    let start = Memory.onSection
    addLife(
      "memmap-on-memory",
      "A block holds its memmap in its first 2 MiB, and is added and removed twice."
    ) {
      let altmap = $0.altmap(device: start, size: Memory.section, free: 0x200)
      for _ in 0..<2 {
        $0.add(start, Memory.section, altmap: altmap)
        $0.removeMemory(start, Memory.section, altmap: altmap)
      }
    }
    // As in running kernels: the driver's own pages come first, and the memmap begins after 2 MiB.
    let pmem: UInt64 = 0x1_1000_0000
    addLife(
      "pmem", "A device of 512 MiB keeps two pages and holds its memmap behind them.", at: pmem
    ) {
      let size = 4 * Memory.section
      let altmap = $0.altmap(device: pmem, size: size, reserve: 2, free: 0x9fe)
      $0.add(pmem, size, altmap: altmap, pgmap: 1)
      $0.removeMemory(pmem, size, altmap: altmap, pgmap: 1)
    }
    addLife(
      "altmap-absent",
      "A memmap in the device is freed as if it were RAM: no altmap is given (H10)."
    ) {
      let altmap = $0.altmap(device: start, size: Memory.section, free: 0x200)
      $0.add(start, Memory.section, altmap: altmap)
      $0.removeMemory(start, Memory.section)
    }
    addLife("altmap-not-its-own", "A memmap of RAM is counted back to the device (H10).") {
      let altmap = $0.altmap(device: start, size: Memory.section, free: 0x200)
      $0.add(start, Memory.section)
      $0.removeMemory(start, Memory.section, altmap: altmap)
    }
    addLife("altmap-elsewhere", "An altmap that begins elsewhere is refused.") {
      let altmap = $0.altmap(
        device: start + Memory.section, size: Memory.section, free: 0x200)
      $0.add(start, Memory.section, altmap: altmap)
    }
    addLife("altmap-too-large", "An altmap of more pages than the add is refused.") {
      let altmap = $0.altmap(device: start, size: Memory.section, free: 0x201)
      $0.add(start, 0x20_0000, altmap: altmap)
    }
    addLife("altmap-without-room", "A device without room for its first leaf cannot be added.") {
      let altmap = $0.altmap(device: start, size: Memory.section, free: 0x1ff)
      $0.add(start, Memory.section, altmap: altmap)
    }
  }

  /// Adds that fail at their second section: the work on the first section stays (hazard H11).
  mutating func addHalfWayFailures() {
    let start = Memory.onSection
    add(
      "hazard/h11-no-room-for-the-second-section",
      "A device has room for the memmap of one section of two: -ENOMEM, and the first one's stays."
    ) {
      $0.live(at: start)
      // The neighbour ensures that no table is freed.
      $0.mapLinear(
        physical: start - Memory.section, size: Memory.section, leaf: .pmd,
        protection: Bits.kernel)
      let altmap = $0.altmap(device: start, size: 2 * Memory.section, free: 0x200)
      $0.add(start, 2 * Memory.section, altmap: altmap)
    }
    addLife("altmap-too-small", "Of four sections two find room in the device, and stay.") {
      let altmap = $0.altmap(device: start, size: 4 * Memory.section, reserve: 2, free: 0x7fe)
      $0.add(start, 4 * Memory.section, altmap: altmap)
    }
    addLife("altmap-too-small-and-again", "Sections that stayed are in the way of a second try.") {
      let altmap = $0.altmap(device: start, size: 2 * Memory.section, free: 0x200)
      $0.add(start, 2 * Memory.section, altmap: altmap)
      $0.add(start, 2 * Memory.section, altmap: altmap)
    }
    addLife(
      "eexist-half-way", "The second of two sections remains from an earlier add: -EEXIST half-way."
    ) {
      $0.map(.vmemmap, .pmd, at: $0.memmap(of: start + Memory.section))
      $0.sections = [Scenario.Section(number: start / Memory.section + 1)]
      $0.add(start, 2 * Memory.section)
    }
  }

  /// Memory runs out at every allocation of a life cycle, permanently or once. The tables below the root
  /// exist; each add allocates all others, and a block for each of two sections.
  mutating func addShortages() {
    let start = mode.isL4Enabled ? Memory.far : Memory.onSection
    // On Sv39 the tables below the root hold the leaves.
    let each = 2 * (UInt32(mode.levelCount) - 3) + 2
    for count in 0...(2 * each) {
      addLife(
        "memory-for-\(count)",
        "Two sections are added, removed and added again, with memory for \(count) pages.",
        at: start
      ) {
        $0.injected.allocationBudget = count
        $0.addRemoveAdd(start + Memory.section, 2 * Memory.section)
      }
    }
    for number in 1...(2 * each) {
      addLife(
        "allocation-\(number)-fails",
        "Two sections are added, removed and added again, and allocation \(number) fails.",
        at: start
      ) {
        $0.injected.failingAllocation = number
        $0.addRemoveAdd(start + Memory.section, 2 * Memory.section)
      }
    }
  }
}

extension ScenarioBuilder {
  fileprivate mutating func addRemoveAdd(_ start: UInt64, _ size: UInt64) {
    add(start, size)
    removeMemory(start, size)
    add(start, size)
  }
}
