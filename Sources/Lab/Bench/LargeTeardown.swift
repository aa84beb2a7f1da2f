// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The teardown of a mapping of many gibibytes, in one call.
struct LargeTeardown: Hashable, Sendable {
  /// Whether it tears down the memmap (`vmemmap_free`) or the linear map (`remove_linear_mapping`).
  let isVmemmap: Bool
  /// The size of the mapping in bytes.
  var bytes: UInt64
  /// The level of the leaves.
  let leaf: Level

  /// All teardowns, fewest entries first.
  static let all = [
    LargeTeardown(isVmemmap: false, bytes: 1 << 40, leaf: .pmd),
    LargeTeardown(isVmemmap: true, bytes: 16 << 30, leaf: .pte),
    LargeTeardown(isVmemmap: false, bytes: 64 << 30, leaf: .pte),
  ]

  /// The mapping that is torn down, e.g. "linear map, 64 GiB in 4 KiB".
  var name: String {
    let size = bytes < 1 << 40 ? "\(bytes >> 30) GiB" : "\(bytes >> 40) TiB"
    return "\(isVmemmap ? "vmemmap" : "linear map"), \(size) in \(leaf == .pte ? "4 KiB" : "2 MiB")"
  }

  /// The same with a fraction of the memory: a half, a quarter, ...
  func divided(by parts: UInt64) -> LargeTeardown {
    LargeTeardown(isVmemmap: isVmemmap, bytes: bytes / parts, leaf: leaf)
  }

  /// The first page behind the memmap. These pages belong to the page allocator, because no frame range says
  /// otherwise.
  private static let backingPFN: UInt64 = 0x10_0000

  /// Whether a mode's linear map or memmap has room for it at an offset of its own size.
  func fits(_ mode: PagingMode) -> Bool {
    let layout = AddressLayout(mode: mode)
    let room =
      isVmemmap ? layout.vmemmapEnd - layout.vmemmapStart : layout.kernVirtSize
    return bytes <= room / 2
  }

  /// The state and the call. The mapping begins at an offset of its own size in its region, like hot-added
  /// memory; every table below the root is the page allocator's.
  ///
  /// - Precondition: it fits the mode.
  func image(mode: PagingMode) -> MachineImage {
    precondition(fits(mode), "no room in \(mode.name)")
    let layout = AddressLayout(mode: mode)
    let start = (isVmemmap ? layout.vmemmapStart : layout.pageOffset) + bytes
    var call = Operation(isVmemmap ? .vmemmapFree : .removeLinearMapping)
    call.start = isVmemmap ? start : layout.physical(ofVirtual: start)
    call.end = isVmemmap ? start + bytes : bytes
    var image = MachineImage(
      layout: layout, tables: [TableState(level: .pgd, owner: .reserved, isConstructed: false)],
      operations: [call])
    let firstPFN = isVmemmap ? Self.backingPFN : call.start >> AddressLayout.pageShift
    map(start..<start + bytes, pfn: firstPFN, levels: mode.levels[...], table: 0, into: &image)
    return image
  }

  /// Fills a table of the last of `levels`, and the tables below it, for a range that it spans.
  private func map(
    _ range: Range<UInt64>, pfn: UInt64, levels: ArraySlice<Level>, table: Int,
    into image: inout MachineImage
  ) {
    guard let level = levels.last else { return }
    let layout = image.layout
    let bits = Architecture.riscv.entryBits
    let size = layout.size(of: level)
    let first = layout.index(of: range.lowerBound, at: level)
    let count = Int((range.upperBound - range.lowerBound + size - 1) / size)
    if level == leaf {
      image.runs.append(
        TableRun(
          table: UInt32(table), slot: UInt16(first), count: UInt16(count),
          word: bits.leafWord(pfn: pfn, protection: bits.kernel),
          step: (size >> AddressLayout.pageShift) << bits.pfnShift))
      return
    }
    let below = levels.dropLast()
    for place in 0..<count {
      let child = image.tables.count
      let level = below.last ?? .pte
      image.tables.append(
        TableState(
          level: level, owner: .allocator, isConstructed: !isVmemmap && level <= .pmd))
      image.runs.append(
        TableRun(
          table: UInt32(table), slot: UInt16(first + place),
          word: bits.tableWord(pfn: Pool.pfn(ofTable: child, in: layout))))
      let start = range.lowerBound + UInt64(place) * size
      let part = start..<min(start + size, range.upperBound)
      map(
        part, pfn: pfn + (start - range.lowerBound) >> AddressLayout.pageShift, levels: below,
        table: child, into: &image)
    }
  }
}
