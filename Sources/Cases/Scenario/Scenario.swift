// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A case as a value: the state before, the injected failures, and the operations. The catalogue holds
/// scenarios, a report shows them, and `mhpcheck replay` reads them.
public struct Scenario: Hashable, Sendable {
  /// A stable id, unique in the catalogue. The instances of a case in several modes share it.
  public var id: String
  /// One sentence that states the point of the case.
  public var purpose: String
  /// The name of the paging mode, e.g. "sv39".
  public var mode: String
  /// Index bits of each level; real hardware has 9.
  public var indexBits: UInt64
  /// Table 0 is the root.
  public var tables: [Table]
  /// The owners of pages that entries map but nobody reads. A page in no range belongs to the page allocator.
  public var frames: [Frames]
  /// Numbered from 1 in operations.
  public var altmaps: [Altmap]
  /// Numbered from 1 in operations. A pgmap that is not in the list has single pages.
  public var pgmaps: [Pgmap]
  /// The behaviour of the generic hotplug code.
  public var core: Core
  /// The present memory sections, sorted by number; empty unless the core is live.
  public var sections: [Section]
  /// Kernel globals before the case.
  public var globals: Globals
  /// The failures to inject.
  var injected: InjectedFailures
  /// The calls, in order.
  public var operations: [Call]

  /// The initialiser checks nothing; `lowered` does.
  public init(
    id: String, purpose: String, mode: String, indexBits: UInt64 = 9, tables: [Table],
    frames: [Frames] = [], altmaps: [Altmap] = [], pgmaps: [Pgmap] = [],
    core: Core = .recorded, sections: [Section] = [], globals: Globals = Globals(),
    injected: InjectedFailures = InjectedFailures(), operations: [Call]
  ) {
    self.id = id
    self.purpose = purpose
    self.mode = mode
    self.indexBits = indexBits
    self.tables = tables
    self.frames = frames
    self.altmaps = altmaps
    self.pgmaps = pgmaps
    self.core = core
    self.sections = sections
    self.globals = globals
    self.injected = injected
    self.operations = operations
  }

  /// A table page and its entries.
  public struct Table: Hashable, Sendable {
    /// The level of its entries.
    public var level: Level
    /// The owner of its page or pages.
    public var owner: PageOwner
    /// Whether its constructor has run.
    public var isConstructed: Bool
    /// Sorted by slot, without overlap. All other slots are zero.
    public var entries: [EntryRun]

    /// The initialiser checks nothing; `lowered` does.
    public init(level: Level, owner: PageOwner, isConstructed: Bool, entries: [EntryRun] = []) {
      self.level = level
      self.owner = owner
      self.isConstructed = isConstructed
      self.entries = entries
    }
  }

  /// Entries of the same kind in neighbouring slots.
  public struct EntryRun: Hashable, Sendable {
    /// The first slot.
    public var slot: Int
    /// The number of slots, at least 1.
    public var count: Int
    /// The entry in the first slot. Those in later slots follow from it.
    public var value: EntryValue

    /// The initialiser checks nothing; `lowered` does.
    public init(slot: Int, count: Int = 1, value: EntryValue) {
      self.slot = slot
      self.count = count
      self.value = value
    }
  }

  public enum EntryValue: Hashable, Sendable {
    /// A leaf: the PFN of the first slot in the run (later slots add the level's size in pages), and the
    /// protection bits.
    case leaf(pfn: UInt64, protection: UInt64)
    /// A pointer to a table, by number. The run has one slot.
    case table(Int)
    /// A raw word, e.g. a non-present non-zero entry.
    case raw(UInt64)
  }

  /// A run of pages and their owner.
  public struct Frames: Hashable, Sendable {
    /// The first PFN.
    public var pfn: UInt64
    /// The number of pages.
    public var count: UInt64
    public var owner: PageOwner

    /// The initialiser checks nothing; `lowered` does.
    public init(pfn: UInt64, count: UInt64, owner: PageOwner) {
      self.pfn = pfn
      self.count = count
      self.owner = owner
    }
  }

