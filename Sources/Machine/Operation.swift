// SPDX-License-Identifier: GPL-2.0-only

/// One call of a function of the surface, lowered to a fixed width, with the layout of `struct
/// mhp_operation` in the shim. Fields that a function does not take are zero.
public struct Operation: BitwiseCopyable, Hashable, Sendable {
  /// `KernelFunction.rawValue`.
  public var function: UInt32
  /// `is_vmemmap`: 0 or 1.
  public var isVmemmap: UInt32
  /// The NUMA node.
  public var node: Int32
  /// The number of the altmap argument, from 1; 0 is NULL.
  public var altmap: UInt32
  /// The number of the pgmap argument, from 1; 0 is NULL.
  public var pgmap: UInt32
  /// The table whose first entry is the argument: `pte_start` of `free_pte_table`, `pmd_base` of
  /// `remove_pmd_mapping`, `pmdp` of `create_pmd_mapping`, ...
  public var table: UInt32
  /// For `free_*_table` and the hooks of `vmemmap_populate`: the table that holds the (parent) entry.
  public var parentTable: UInt32
  /// The slot of that entry.
  public var parentSlot: UInt32
  /// First address of the range: virtual, or physical for `remove_linear_mapping` and `arch_*`. For
  /// `free_vmemmap_storage`: the PFN of the page.
  public var start: UInt64
  /// First address beyond the range (virtual walks), or the size in bytes (physical ones and
  /// `free_vmemmap_storage`).
  public var end: UInt64
  /// The protection argument of `arch_add_memory` and of the functions that create mappings, as entry
  /// bits. For `create_linear_mapping_range`, 0 is a null pointer.
  public var protection: UInt64
  /// A physical address: the target of `create_*_mapping`, the argument of `best_map_size`, the table of
  /// `get_*_virt_late`, the block of `vmemmap_set_pmd`.
  public var physical: UInt64
  /// Bytes per leaf: `sz` of `create_*_mapping`, `fixed_map_size` of `create_linear_mapping_range`.
  public var blockSize: UInt64

  /// A call with all other fields zero.
  public init(_ function: KernelFunction) {
    self.function = function.rawValue
    isVmemmap = 0
    node = 0
    altmap = 0
    pgmap = 0
    table = 0
    parentTable = 0
    parentSlot = 0
    start = 0
    end = 0
    protection = 0
    physical = 0
    blockSize = 0
  }
}
