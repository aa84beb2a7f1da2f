// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Walks a universe. It decodes states and cases into one machine image in place, so that a case costs no
/// allocation.
public struct UniverseCursor: Sendable {
  public let universe: Universe
  /// The image of the current case.
  public private(set) var image: MachineImage
  /// The part of `image` that changes from case to case of a state.
  public private(set) var call = UniverseCall(
    operations: (Operation(.vmemmapFree), Operation(.vmemmapFree)))
  /// The current case.
  public private(set) var place = UniverseCase(state: 0, operation: 0, range: 0)

  private let levels: [Level]
  /// `entryStates` and `tableStates` by depth.
  private let entryStates: [UInt64]
  private let tableStates: [UInt64]
  /// `isSpine` by depth.
  private let isSpine: [Bool]
  /// By operation.
  private let plans: [Plan]
  private let bits = Architecture.riscv.entryBits
  /// For each table of the state, the first page that it spans.
  private var firstPages: [UInt64] = []

  /// The columns of an operation for `setCall`, looked up once per operation.
  private struct Plan: Sendable {
    /// The call without its range, its table and what else a state or a range decides.
    var call: Operation
    /// The altmap of the call for the second half; nil for one call.
    var altmapOfSecondHalf: UInt32?
    var isDebugPagealloc: Bool
    var failingAllocation: UInt32
    var allocationBudget: UInt32
    var addPagesResult: Int32
    /// The virtual address of the first page.
    var base: UInt64
    /// Whether the range is virtual.
    var isVirtual: Bool
    /// Whether the call has a range or an address.
    var hasRange: Bool
    var isOfMemmap: Bool
    /// The level of the table that the walk takes: the first table of that level in the state. If the state
    /// has none, there is no call. The entries of a folded level are those of the root.
    var walkedLevel: Level?
    /// The level of the table that a creation takes, as for walks. If the state has none, it takes the root.
    var createdLevel: Level?
    var isCreation: Bool

    init(_ kind: UniverseOperation, base: UInt64) {
      let function = kind.function
      let bits = Architecture.riscv.entryBits
      call = Operation(function)
      call.altmap = kind.usesAltmap ? 1 : 0
      call.pgmap = kind.variant == .devicePages || kind.variant == .readOnly ? 1 : 0
      if function.purpose == .addsMemory {
        let isReadOnly = kind.variant == .readOnly
        call.protection = isReadOnly ? bits.kernel & ~bits.write : bits.kernel
        call.node = isReadOnly ? 1 : 0
      }
      altmapOfSecondHalf = kind.altmapOfSecondHalf
      isDebugPagealloc = kind.variant == .debugPagealloc
      failingAllocation = kind.failingAllocation
      allocationBudget = kind.allocationBudget
      addPagesResult = kind.variant == .failingCore ? UniverseCursor.failure : 0
      self.base = base
      isVirtual = function.hasVirtualRange
      hasRange = !function.row.parameters.isEmpty
      isOfMemmap = kind.area == .memmap
      walkedLevel = function.walkedLevel
      createdLevel = function.createdLevel
      isCreation = !function.isOfHotplug
    }
  }

  /// A word that is neither zero nor present at any level.
  static let nonPresentWord: UInt64 = 1 << 12
  /// The PFN of the page that backs the first page of the range.
  static let firstBackingPFN: UInt64 = 0x90000
  /// The result of a failing `__add_pages`: -EEXIST.
  static let failure: Int32 = -17

  public init(_ universe: Universe) {
    self.universe = universe
    levels = universe.levels
    entryStates = levels.indices.map { universe.entryStates(at: $0) }
    tableStates = levels.indices.map { universe.tableStates(at: $0) }
    isSpine = levels.indices.map { universe.isSpine($0) }
    let layout = universe.layout
    plans = universe.operations.map {
      Plan($0, base: universe.ranges.base($0.area, layout, pages: universe.pages))
    }
    image = MachineImage(layout: layout, tables: [], operations: [Operation(.vmemmapFree)])
    if universe.operations.contains(where: \.usesAltmap) {
      let pages = universe.pages
      // A populate begins with an altmap that has handed out nothing.
      let isFresh = universe.operations.contains { $0.variant == .freshAltmap }
      // Both altmaps cover every page, so that either may be charged for any page.
      image.altmaps = Array(
        repeating: AltmapState(
          basePFN: Self.firstBackingPFN, endPFN: Self.firstBackingPFN + pages - 1,
          reserve: isFresh ? 1 : 0, free: isFresh ? pages / 2 : pages, align: 0,
          alloc: isFresh ? 0 : pages), count: 2)
    }
    // In the middle of the range, so that adds reach it from both sides.
    image.maxPFN = layout.vmemmapStartPFN + universe.pages / 2
    image.maxLowPFN = image.maxPFN
  }

