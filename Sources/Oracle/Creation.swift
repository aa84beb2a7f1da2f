// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// What a call is to map: by the contract of the function, not by what it did.
struct Creation {
  /// How large its leaves are to be.
  enum LeafSize {
    /// The largest that both addresses are aligned to and the rest of the range fills.
    case best
    /// Bytes.
    case fixed(UInt64)
    /// The memmap's: PMD leaves, or pages where no block was to be had.
    case memmap
  }

  /// Virtual.
  var range: AddressRange
  /// The physical address behind the range's first; nil for the memmap, which lies where there is room.
  var physical: UInt64?
  /// In entry bits; nil is that of each address.
  var protection: UInt64?
  var leafSize: LeafSize
  /// Whether what stands in the entry is the caller's to lose.
  var mayOverwrite = false
}

extension KernelFunction {
  /// Whether it makes the linear map or a part of it, memory added or not.
  var createsLinearMap: Bool {
    self == .archAddMemory || self == .createLinearMappingRange || createdLevel != nil
  }

  /// Whether it makes the memmap.
  var populates: Bool { self == .vmemmapPopulate || self == .vmemmapPopulateHugepages }

  /// Whether it fills the root.
  var preallocates: Bool { self == .preallocatePgdPagesRange || self == .pgtableCacheInit }

  /// Whether it is `alloc_*_late`, whose page is its caller's.
  var allocatesTable: Bool {
    [.allocPteLate, .allocPmdLate, .allocPudLate, .allocP4dLate].contains(self)
  }
}

extension JudgedCall {
  /// What the call is to map; nil for calls that map nothing, and for those that are the case's own
  /// mistake: a size that no level has, a table of other addresses, a level that the mode folds.
  var creation: Creation? {
    let mask = AddressLayout.pageSize - 1
    switch function {
    case .archAddMemory:
      return Creation(
        range: linearRange, physical: operation.start, protection: operation.protection,
        leafSize: .best)
    case .createLinearMappingRange: return linearCreation
    case .createPteMapping, .createPmdMapping, .createPudMapping, .createP4dMapping,
      .createPgdMapping:
      let size = operation.blockSize
      guard isAimedCreation else { return nil }
      let first = operation.start & ~(size - 1)
      return Creation(
        range: AddressRange(first, length: size, in: span), physical: operation.physical & ~mask,
        protection: operation.protection, leafSize: .fixed(size))
    case .vmemmapPopulate, .vmemmapPopulateHugepages:
      return Creation(
        range: pages(operation.start, operation.end), physical: nil,
        protection: Architecture.riscv.entryBits.kernel, leafSize: .memmap)
    case .vmemmapSetPmd: return hookCreation
    default: return nil
    }
  }

  /// Whether the call makes mappings in a way that nobody asks for.
  var isStrayCreation: Bool {
    (function.createsLinearMap || function == .vmemmapSetPmd) && creation == nil
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

  /// Whether a `create_*_mapping` is handed the table of its address, and a size that is a level's.
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

  /// The largest leaf for addresses and a length; a page when pages are to be mapped one by one.
  func bestLeafSize(physical: UInt64, virtual: UInt64, length: UInt64) -> UInt64 {
    guard !image.isDebugPagealloc else { return AddressLayout.pageSize }
    // The root's entries are no leaves in any kernel.
    let sizes = layout.mode.levels.filter { $0 < .pgd }.map { layout.size(of: $0) }
    return sizes.last { physical % $0 == 0 && virtual % $0 == 0 && length >= $0 }
      ?? AddressLayout.pageSize
  }

  /// The protections that an address may have at boot. Whether text and data differ is the
  /// configuration's choice, which the oracle does not know.
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
