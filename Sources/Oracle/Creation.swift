// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The mapping that a call must create: by the contract of the function, not by its behaviour.
struct Creation {
  /// The required size of the leaves.
  enum LeafSize {
    /// The largest size that both addresses are aligned to and that fits in the rest of the range.
    case best
    /// Bytes.
    case fixed(UInt64)
    /// For the memmap: PMD leaves, or pages if no block was available.
    case memmap
  }

  /// Virtual.
  var range: AddressRange
  /// The physical address of the range's start; nil for the memmap, whose memory may lie anywhere.
  var physical: UInt64?
  /// In entry bits; nil stands for each address's protection at boot.
  var protection: UInt64?
  var leafSize: LeafSize
  /// Whether the caller accepts that an existing entry is overwritten.
  var mayOverwrite = false
}

extension KernelFunction {
  /// Whether the function creates linear mappings, with or without adding memory.
  var createsLinearMap: Bool {
    purpose == .addsMemory || purpose == .maps
  }

  /// Whether the function populates the memmap.
  var populates: Bool { purpose == .populates }

  /// Whether the function preallocates tables below the root.
  var preallocates: Bool { purpose == .preallocates }

  /// Whether it is an `alloc_*_late`, whose page belongs to its caller.
  var allocatesTable: Bool { purpose == .allocatesTable }
}

extension JudgedCall {
  /// The mapping that the call must create. Nil for calls that map nothing, and for mistakes of the
  /// case: a size that no level has, a table of other addresses, a folded level.
  var creation: Creation? {
    let mask = AddressLayout.pageSize - 1
    switch function.purpose {
    case .addsMemory:
      return Creation(
        range: linearRange, physical: operation.start, protection: operation.protection,
        leafSize: .best)
    case .maps where function.hasPhysicalRange: return linearCreation
    case .maps:
      let size = operation.blockSize
      guard isAimedCreation else { return nil }
      let first = operation.start & ~(size - 1)
      return Creation(
        range: AddressRange(first, length: size, in: span), physical: operation.physical & ~mask,
        protection: operation.protection, leafSize: .fixed(size))
    case .populates:
      return Creation(
        range: pages(operation.start, operation.end), physical: nil,
        protection: Architecture.riscv.entryBits.kernel, leafSize: .memmap)
    case .setsEntry: return hookCreation
    default: return nil
    }
  }

  /// Whether the call creates mappings in a way that no caller asks for.
  var isStrayCreation: Bool {
    (function.createsLinearMap || function.purpose == .setsEntry) && creation == nil
  }

  private var linearCreation: Creation? {
    let (start, end, fixed) = (operation.start, operation.end, operation.blockSize)
    let protection = operation.protection == 0 ? nil : operation.protection
    let first = layout.virtual(ofPhysical: start)
    guard start < end else {
      return Creation(
        range: AddressRange(first, first, in: span), physical: start, protection: protection,
        leafSize: .best)
    }
    guard fixed != 0 else {
      return Creation(
        range: pages(first, layout.virtual(ofPhysical: end)), physical: start,
        protection: protection, leafSize: .best)
    }
    let sizes = layout.mode.levels.map { layout.size(of: $0) }
    guard sizes.contains(fixed), start % fixed == 0, first % fixed == 0 else { return nil }
    let length = (end - start + fixed - 1) / fixed * fixed
    return Creation(
      range: AddressRange(first, length: length, in: span), physical: start,
      protection: protection, leafSize: .fixed(fixed))
  }

  private var hookCreation: Creation? {
    let table = Int(operation.parentTable)
    guard let place = before.translations.places[table], place.level == .pmd else { return nil }
    let physical = operation.physical & ~(AddressLayout.pageSize - 1)
    guard layout.physical(ofVirtual: layout.virtual(ofPhysical: physical)) == physical else {
      return nil
    }
    let size = layout.size(of: .pmd)
    let address = place.address &+ UInt64(operation.parentSlot) &* size
    return Creation(
      range: AddressRange(address, length: size, in: span), physical: physical,
      protection: Architecture.riscv.entryBits.kernel, leafSize: .fixed(size), mayOverwrite: true)
  }

  /// Whether a `create_*_mapping` gets the table of its address and the size of a level.
  private var isAimedCreation: Bool {
    guard let level = function.createdLevel,
      let place = before.translations.places[Int(operation.table)]
    else { return false }
    let isFolded = layout.mode.isFolded(level)
    guard place.level == (isFolded ? .pgd : level) else { return false }
    let own = layout.size(of: level)
    let sizes = layout.mode.levels.filter { $0 <= level }.map { layout.size(of: $0) }
    guard isFolded ? operation.blockSize == own : sizes.contains(operation.blockSize) else {
      return false
    }
    return AddressRange(operation.start, length: 1, in: span)
      .isWithin(place.address, size: own << layout.indexBits)
  }

  /// The largest leaf for addresses and a length; always a page with debug_pagealloc.
  func bestLeafSize(physical: UInt64, virtual: UInt64, length: UInt64) -> UInt64 {
    guard !image.isDebugPagealloc else { return AddressLayout.pageSize }
    // The root's entries are no leaves in any kernel.
    let sizes = layout.mode.levels.filter { $0 < .pgd }.map { layout.size(of: $0) }
    return sizes.last { physical % $0 == 0 && virtual % $0 == 0 && length >= $0 }
      ?? AddressLayout.pageSize
  }

  /// The possible protections of an address at boot. The configuration decides whether text and data
  /// differ, and the oracle does not know it.
  func protectionsAtBoot(_ address: UInt64) -> [UInt64] {
    let bits = Architecture.riscv.entryBits
    let readOnly = bits.kernel & ~bits.write
    let image = address &- AddressLayout.kernelLinkAddress
    if image < AddressLayout.kernelTextSize {
      return [readOnly | bits.execute, bits.kernel | bits.execute]
    }
    if image < AddressLayout.kernelImageSize { return [bits.kernel, bits.kernel | bits.execute] }
    let load = AddressLayout.kernelLinkAddress &- layout.kernelImageOffset
    let alias = address &- layout.virtual(ofPhysical: load)
    return alias < AddressLayout.kernelTextSize ? [readOnly, bits.kernel] : [bits.kernel]
  }
}
