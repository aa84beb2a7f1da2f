// SPDX-License-Identifier: GPL-2.0-only

/// The owner of a page. Raw values are those of `enum mhp_owner` in the shim.
public enum PageOwner: UInt32, CaseIterable, Sendable, Codable {
  /// The page allocator: freed with `free_pages`, `pagetable_free`, ...
  case allocator = 0
  /// Reserved at boot (`PageReserved`): freed with `free_reserved_page`.
  case reserved = 1
  /// A device's altmap: its pages are counted and never touched.
  case altmap = 2
}

/// The initial state of a table page, as `struct mhp_table_state`. Table 0 is the root.
public struct TableState: BitwiseCopyable, Hashable, Sendable {
  /// `Level.rawValue` of the table's level.
  public var level: UInt32
  /// `PageOwner.rawValue`: allocator or reserved.
  public var owner: UInt32
  /// 1 when the page's constructor has run.
  public var constructed: UInt32
  /// Always zero.
  public var padding: UInt32 = 0

  public init(level: Level, owner: PageOwner, isConstructed: Bool) {
    self.level = UInt32(level.rawValue)
    self.owner = owner.rawValue
    constructed = isConstructed ? 1 : 0
  }
}

/// Non-zero words in neighbouring slots of a table, in the initial state, as `struct mhp_run`.
public struct TableRun: BitwiseCopyable, Hashable, Sendable {
  /// The table's number.
  public var table: UInt32
  /// The first slot.
  public var slot: UInt16
  /// The number of slots, at least 1.
  public var count: UInt16
  /// The word in the first slot, not zero.
  public var word: UInt64
  /// The difference from one slot's word to the next, modulo 2^64.
  public var step: UInt64

  @inline(__always)
  public init(table: UInt32, slot: UInt16, count: UInt16 = 1, word: UInt64, step: UInt64 = 0) {
    self.table = table
    self.slot = slot
    self.count = count
    self.word = word
    self.step = step
  }

  /// The slots and their words, in order.
  public var words: some Sequence<(slot: Int, word: UInt64)> {
    (0..<count).lazy.map { place in
      (Int(slot) + Int(place), word &+ UInt64(place) &* step)
    }
  }
}

/// A run of pages that are mapped but never read, as `struct mhp_frame_range`. A page outside every
/// range belongs to the page allocator.
public struct FrameRange: BitwiseCopyable, Hashable, Sendable {
  /// First PFN.
  public var pfn: UInt64
  /// The number of pages.
  public var count: UInt64
  /// `PageOwner.rawValue`.
  public var owner: UInt32
  /// Always zero.
  public var padding: UInt32 = 0

  public init(pfn: UInt64, count: UInt64, owner: PageOwner) {
    self.pfn = pfn
    self.count = count
    self.owner = owner.rawValue
  }
}

/// The initial state of a `struct vmem_altmap`, with the kernel's fields (unit: pages).
public struct AltmapState: BitwiseCopyable, Hashable, Sendable {
  /// First PFN of the device.
  public var basePFN: UInt64
  /// Last PFN that the altmap may hand out.
  public var endPFN: UInt64
  /// Pages at the beginning, reserved for the driver.
  public var reserve: UInt64
  /// Pages set aside for the memmap.
  public var free: UInt64
  /// Pages lost to alignment.
  public var align: UInt64
  /// Pages handed out and not yet given back.
  public var alloc: UInt64

  public init(
    basePFN: UInt64, endPFN: UInt64, reserve: UInt64, free: UInt64, align: UInt64, alloc: UInt64
  ) {
    self.basePFN = basePFN
    self.endPFN = endPFN
    self.reserve = reserve
    self.free = free
    self.align = align
    self.alloc = alloc
  }
}

/// The part of a `struct dev_pagemap` that the core needs, as a byte of `struct mhp_image`.
public struct PgmapState: BitwiseCopyable, Hashable, Sendable {
  /// `vmemmap_shift`: log2 of the pages of a compound, at most `largestShift`.
  public var vmemmapShift: UInt8

  public init(vmemmapShift: UInt8) { self.vmemmapShift = vmemmapShift }

  /// The shift of 1 GiB compounds, the largest that a device can ask for (`MHP_MAX_VMEMMAP_SHIFT`).
  @inlinable public static var largestShift: UInt8 { 18 }
}

/// The state that both sides load before a case: flat, with the same bytes for both.
public struct MachineImage: Sendable, Hashable {
  public var layout: AddressLayout
  /// Table 0 is the root (`swapper_pg_dir`).
  public var tables: [TableState]
  /// Each non-zero word of the tables, in exactly one run.
  public var runs: [TableRun]
  /// Sorted by PFN, not overlapping.
  public var frames: [FrameRange]
  /// At most eight.
  public var altmaps: [AltmapState]
  /// At most four. A pgmap beyond these has a shift of 0.
  public var pgmaps: [PgmapState]
  /// Whether `__add_pages` and `__remove_pages` do the work of the core; otherwise they are only
  /// recorded.
  public var hasLiveCore: Bool
  /// The sections with present sub-sections, by number; empty without a live core.
  public var sections: [SectionState]
  /// `max_pfn`.
  public var maxPFN: UInt64
  /// `max_low_pfn`.
  public var maxLowPFN: UInt64
  /// The result of `__add_pages`: 0 or a negative errno.
  public var addPagesResult: Int32
  /// Allocations that succeed before memory runs out; `UInt32.max` is no limit.
  public var allocationBudget: UInt32
  /// The number of the single allocation that fails, from 1; 0 for none.
  public var failingAllocation: UInt32
  /// `debug_pagealloc_enabled()`.
  public var isDebugPagealloc: Bool
  /// Whether the machine has one CPU and still starts its drivers; else several CPUs run.
  public var isUniprocessor: Bool
  /// The calls, in order.
  public var operations: [Operation]

  public init(
    layout: AddressLayout, tables: [TableState], runs: [TableRun] = [],
    frames: [FrameRange] = [], altmaps: [AltmapState] = [], pgmaps: [PgmapState] = [],
    hasLiveCore: Bool = false, sections: [SectionState] = [], maxPFN: UInt64 = 0,
    maxLowPFN: UInt64 = 0,
    addPagesResult: Int32 = 0, allocationBudget: UInt32 = .max,
    failingAllocation: UInt32 = 0, isDebugPagealloc: Bool = false, isUniprocessor: Bool = false,
    operations: [Operation] = []
  ) {
    self.layout = layout
    self.tables = tables
    self.runs = runs
    self.frames = frames
    self.altmaps = altmaps
    self.pgmaps = pgmaps
    self.hasLiveCore = hasLiveCore
    self.sections = sections
    self.maxPFN = maxPFN
    self.maxLowPFN = maxLowPFN
    self.addPagesResult = addPagesResult
    self.allocationBudget = allocationBudget
    self.failingAllocation = failingAllocation
    self.isDebugPagealloc = isDebugPagealloc
    self.isUniprocessor = isUniprocessor
    self.operations = operations
  }
}
