// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Ranges that calls map, populate or preallocate outside of an add.
extension RandomScene {
  /// Draws allocation failures: memory runs out, or one allocation fails.
  mutating func drawShortage() {
    if random.percent(4) { injected.allocationBudget = UInt32(random.below(4)) }
    if random.percent(6) { injected.failingAllocation = UInt32(random.within(1...6)) }
  }

  /// Draws one creation, or a creation and the removal of its result.
  mutating func drawCreation(room: Int) {
    guard let region = random.pick(regions) else { return }
    let part = part(of: region)
    switch random.below(20) {
    case 0...7:
      populate(part, altmap: region.altmap)
      if room > 1, random.percent(45) { freeMemmap(part, altmap: region.altmap) }
    case 8...14:
      guard create(part), room > 1, random.percent(50) else { return }
      removeLinear(part, altmap: region.altmap)
    case 15...16: preallocate(part)
    case 17...18: ask(about: part)
    default:
      guard random.percent(40) else { return ask(about: part) }
      operations.append(Scenario.Call(.pgtableCacheInit))
      deeds.append("pgtable_cache_init")
    }
  }

  /// Populates the memmap of a part, mostly with the altmap of its region.
  private mutating func populate(_ part: RegionPart, altmap: Int?) {
    // Nothing else may use the pages that blocks are allocated from.
    let blocks = Blocks.pfns(in: layout)
    guard !frames.contains(where: { blocks.overlaps($0.pfn..<($0.pfn + $0.count)) }) else { return }
    let range = memmap(from: part.start, to: part.end)
    var call = Scenario.Call(populatingFunction())
    call.start = range.lowerBound
    call.end = range.upperBound
    call.altmap = random.percent(80) ? altmap : random.pick(altmaps.indices.map { $0 + 1 })
    if random.percent(20) { call.node = Int32(random.below(3)) }
    operations.append(call)
    deeds.append("populating the memmap of \(part.name)")
  }

  /// The architecture's function in nine of ten calls, else one of generic code.
  private mutating func populatingFunction() -> KernelFunction {
    let share = Int(random.below(100))
    let generic = KernelFunction.genericPopulations
    return share < 90 ? .vmemmapPopulate : generic[(share - 90) * generic.count / 10]
  }

  /// Maps a part in the linear map, unless a larger leaf is in the way.
  private mutating func create(_ part: RegionPart) -> Bool {
    let isByPages = globals.isDebugPagealloc || random.percent(25)
    let end = isByPages ? min(part.end, part.start + Self.mostByPages) : part.end
    var probe = linear
    probe.isByPages = isByPages
    guard probe.canMap(from: part.start, to: end) else { return false }
    var call = Scenario.Call(.createLinearMappingRange)
    call.start = part.start
    call.end = end
    if isByPages, random.percent(70) { call.blockSize = AddressLayout.pageSize }
    let isBest = call.blockSize == nil
    call.protection = random.weighted(
      (55, Architecture.riscv.entryBits.kernel), (25, nil), (10, Bits.readOnly), (10, Bits.noCache))
    operations.append(call)
    let areLeavesPages = !isBest || globals.isDebugPagealloc
    linear.map(linear.runs(from: part.start, to: end, byPages: areLeavesPages))
    deeds.append("mapping \(part.name)")
    return true
  }

  /// Preallocates the root entries for the linear map or the memmap of a part, sometimes for its
  /// neighbourhood too.
  private mutating func preallocate(_ part: RegionPart) {
    let memmap = memmap(from: part.start, to: part.end)
    let isMemmap = random.percent(40)
    let slot = layout.size(of: .pgd)
    var start = isMemmap ? memmap.lowerBound : layout.virtual(ofPhysical: part.start)
    var end = isMemmap ? memmap.upperBound : layout.virtual(ofPhysical: part.end)
    if random.percent(30) { start -= random.below(2) * slot }
    if random.percent(30) { end += random.below(3) * slot }
    if random.percent(15) {
      end = 0 &- random.within(1...slot)
      start = end - random.below(3) * slot
    }
    var call = Scenario.Call(.preallocatePgdPagesRange)
    call.start = start
    call.end = end
    operations.append(call)
    deeds.append("preallocation of \(part.name)")
  }

