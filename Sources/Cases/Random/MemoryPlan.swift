// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A region of physical memory that a random case adds, removes, or maps a memmap for.
struct MemoryRegion {
  enum Kind {
    case boot, dimm, device
  }

  let kind: Kind
  /// The name in a purpose, e.g. "DIMM 2".
  let name: String
  /// The first byte, physical.
  let start: UInt64
  /// Bytes.
  let size: UInt64
  /// Whether the linear map holds the region at the start.
  var isMapped = true
  /// The altmap that supplied the memmap, a number from 1; nil if none did.
  var altmap: Int?

  /// The first byte after the region, physical.
  var end: UInt64 { start + size }

  /// Bytes of a memory section on RISC-V.
  static let section: UInt64 = 128 << 20
  /// Bytes of a sub-section, the smallest unit of device memory.
  static let subsection: UInt64 = 2 << 20
}

/// The memory layout: boot memory from the start of RAM, then up to three DIMMs and a device, in places where
/// firmware puts them and at the limits of the mode's tables.
struct MemoryPlan {
  let layout: AddressLayout
  private(set) var regions: [MemoryRegion] = []

  /// The first physical byte after the window of the linear map.
  private var limit: UInt64 { layout.ramBase &+ layout.kernVirtSize }

  init(layout: AddressLayout, random: inout SplitMix64) {
    self.layout = layout
    regions.append(
      MemoryRegion(
        kind: .boot, name: "boot memory", start: layout.ramBase,
        size: Self.bootSize(layout, random: &random)))
    for _ in 0..<random.weighted((12, 0), (40, 1), (33, 2), (15, 3)) {
      let size = dimmSize(random: &random)
      // Most regions of whole gibibytes start on their own boundary, so that PUD leaves map them.
      let isWhole = size % (1 << 30) == 0 && random.percent(65)
      place(
        .dimm, size: size, alignment: isWhole ? 1 << 30 : MemoryRegion.section, random: &random)
    }
    if random.percent(45) {
      var (size, alignment) = deviceSize(random: &random)
      if random.percent(14) {
        // Some firmware aligns to pages only.
        size += random.within(1...3 as ClosedRange<UInt64>) * AddressLayout.pageSize
        alignment = AddressLayout.pageSize
      }
      place(.device, size: size, alignment: alignment, random: &random)
    }
  }

  /// At least 256 MiB, so that page tables and memmaps fit into it.
  private static func bootSize(_ layout: AddressLayout, random: inout SplitMix64) -> UInt64 {
    let gib: UInt64 = 1 << 30
    if layout.mode.isL4Enabled, random.percent(60) {
      return random.within(1...4 as ClosedRange<UInt64>) * gib
    }
    let whole = random.within(2...5 as ClosedRange<UInt64>) * MemoryRegion.section
    // Memory that ends inside a section, as on systems whose firmware keeps the top for itself.
    return random.percent(25)
      ? whole + random.below(64) * MemoryRegion.subsection : whole
  }

  private func dimmSize(random: inout SplitMix64) -> UInt64 {
    let gib: UInt64 = 1 << 30
    let small = random.within(1...4 as ClosedRange<UInt64>) * MemoryRegion.section
    guard layout.mode.isL4Enabled else {
      return random.percent(5) ? gib : small
    }
    let large = random.within(1...3 as ClosedRange<UInt64>) * gib
    return random.weighted((60, small), (28, large), (12, gib + small))
  }

  private func deviceSize(random: inout SplitMix64) -> (size: UInt64, alignment: UInt64) {
    switch random.below(10) {
    case 0...4:
      let count = random.within(1...64 as ClosedRange<UInt64>)
      return (count * MemoryRegion.subsection, MemoryRegion.subsection)
    case 5...6: return (MemoryRegion.section / 2, MemoryRegion.subsection)
    default:
      let count = random.within(1...3 as ClosedRange<UInt64>)
      return (count * MemoryRegion.section, MemoryRegion.section)
    }
  }

  /// Places a region. Drops it if six tries find no free place.
  private mutating func place(
    _ kind: MemoryRegion.Kind, size: UInt64, alignment: UInt64, random: inout SplitMix64
  ) {
    for _ in 0..<6 {
      let start = candidate(size: size, alignment: alignment, random: &random)
      guard start >= layout.ramBase, start < limit, size <= limit - start else { continue }
      guard !regions.contains(where: { start < $0.end && $0.start < start + size }) else {
        continue
      }
      let name = kind == .dimm ? "DIMM \(regions.count)" : "the device"
      regions.append(MemoryRegion(kind: kind, name: name, start: start, size: size))
      return
    }
  }

  /// An aligned start address that may be in use.
  private func candidate(
    size: UInt64, alignment: UInt64, random: inout SplitMix64
  ) -> UInt64 {
    let gib: UInt64 = 1 << 30
    func aligned(_ address: UInt64) -> UInt64 { (address + alignment - 1) / alignment * alignment }
    /// An address on the boundary or somewhat before it, so that the region crosses it.
    func around(_ boundary: UInt64, _ random: inout SplitMix64) -> UInt64 {
      boundary - random.below(min(8, size / alignment)) * alignment
    }
    let gibs = random.within(4...100 as ClosedRange<UInt64>)
    switch random.below(10) {
    case 0...3:
      // Next to an existing region or somewhat after it, so that both share tables.
      guard let last = random.pick(regions) else { return aligned(limit / 2) }
      return aligned(last.end) + random.one(of: 0, 0, 1, 3) * alignment
    case 4: return aligned(gibs * gib)
    case 5: return aligned(gibs * gib) + random.below(8) * MemoryRegion.section
    case 6: return around(aligned(gibs * gib), &random)
    case 7: return (limit - size) / alignment * alignment
    default:
      // Around a boundary of the root's entries, or of those one level down.
      let level = random.one(of: Level.pgd, layout.mode.levels.dropLast().last ?? .pgd)
      let step = max(layout.size(of: level), gib)
      let count = max((limit - layout.ramBase) / step, 2)
      return around(
        layout.ramBase + random.within(1...min(count - 1, 400)) * step, &random)
    }
  }
}
