// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The part of a region that an operation is about. Addresses are physical.
struct RegionPart {
  let start: UInt64
  let end: UInt64
  /// The name in a purpose, e.g. "the first half of DIMM 1".
  let name: String
}

/// Single operations, and the records of their effects.
extension RandomScene {
  /// Draws a part of a region, or somewhat more than the region.
  mutating func part(of region: MemoryRegion) -> RegionPart {
    let name = region.name
    let page = AddressLayout.pageSize
    func part(_ start: UInt64, _ size: UInt64, _ what: String) -> RegionPart {
      RegionPart(start: start, end: start + size, name: "\(what) \(name)")
    }
    let sections = max(region.size / MemoryRegion.section, 1)
    let chunks = max(region.size / MemoryRegion.subsection, 1)
    let section = min(MemoryRegion.section, region.size)
    let chunk = min(MemoryRegion.subsection, region.size)
    switch random.below(19) {
    case 0...6: return whole(region)
    case 7...8: return part(region.start, region.size / 2 & ~(page - 1), "the first half of")
    case 9...10:
      let half = region.size / 2 & ~(page - 1)
      return part(region.start + half, region.size - half, "the second half of")
    case 11...13:
      return part(region.start + random.below(sections) * section, section, "a section of")
    case 14: return part(region.end - section, section, "the last section of")
    case 15:
      return part(region.start + random.below(chunks) * chunk, chunk, "a sub-section of")
    case 16...17:
      let pages = region.size / page
      let first = random.below(pages)
      let count = 1 + random.below(min(pages - first, 1024))
      return part(region.start + first * page, count * page, "some pages of")
    default:
      let less = min(random.below(3) * section, region.start - layout.ramBase)
      let more = min(random.below(3) * section, layout.ramBase + layout.kernVirtSize - region.end)
      return part(region.start - less, region.size + less + more, "more than")
    }
  }

  /// The whole region as a part.
  func whole(_ region: MemoryRegion) -> RegionPart {
    RegionPart(start: region.start, end: region.end, name: region.name)
  }

  /// Adds a part, unless a larger leaf is in the way. With debug_pagealloc it adds only the start of the
  /// part, because an add then maps single pages.
  mutating func add(_ part: RegionPart, altmap: Int?) -> Bool {
    var end = part.end
    if globals.isDebugPagealloc { end = min(end, part.start + Self.mostByPages) }
    guard linear.canMap(from: part.start, to: end) else { return false }
    let bits = Architecture.riscv.entryBits
    var call = Scenario.Call(.archAddMemory)
    call.start = part.start
    call.size = end - part.start
    call.protection = random.weighted(
      (80, bits.kernel), (7, Bits.readOnly), (7, Bits.noCache), (6, Bits.notGlobal))
    if random.percent(30) { call.node = Int32(random.within(0...4 as ClosedRange<Int>)) - 1 }
    call.altmap = altmap
    if altmap != nil { call.pgmap = random.within(1...Scenario.maximumPgmaps) }
    operations.append(call)
    linear.map(linear.runs(from: part.start, to: end, byPages: globals.isDebugPagealloc))
    if injected.addPagesResult != 0 { linear.unmap(from: part.start, to: end) }
    note(injected.addPagesResult == 0 ? "add of" : "failing add of", part)
    return true
  }

  /// Removes a part from the linear map, through one of three functions.
  mutating func removeLinear(_ part: RegionPart, altmap: Int?) {
    var call: Scenario.Call
    switch random.below(20) {
    case 0...10:
      call = Scenario.Call(.archRemoveMemory)
      call.start = part.start
      call.size = part.end - part.start
      call.altmap = altmap
      if altmap != nil, random.percent(80) {
        call.pgmap = random.within(1...Scenario.maximumPgmaps)
      }
    case 11...16:
      call = Scenario.Call(.removeLinearMapping)
      call.start = part.start
      call.size = part.end - part.start
    default:
      call = Scenario.Call(.removePgdMapping)
      call.start = layout.virtual(ofPhysical: part.start)
      call.end = layout.virtual(ofPhysical: part.end)
    }
    operations.append(call)
    linear.unmap(from: part.start, to: part.end)
    note("removal of", part)
  }

  /// Frees the memmap of a part, mostly with the altmap that supplied it.
  mutating func freeMemmap(_ part: RegionPart, altmap: Int?) {
    let range = memmap(from: part.start, to: part.end)
    var call: Scenario.Call
    if random.percent(82) {
      call = Scenario.Call(.vmemmapFree)
    } else {
      call = Scenario.Call(.removePgdMapping)
      call.isVmemmap = true
    }
    call.start = range.lowerBound
    call.end = range.upperBound
    call.altmap = altmap
    let others = altmaps.indices.map { $0 + 1 }.filter { $0 != altmap }
    if random.percent(9) { call.altmap = random.percent(50) ? nil : random.pick(others) }
    operations.append(call)
    let isOther = call.altmap != altmap
    note(isOther ? "free with a wrong altmap of the memmap of" : "free of the memmap of", part)
  }

  /// Calls `arch_get_mappable_range`.
  mutating func askForRange() {
    operations.append(Scenario.Call(.archGetMappableRange))
    deeds.append("a query of the mappable range")
  }

  private mutating func note(_ deed: String, _ part: RegionPart) {
    deeds.append("\(deed) \(part.name)")
  }
}
