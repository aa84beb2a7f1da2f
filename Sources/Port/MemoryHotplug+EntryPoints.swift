// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The entry points for the generic memory-hotplug code.
extension MemoryHotplug {
  /// `arch_get_mappable_range`: the range of physical addresses that the linear map can reach, both ends
  /// inclusive. On Sv39 the last one comes from the kernel image's formula (hazard H4).
  static func archGetMappableRange(on machine: borrowing Machine) -> (start: UInt64, end: UInt64) {
    let layout = machine.layout
    return (
      layout.physical(ofVirtual: layout.pageOffset), layout.physical(ofVirtual: layout.pageEnd &- 1)
    )
  }

  /// `arch_add_memory`: maps `size` bytes from a physical address on, then has the core add their pages,
  /// and removes the mapping if that fails. `max_pfn` is set without a comparison (hazard H3).
  static func archAddMemory(
    _ node: Int32, _ start: UInt64, _ size: UInt64, _ parameters: HotplugParameters,
    on machine: inout Machine
  ) throws(Halt) -> Int32 {
    let end = start &+ size
    let isMapped = try createLinearMappingRange(
      start, end, 0, parameters.protection, on: &machine)
    let result =
      isMapped
      ? try addPages(
        node, start >> AddressLayout.pageShift, size >> AddressLayout.pageShift, parameters,
        on: &machine)
      : outOfMemory
    if result != 0 {
      try removeLinearMapping(start, size, on: &machine)
    } else {
      machine.maxPFN = (end &+ (AddressLayout.pageSize - 1)) >> AddressLayout.pageShift
      machine.maxLowPFN = machine.maxPFN
    }
    try machine.flushTLBAll()
    return result
  }

  /// `arch_remove_memory`: the core removes the pages, then their mapping is removed.
  static func archRemoveMemory(
    _ start: UInt64, _ size: UInt64, _ altmap: UInt32, _ pgmap: UInt32,
    on machine: inout Machine
  ) throws(Halt) {
    try removePages(
      start >> AddressLayout.pageShift, size >> AddressLayout.pageShift, altmap, pgmap,
      on: &machine)
    try removeLinearMapping(start, size, on: &machine)
    try machine.flushTLBAll()
  }

  /// `vmemmap_free`: unmaps a part of the memmap and frees its memory.
  static func vmemmapFree(
    _ start: UInt64, _ end: UInt64, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) {
    try removePgdMapping(start, end, true, altmap, on: &machine)
  }
}