  /// Draws a query about a part: the best leaf size, the protection, or the address of its tables.
  mutating func ask(about part: RegionPart) {
    let virtual = layout.virtual(ofPhysical: part.start)
    var call: Scenario.Call
    switch random.below(4) {
    case 0...1:
      call = Scenario.Call(.bestMapSize)
      call.physical = part.start
      call.start = random.percent(80) ? virtual : virtual &+ AddressLayout.pageSize
      call.size = part.end - part.start
    case 2:
      call = Scenario.Call(.pgprotFromVa)
      let text = AddressLayout.kernelLinkAddress
      let alias = layout.virtual(ofPhysical: text &- layout.kernelImageOffset)
      let edge = random.one(of: text, text + AddressLayout.kernelImageSize, alias)
      let size = random.one(of: 0, AddressLayout.kernelTextSize)
      call.start = random.percent(30) ? virtual : edge &+ size &- random.below(2)
    default:
      guard let function = random.pick(KernelFunction.tableAddresses) else { return }
      call = Scenario.Call(function)
      call.physical = part.start
    }
    operations.append(call)
    deeds.append("a query about \(part.name)")
  }
}

/// Creations that take a table or an entry. They come before any call that may free a table.
extension RandomScene {
  mutating func drawDirectCreation() {
    switch random.below(10) {
    case 0...5:
      let level = random.one(of: Level.pte, .pmd, .pud, .p4d, .pgd)
      createLeaf(level)
    case 6...7:
      guard let function = random.pick(KernelFunction.tableAllocations) else { return }
      operations.append(Scenario.Call(function))
      deeds.append(function.name)
    default: hook()
    }
  }

  /// Maps one leaf through a table of a level of the linear map, at a random slot. The leaf has the size of
  /// the level, sometimes that of a lower level in an empty slot.
  private mutating func createLeaf(_ level: Level) {
    let isFolded = layout.mode.isFolded(level)
    let own =
      isFolded ? [0] : numbers(of: level).filter { tables.drafts[$0].base >= layout.pageOffset }
    let candidates = level == .pgd ? [0] : own
    guard let function = KernelFunction.that(.maps, at: level),
      let number = random.pick(candidates)
    else { return }
    let size = layout.size(of: level)
    var place = slot()
    if number == 0 {
      place = layout.index(of: layout.virtual(ofPhysical: regions[0].start), at: .pgd)
    }
    let draft = tables.drafts[number]
    let base = number == 0 ? layout.pageOffset & ~(size << layout.indexBits - 1) : draft.base
    let address = base &+ UInt64(place) &* size
    guard address >= layout.pageOffset else { return }
    let physical = address &- layout.linearOffset
    let isEmpty = tables.value(of: number, slot: place) == nil
    var bytes = size
    // For a smaller leaf, the call walks through the entry in the slot.
    if level > .pte, !isFolded, isEmpty, random.percent(50) {
      let lower = layout.mode.levels.filter { $0 < level }
      bytes = layout.size(of: random.pick(lower) ?? .pte)
    }
    var call = Scenario.Call(function)
    call.table = number
    call.start = address
    call.physical = random.percent(90) ? physical : physical ^ AddressLayout.pageSize
    call.blockSize = bytes
    call.protection = random.one(of: Bits.kernel, Bits.kernel, Bits.readOnly, Bits.notGlobal)
    operations.append(call)
    if isEmpty, let leaf = layout.mode.levels.first(where: { layout.size(of: $0) == bytes }) {
      linear.map([LeafRun(level: leaf, start: physical, count: 1)])
    }
    deeds.append("\(function.name) in one slot")
  }

  /// Calls a hook of `vmemmap_populate` on an entry of a pmd table.
  private mutating func hook() {
    guard let number = random.pick(numbers(of: .pmd)) else { return }
    let isSet = random.percent(50)
    var call = Scenario.Call(isSet ? .vmemmapSetPmd : .vmemmapCheckPmd)
    var place = slot()
    // The generic code sets only an empty entry.
    if isSet, tables.value(of: number, slot: place) != nil {
      let free = (0..<layout.entriesPerTable).first { tables.value(of: number, slot: $0) == nil }
      guard let free else { return }
      place = free
    }
    call.parentTable = number
    call.parentSlot = place
    if isSet {
      let pfn = pages(512, aligned: 512, isReserved: false)
      call.physical = pfn << AddressLayout.pageShift
      let draft = tables.drafts[number]
      let address = draft.base &+ UInt64(place) &* layout.size(of: .pmd)
      if address >= layout.pageOffset {
        linear.map([LeafRun(level: .pmd, start: address &- layout.linearOffset, count: 1)])
      }
    }
    operations.append(call)
    deeds.append("\(call.function.name) of one entry")
  }
}