  /// A `struct vmem_altmap`; all fields in pages.
  public struct Altmap: Hashable, Sendable {
    /// The first PFN of the device's memory.
    public var basePFN: UInt64
    /// The last PFN of the device's memory.
    public var endPFN: UInt64
    /// Pages at the start that the driver keeps.
    public var reserve: UInt64
    /// Pages set aside for the memmap.
    public var free: UInt64
    /// Pages lost to alignment.
    public var align: UInt64
    /// Pages handed out.
    public var alloc: UInt64

    /// The initialiser checks nothing; `lowered` does.
    public init(
      basePFN: UInt64, endPFN: UInt64, reserve: UInt64 = 0, free: UInt64, align: UInt64 = 0,
      alloc: UInt64
    ) {
      self.basePFN = basePFN
      self.endPFN = endPFN
      self.reserve = reserve
      self.free = free
      self.align = align
      self.alloc = alloc
    }
  }

  /// Kernel globals before the case.
  public struct Globals: Hashable, Sendable {
    /// `max_pfn`.
    public var maxPFN: UInt64
    /// `max_low_pfn`.
    public var maxLowPFN: UInt64
    /// `debug_pagealloc_enabled()`.
    public var isDebugPagealloc: Bool
    /// Whether the machine has one CPU and still starts its drivers; else several CPUs run.
    public var isUniprocessor: Bool

    /// The initialiser checks nothing; `lowered` does.
    public init(
      maxPFN: UInt64 = 0, maxLowPFN: UInt64 = 0, isDebugPagealloc: Bool = false,
      isUniprocessor: Bool = false
    ) {
      self.maxPFN = maxPFN
      self.maxLowPFN = maxLowPFN
      self.isDebugPagealloc = isDebugPagealloc
      self.isUniprocessor = isUniprocessor
    }
  }

  /// The failures to inject.
  public struct InjectedFailures: Hashable, Sendable {
    /// The result of `__add_pages`: 0 or a negative errno.
    public var addPagesResult: Int32
    /// The number of allocations that succeed before memory is out; nil means no limit.
    public var allocationBudget: UInt32?
    /// The one allocation that fails, counted from 1; nil means none.
    public var failingAllocation: UInt32?

    /// The initialiser checks nothing; `lowered` does.
    public init(
      addPagesResult: Int32 = 0, allocationBudget: UInt32? = nil, failingAllocation: UInt32? = nil
    ) {
      self.addPagesResult = addPagesResult
      self.allocationBudget = allocationBudget
      self.failingAllocation = failingAllocation
    }
  }

  /// One call of a function of the surface. Fields have the names of its parameters; fields that the function
  /// does not take are nil.
  public struct Call: Hashable, Sendable {
    public var function: KernelFunction
    /// The table passed as `pte_start`, `pmd_base`, ...
    public var table: Int?
    /// The table of the parent entry for `free_*_table`, or of the PMD for `vmemmap_set_pmd` and
    /// `vmemmap_check_pmd`. `parentSlot` is the slot.
    public var parentTable: Int?
    /// See `parentTable`. For a walker with a base, the slot of the base's first entry (nil means 0).
    public var parentSlot: Int?
    /// Virtual; physical for `remove_linear_mapping`, `create_linear_mapping_range` and `arch_*`.
    public var start: UInt64?
    /// The first address after the range, virtual or physical as `start`.
    public var end: UInt64?
    /// Bytes.
    public var size: UInt64?
    /// The PFN that `free_vmemmap_storage` takes.
    public var pfn: UInt64?
    /// `is_vmemmap`; nil means false.
    public var isVmemmap: Bool?
    /// A number from 1 into `altmaps`; nil means NULL.
    public var altmap: Int?
    /// A number from 1; nil means NULL.
    public var pgmap: Int?
    /// The NUMA node; nil means 0.
    public var node: Int32?
    /// The protection for `arch_add_memory` and for functions that create mappings, as entry bits. For
    /// `create_linear_mapping_range` nil means a null pointer.
    public var protection: UInt64?
    /// A physical address: `pa` of `create_*_mapping` and `best_map_size`, the table of `get_*_virt_late`,
    /// the block of `vmemmap_set_pmd`.
    public var physical: UInt64?
    /// Bytes of a leaf: `sz` of `create_*_mapping`; `fixed_map_size` of `create_linear_mapping_range`, where
    /// nil means the best size.
    public var blockSize: UInt64?

    /// The initialiser checks nothing; `lowered` does.
    public init(_ function: KernelFunction) { self.function = function }
  }
}
