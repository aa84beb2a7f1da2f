// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Sequences of operations: plugging and unplugging as the kernel's core does, in whole and in
/// parts, with a stray operation between them.
extension RandomScene {
  /// The most operations of a random case.
  static let mostOperations = 8

  /// Draws all operations.
  mutating func drawOperations() {
    if random.percent(9) { injected.addPagesResult = random.one(of: -12, -17, -22) }
    drawShortage()
    let wanted = random.percent(20) ? 1 : random.within(2...Self.mostOperations)
    // Functions of the inside first: later their tables may have gone.
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

  /// Draws one operation or a few that belong together.
  private mutating func draw(room: Int) {
    // Boot memory is never removed by a running kernel; its tables are shared with what is.
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
      // Twice: the second must find nothing.
      let part = part(of: region)
      removeLinear(part, altmap: region.altmap)
      if room > 1, random.percent(40) { removeLinear(part, altmap: region.altmap) }
    case 15...16:
      // Away and back again.
      let part = part(of: region)
      guard room > 1, part.end > part.start else { return }
      removeLinear(part, altmap: region.altmap)
      _ = add(part, altmap: region.altmap)
    case 17...18: _ = add(part(of: region), altmap: region.altmap)
    default: removeLinear(part(of: region), altmap: region.altmap)
    }
  }

  /// The memmap goes, then the linear map, as `arch_remove_memory` has it done.
  private mutating func unplug(_ part: RegionPart, altmap: Int?) {
    freeMemmap(part, altmap: altmap)
    removeLinear(part, altmap: altmap)
  }
}