  /// Sets the tables to a state, 0 ..< `stateCount`.
  public mutating func setState(_ index: UInt64) {
    place.state = index
    image.tables.removeAll(keepingCapacity: true)
    firstPages.removeAll(keepingCapacity: true)
    image.runs.removeAll(keepingCapacity: true)
    image.frames.removeAll(keepingCapacity: true)
    var rest = index
    _ = appendTable(depth: levels.count - 1, state: &rest, page: 0)
  }

  /// Sets the call to an operation (an index into `universe.operations`) over a range, 0 ..< `rangeCount`.
  public mutating func setCall(_ operation: Int, range: UInt64) {
    place.operation = operation
    place.range = range
    let (start, end) = universe.ranges.bounds(of: range, pages: universe.pages)
    let plan = plans[operation]
    let base = plan.base
    var call = plan.call
    if plan.isVirtual {
      call.start = base &+ start
      call.end = base &+ end
      // Sv39 has no more than 4 GiB of memmap at real geometry.
      if plan.isOfMemmap { call.end = min(call.end, image.layout.vmemmapEnd) }
    } else if plan.hasRange {
      call.start = base &- image.layout.linearOffset &+ start
      call.end = end &- start
    }
    var hasTable = true
    if let level = plan.walkedLevel { hasTable = hand(tableOf: level, from: base, to: &call) }
    if plan.isCreation {
      setCreation(universe.operations[operation], plan, start, end, in: &call)
    }
    self.call.isDebugPagealloc = plan.isDebugPagealloc
    self.call.failingAllocation = plan.failingAllocation
    self.call.allocationBudget = plan.allocationBudget
    self.call.addPagesResult = plan.addPagesResult
    self.call.count = hasTable ? 1 : 0
    if let altmap = plan.altmapOfSecondHalf {
      var second = call
      second.altmap = altmap
      // The first half of an odd number of pages is the larger one. A single page has no second half.
      let page = AddressLayout.pageSize
      call.end = call.start &+ ((call.end &- call.start &+ page) / 2 & ~(page - 1))
      second.start = call.end
      self.call.operations.1 = second
      self.call.count = second.start < second.end ? 2 : 1
    }
    self.call.operations.0 = call
    setImage(to: self.call)
  }

  private mutating func setImage(to call: UniverseCall) {
    image.isDebugPagealloc = call.isDebugPagealloc
    image.failingAllocation = call.failingAllocation
    image.allocationBudget = call.allocationBudget
    image.addPagesResult = call.addPagesResult
    image.operations.removeAll(keepingCapacity: true)
    if call.count > 0 { image.operations.append(call.operations.0) }
    if call.count > 1 { image.operations.append(call.operations.1) }
  }

  /// Sets the arguments of calls of the creation side. `start` and `end` are bytes from the first page.
  private func setCreation(
    _ kind: UniverseOperation, _ plan: Plan, _ start: UInt64, _ end: UInt64,
    in call: inout Operation
  ) {
    let base = plan.base
    let physical = base &- image.layout.linearOffset &+ start
    let middle = universe.pages / 2 * AddressLayout.pageSize
    switch kind.function {
    case .createLinearMappingRange:
      if kind.variant == .ofAlias {
        // The range begins and ends on either side of the middle.
        let load = AddressLayout.kernelLinkAddress &- image.layout.kernelImageOffset
        call.start = load &+ AddressLayout.kernelTextSize &- middle &+ start
      }
      call.end = call.start &+ (end &- start)
      if kind.variant == .ofPages || kind.variant == .ofAlias {
        call.blockSize = AddressLayout.pageSize
        return
      }
      call.protection = bits.kernel
      if kind.variant == .ofBlocks {
        call.protection &= ~bits.write
        call.blockSize = image.layout.size(of: .pmd)
      }
    case .bestMapSize:
      call.physical = physical
      call.start = base &+ start
      if kind.variant == .oddPhysical { call.physical &+= AddressLayout.pageSize }
      if kind.variant == .oddVirtual { call.start &+= AddressLayout.pageSize }
    case .pgprotFromVa:
      call.start =
        AddressLayout.kernelLinkAddress &+ AddressLayout.kernelTextSize &- middle &+ start
      call.end = 0
    default:
      guard let level = plan.createdLevel else { return }
      call.physical = physical
      call.blockSize = end &- start
      call.protection = bits.kernel
      call.start = base &+ start
      call.end = 0
      let table = image.tables.firstIndex { $0.level == UInt32(level.rawValue) }
      call.table = UInt32(table ?? 0)
    }
  }

