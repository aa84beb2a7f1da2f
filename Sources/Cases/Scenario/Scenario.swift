// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A case as a value: the state before, what is made to fail, and the operations. It is what the
/// catalogue holds, what a report shows and what `mhpcheck replay` reads.
public struct Scenario: Hashable, Sendable {
  /// Stable: unique in the catalogue over all modes' instances of the same case.
  public var id: String
  /// One sentence: what this case is there to show.
  public var purpose: String
  /// The paging mode's name, e.g. "sv39".
  public var mode: String
  /// Index bits a level; 9 is real.
  public var indexBits: UInt64
  /// Table 0 is the root.
  public var tables: [Table]
  /// Pages that are mapped but never read; a page in no range is the page allocator's.
  public var frames: [Frames]
  /// Numbered from 1 in operations.
  public var altmaps: [Altmap]
  /// Numbered from 1 in operations. A pgmap that is not here is one of single pages.
  public var pgmaps: [Pgmap]
  /// What the generic hotplug code does when it is called.
  public var core: Core
  /// The memory sections that are present, by number; none unless the core is live.
  public var sections: [Section]
  /// Kernel globals before the case.
  public var globals: Globals
  /// What is made to fail.
  var injected: InjectedFailures
  /// The calls, in turn.
  public var operations: [Call]

  /// All of its parts as given; nothing is checked before `lowered`.
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

  /// A table page and what stands in it.
  public struct Table: Hashable, Sendable {
    /// The level whose entries it holds.
    public var level: Level
    /// Whose page or pages these are.
    public var owner: PageOwner
    /// Whether its constructor has run.
    public var isConstructed: Bool
    /// Sorted by slot, not overlapping; slots in none are zero.
    public var entries: [EntryRun]

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(level: Level, owner: PageOwner, isConstructed: Bool, entries: [EntryRun] = []) {
      self.level = level
      self.owner = owner
      self.isConstructed = isConstructed
      self.entries = entries
    }
  }

  /// The same kind of entry in neighbouring slots.
  public struct EntryRun: Hashable, Sendable {
    /// The first slot.
    public var slot: Int
    /// Slots, at least 1.
    public var count: Int
    /// What the first slot holds; the next ones follow from it.
    public var value: EntryValue

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(slot: Int, count: Int = 1, value: EntryValue) {
      self.slot = slot
      self.count = count
      self.value = value
    }
  }

  /// What an entry holds.
  public enum EntryValue: Hashable, Sendable {
    /// A leaf: the PFN of the run's first slot (the next ones follow by the level's size in pages)
    /// and the protection bits.
    case leaf(pfn: UInt64, protection: UInt64)
    /// A pointer to a table, by number; one slot only.
    case table(Int)
    /// A word as it stands, e.g. a non-present non-zero entry.
    case raw(UInt64)
  }

  /// A run of pages and whose they are.
  public struct Frames: Hashable, Sendable {
    /// The first PFN.
    public var pfn: UInt64
    /// Pages.
    public var count: UInt64
    /// Whose page or pages these are.
    public var owner: PageOwner

    /// All of its parts as given; nothing is checked before `lowered`.
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
    /// The last PFN of it.
    public var endPFN: UInt64
    /// Pages kept from use at its start.
    public var reserve: UInt64
    /// Pages set aside for the memmap.
    public var free: UInt64
    /// Pages lost to alignment.
    public var align: UInt64
    /// Pages handed out.
    public var alloc: UInt64

    /// All of its parts as given; nothing is checked before `lowered`.
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

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(maxPFN: UInt64 = 0, maxLowPFN: UInt64 = 0, isDebugPagealloc: Bool = false) {
      self.maxPFN = maxPFN
      self.maxLowPFN = maxLowPFN
      self.isDebugPagealloc = isDebugPagealloc
    }
  }

  /// What is made to fail.
  public struct InjectedFailures: Hashable, Sendable {
    /// What `__add_pages` returns: 0 or a negative errno.
    public var addPagesResult: Int32
    /// Allocations that succeed before memory is out; nil is no limit.
    public var allocationBudget: UInt32?
    /// The one allocation that fails, counted from 1; nil is none.
    public var failingAllocation: UInt32?

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(
      addPagesResult: Int32 = 0, allocationBudget: UInt32? = nil, failingAllocation: UInt32? = nil
    ) {
      self.addPagesResult = addPagesResult
      self.allocationBudget = allocationBudget
      self.failingAllocation = failingAllocation
    }
  }

  /// One call of a function of the surface, by the names of its parameters. Fields that the
  /// function does not take are nil.
  public struct Call: Hashable, Sendable {
    /// The function that is called.
    public var function: KernelFunction
    /// The table handed over as `pte_start`, `pmd_base`, ...
    public var table: Int?
    /// The parent entry of `free_*_table`, the PMD of `vmemmap_set_pmd` and `vmemmap_check_pmd`: its
    /// table and slot.
    public var parentTable: Int?
    /// See `parentTable`; for a walker with a base, the slot of the base's first entry (nil is 0).
    public var parentSlot: Int?
    /// Virtual; physical for `remove_linear_mapping`, `create_linear_mapping_range` and `arch_*`.
    public var start: UInt64?
    /// Beyond the range, virtual or physical as its start.
    public var end: UInt64?
    /// Bytes.
    public var size: UInt64?
    /// The page of `free_vmemmap_storage`.
    public var pfn: UInt64?
    /// `is_vmemmap`; nil is false.
    public var isVmemmap: Bool?
    /// A number from 1 into `altmaps`; nil is NULL.
    public var altmap: Int?
    /// A number from 1; nil is NULL.
    public var pgmap: Int?
    /// The NUMA node; nil is 0.
    public var node: Int32?
    /// The protection of `arch_add_memory` and of what creates mappings, as entry bits; for
    /// `create_linear_mapping_range` nil is a null pointer.
    public var protection: UInt64?
    /// A physical address: `pa` of `create_*_mapping` and `best_map_size`, the table of
    /// `get_*_virt_late`, the block of `vmemmap_set_pmd`.
    public var physical: UInt64?
    /// Bytes a leaf: `sz` of `create_*_mapping`; `fixed_map_size` of `create_linear_mapping_range`,
    /// where nil is the best.
    public var blockSize: UInt64?

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(_ function: KernelFunction) { self.function = function }
  }
}
