// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// A driver's call of `arch_add_memory` or `arch_remove_memory`.
struct HotplugCall: Hashable {
  /// The physical address of the first byte.
  var start: UInt64
  /// The size in bytes.
  var size: UInt64
  /// The altmap argument.
  var altmap: AltmapState?
  /// log2 of the base pages in a page of the device (`vmemmap_shift`); nil without a `struct dev_pagemap`.
  var pagesShift: UInt64?

  /// log2 of the pages of a compound page whose memmap shares its tail pages (`vmemmap_can_optimize`): device
  /// memory in larger pages, without an altmap; nil for any other memory.
  var sharedShift: UInt64? {
    guard altmap == nil, let pagesShift, pagesShift > 0 else { return nil }
    return pagesShift
  }
}

/// The changes that drivers make to a region before the generic code sees it, as in
/// drivers/nvdimm/pfn_devs.c, drivers/dax/kmem.c and mm/memory_hotplug.c of 6.12. They are input to the model
/// and not judged.
struct DriverArithmetic {
  let driver: ConfirmCase.Driver
  let region: ConfirmCase.Extent

  /// `nd_info_block_reserve`: the bytes at the start of a device that the driver keeps for itself.
  private static var infoBlock: UInt64 { 8 << 10 }
  /// The size in bytes of a memory block, the unit in which system RAM is added and removed: one section.
  private static var memoryBlock: UInt64 { SectionState.pages << AddressLayout.pageShift }

  /// The offset in bytes from the start of the region to the device's own data (`nd_pfn_init`); nil for a
  /// driver that keeps nothing.
  var dataOffset: UInt64? {
    guard driver.kind != .raw else { return nil }
    let align = driver.align ?? AddressLayout.pageSize
    var kept = Self.infoBlock
    if driver.memmap == .device {
      let pages = (region.size - Self.infoBlock) >> AddressLayout.pageShift
      kept += pages * AddressLayout.structPageSize
    }
    return Self.up(region.base + kept, to: align) - region.base
  }

  /// The calls that add the region, in order; its removal makes the same ones.
  var calls: [HotplugCall] {
    switch driver.kind {
    case .raw: [HotplugCall(start: region.base, size: region.size, pagesShift: 0)]
    case .fsdax: [deviceCall(pagesShift: 0)]
    case .devdax:
      [deviceCall(pagesShift: Self.log2((driver.align ?? 0) >> AddressLayout.pageShift))]
    case .kmem: systemMemory
    }
  }

  /// `devm_memremap_pages` of the whole namespace (`__nvdimm_setup_pfn`).
  private func deviceCall(pagesShift: UInt64) -> HotplugCall {
    HotplugCall(
      start: region.base, size: region.size,
      altmap: driver.memmap == .device ? deviceAltmap : nil, pagesShift: pagesShift)
  }

  private var deviceAltmap: AltmapState {
    let first = region.base >> AddressLayout.pageShift
    let base = first & ~(SectionState.subsectionPages - 1)
    let kept = Self.infoBlock >> AddressLayout.pageShift
    let free = ((dataOffset ?? 0) - Self.infoBlock) >> AddressLayout.pageShift
    return AltmapState(
      basePFN: base, endPFN: (region.end - 1) >> AddressLayout.pageShift,
      reserve: kept + (first - base), free: free, align: 0, alloc: 0)
  }

  /// `dev_dax_kmem_probe` rounds to whole blocks. With memmap_on_memory, the blocks are added one by one
  /// (`create_altmaps_and_memory_blocks`).
  private var systemMemory: [HotplugCall] {
    let start = Self.up(region.base + (dataOffset ?? 0), to: Self.memoryBlock)
    let end = region.end & ~(Self.memoryBlock - 1)
    guard start < end else { return [] }
    guard driver.memmapOnMemory == true else {
      return [HotplugCall(start: start, size: end - start)]
    }
    return stride(from: start, to: end, by: Int(Self.memoryBlock)).map { block in
      let first = block >> AddressLayout.pageShift
      return HotplugCall(
        start: block, size: Self.memoryBlock,
        altmap: AltmapState(
          basePFN: first, endPFN: first + SectionState.pages - 1, reserve: 0,
          free: (SectionState.pages * AddressLayout.structPageSize) >> AddressLayout.pageShift,
          align: 0, alloc: 0))
    }
  }

  private static func up(_ number: UInt64, to multiple: UInt64) -> UInt64 {
    (number + multiple - 1) & ~(multiple - 1)
  }

  private static func log2(_ number: UInt64) -> UInt64 {
    number > 1 ? UInt64(number.trailingZeroBitCount) : 0
  }
}
