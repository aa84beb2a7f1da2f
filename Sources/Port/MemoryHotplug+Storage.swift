// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The memory of the memmap.
extension MemoryHotplug {
  /// `free_vmemmap_storage`: gives a block of `size` bytes from a PFN on back to the altmap, if one is
  /// given, untouched; else to boot memory, page by page; else to the page allocator, as a whole.
  static func freeVmemmapStorage(
    _ page: UInt64, _ size: UInt64, _ altmap: UInt32, on machine: inout Machine
  ) throws(Halt) {
    let order = getOrder(size)
    let isOthers = altmap != 0 && !machine.isAltmaps(altmap, pfn: page)
    if altmap != 0, !isOthers || !machine.mends(.testsAltmap) {
      return try machine.altmapFree(altmap, pages: size >> AddressLayout.pageShift)
    }
    if machine.isReserved(pfn: page) {
      for offset in 0..<(1 as UInt64) << order {
        try machine.step()
        try machine.freeReserved(pfn: page &+ offset)
      }
      return
    }
    try machine.free(pfn: page, order: order)
  }

  /// `get_order`: the smallest order whose block holds `size` bytes; 52 for 0 bytes.
  static func getOrder(_ size: UInt64) -> UInt64 {
    let lastPage = (size &- 1) >> AddressLayout.pageShift
    return UInt64(truncatingIfNeeded: UInt64.bitWidth - lastPage.leadingZeroBitCount)
  }
}
