// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The creation and removal of the linear map of a physical range.
extension MemoryHotplug {
  /// `remove_linear_mapping`: unmaps `size` bytes from a physical address on.
  static func removeLinearMapping(
    _ start: UInt64, _ size: UInt64, on machine: inout Machine
  ) throws(Halt) {
    let va = machine.layout.virtual(ofPhysical: start)
    let end = machine.layout.virtual(ofPhysical: start &+ size)
    try removePgdMapping(va, end, false, 0, on: &machine)
  }

  /// `create_linear_mapping_range`: maps the physical range [start, end) in blocks of `fixedMapSize`
  /// bytes, or of the best size if that is 0. A nil protection (a null pointer) stands for that of the
  /// address. False when memory runs out.
  static func createLinearMappingRange(
    _ start: UInt64, _ end: UInt64, _ fixedMapSize: UInt64, _ protection: UInt64?,
    on machine: inout Machine
  ) throws(Halt) -> Bool {
    var pa = start
    while pa < end {
      try machine.step()
      let va = machine.layout.virtual(ofPhysical: pa)
      let mapSize = fixedMapSize != 0 ? fixedMapSize : bestMapSize(pa, va, end &- pa, on: machine)
      guard
        try createPgdMapping(
          EntryPointer(table: 0, slot: 0), va, pa, mapSize,
          protection ?? pgprotFromVa(va, on: machine), on: &machine)
      else { return false }
      pa &+= mapSize
    }
    return true
  }

  /// `best_map_size`: the largest block that both addresses are aligned to and that fits in the rest of
  /// the range; single pages with `debug_pagealloc`, which unmaps them one by one.
  static func bestMapSize(
    _ pa: UInt64, _ va: UInt64, _ size: UInt64, on machine: borrowing Machine
  ) -> UInt64 {
    if machine.isDebugPagealloc { return AddressLayout.pageSize }
    let p4dSize: UInt64 = 1 << machine.p4dShift
    if machine.isL5Enabled && (pa | va) & (p4dSize - 1) == 0 && size >= p4dSize { return p4dSize }
    if machine.isL4Enabled && (pa | va) & (Width.pudSize - 1) == 0 && size >= Width.pudSize {
      return Width.pudSize
    }
    if (pa | va) & (Width.pmdSize - 1) == 0 && size >= Width.pmdSize { return Width.pmdSize }
    return AddressLayout.pageSize
  }
}