  /// Passes a walk the first table of its level, or the root entry if the level is folded. The range moves into
  /// the addresses that the table translates, and ends there. False if there is no such table.
  private func hand(tableOf level: Level, from base: UInt64, to call: inout Operation) -> Bool {
    call.isVmemmap = 1
    let offset = call.start &- base
    var span = image.layout.size(of: .pgd)
    var first = base &+ (offset & ~(span - 1))
    if !levels.contains(level) {
      call.parentSlot = UInt32(image.layout.index(of: call.start, at: .pgd))
    } else if let table = image.tables.firstIndex(where: { $0.level == UInt32(level.rawValue) }) {
      call.table = UInt32(table)
      span = image.layout.size(of: level) << universe.indexBits
      first = base &+ firstPages[table] * AddressLayout.pageSize
    } else {
      return false
    }
    let length = call.end &- call.start
    call.start = first &+ (offset & (span - 1))
    call.end = call.start &+ min(length, span - (offset & (span - 1)))
    return true
  }

  /// Appends the table that `state` encodes, and all tables below it. `page` is the first page that the table
  /// spans.
  private mutating func appendTable(depth: Int, state: inout UInt64, page: UInt64) -> Int {
    let isRoot = depth == levels.count - 1
    let table = image.tables.count
    var owner = PageOwner.reserved
    if !isRoot {
      let owners = UInt64(universe.owners.count)
      owner = universe.owners[Int(state % owners)]
      state /= owners
    }
    // Boot code runs no constructor.
    let isConstructed = owner == .allocator && depth < 2 && universe.isConstructed
    image.tables.append(
      TableState(level: levels[depth], owner: owner, isConstructed: isConstructed))
    firstPages.append(page)
    let entries = universe.entries
    if isSpine[depth] {
      if state > 0 {
        let choices = entryStates[depth] - 1
        let slot = (state - 1) / choices
        appendEntry(
          table: table, slot: slot, depth: depth, state: (state - 1) % choices + 1, page: page)
      }
      return table
    }
    for slot in 0..<entries {
      appendEntry(
        table: table, slot: slot, depth: depth, state: state % entryStates[depth], page: page)
      state /= entryStates[depth]
    }
    return table
  }

  private mutating func appendEntry(
    table: Int, slot: UInt64, depth: Int, state: UInt64, page: UInt64
  ) {
    let span: UInt64 = 1 << (universe.indexBits * UInt64(depth))
    let first = page + slot * span
    let kinds = depth == levels.count - 1 ? universe.rootKinds : universe.kinds
    let word: UInt64
    if state < kinds.count {
      switch kinds[Int(state)] {
      case .none: return
      case .nonPresent: word = Self.nonPresentWord
      case .leaf: word = leafWord(first, span, owner: nil)
      case .reservedLeaf: word = leafWord(first, span, owner: .reserved)
      case .altmapLeaf: word = leafWord(first, span, owner: .altmap)
      }
    } else {
      // The table below gets the next number, so the pointer can come before its contents.
      let below = image.tables.count
      word = Pool.pfn(ofTable: below, in: image.layout) << bits.pfnShift | bits.table
      image.runs.append(TableRun(table: UInt32(table), slot: UInt16(slot), word: word))
      var rest = state - UInt64(kinds.count)
      _ = appendTable(depth: depth - 1, state: &rest, page: first)
      return
    }
    image.runs.append(TableRun(table: UInt32(table), slot: UInt16(slot), word: word))
  }

  private mutating func leafWord(_ first: UInt64, _ span: UInt64, owner: PageOwner?) -> UInt64 {
    let pfn = Self.firstBackingPFN + first
    if let owner { image.frames.append(FrameRange(pfn: pfn, count: span, owner: owner)) }
    return pfn << bits.pfnShift | bits.kernel
  }
}
