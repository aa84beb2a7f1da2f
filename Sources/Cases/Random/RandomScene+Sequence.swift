// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Sequences of operations. They plug and unplug memory as the kernel's core does, whole or in parts, with a
/// stray operation in between.
extension RandomScene {
  static let mostOperations = 8

  mutating func drawOperations() {
    if random.percent(9) { injected.addPagesResult = random.one(of: -12, -17, -22) }
    drawShortage()
    let wanted = random.percent(20) ? 1 : random.within(2...Self.mostOperations)
    // Calls of inner functions come first, because later calls may free their tables.
    if random.percent(55) {
      drawDirectCall()
      if wanted > 1, random.percent(50) { drawDirectCall() }
    }
    if operations.count < wanted, random.percent(25) { drawDirectCreation() }
    if random.percent(10), operations.count < wanted { askForRange() }
    var tries = 0
    while operations.count < wanted, tries < 2 * Self.mostOperations {
      tries += 1
      let room = wanted - operations.count
      if random.percent(22) { drawCreation(room: room) } else { draw(room: room) }
    }
    if operations.isEmpty { askForRange() }
  }

  /// Draws one operation, or a few that belong together.
  private mutating func draw(room: Int) {
    // A running kernel never removes boot memory, but removable memory shares its tables.
    let candidates = regions.count > 1 && random.percent(88) ? Array(regions.dropFirst()) : regions
    guard let region = random.pick(candidates) else { return }
    let isThere = linear.holdsAny(from: region.start, to: region.end)
    switch random.below(20) {
    case 0...6 where !isThere && region.kind != .boot:
      guard add(whole(region), altmap: region.altmap), room > 2, random.percent(60) else { return }
      unplug(whole(region), altmap: region.altmap)
    case 0...8:
      guard room > 1 else { return removeLinear(part(of: region), altmap: region.altmap) }
      unplug(random.percent(60) ? whole(region) : part(of: region), altmap: region.altmap)
    case 9...10 where region.size >= 2 * MemoryRegion.section && room > 3:
      for index in 0..<min(region.size / MemoryRegion.section, UInt64(room / 2)) {
        let start = region.start + index * MemoryRegion.section
        let part = RegionPart(
          start: start, end: start + MemoryRegion.section,
          name: "section \(index) of \(region.name)")
        unplug(part, altmap: region.altmap)
      }
    case 9...12: freeMemmap(part(of: region), altmap: region.altmap)
    case 13...14:
      // Twice: the second call must find nothing.
      let part = part(of: region)
      removeLinear(part, altmap: region.altmap)
      if room > 1, random.percent(40) { removeLinear(part, altmap: region.altmap) }
    case 15...16:
      // Remove it and add it again.
      let part = part(of: region)
      guard room > 1, part.end > part.start else { return }
      removeLinear(part, altmap: region.altmap)
      _ = add(part, altmap: region.altmap)
    case 17...18: _ = add(part(of: region), altmap: region.altmap)
    default: removeLinear(part(of: region), altmap: region.altmap)
    }
  }

  /// Frees the memmap, then the linear map, in the order of `arch_remove_memory`.
  private mutating func unplug(_ part: RegionPart, altmap: Int?) {
    freeMemmap(part, altmap: altmap)
    removeLinear(part, altmap: altmap)
  }
}
