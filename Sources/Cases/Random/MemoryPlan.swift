// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A stretch of physical memory: what a random case adds, removes and maps a memmap for.
struct MemoryRegion {
  /// What kind of memory it is.
  enum Kind {
    case boot, dimm, device
  }

  let kind: Kind
  /// As a purpose names it, e.g. "DIMM 2".
  let name: String
  /// The first byte, physical.
  let start: UInt64
  /// Bytes.
  let size: UInt64
  /// Whether it is in the linear map at the start.
  var isMapped = true
  /// The altmap that its memmap came from, a number from 1.
  var altmap: Int?

  /// The first byte beyond it, physical.
  var end: UInt64 { start + size }

  /// Bytes of a memory section of RISC-V.
  static let section: UInt64 = 128 << 20
  /// Bytes of a sub-section, the finest grain of device memory.
  static let subsection: UInt64 = 2 << 20
}

/// Where memory lies: boot memory from the start of RAM, then up to three DIMMs and a device, in
/// places where firmware puts them and at the edges of what the mode's tables span.
struct MemoryPlan {
  let layout: AddressLayout
  private(set) var regions: [MemoryRegion] = []

  /// The first byte beyond what the linear map has room for, physical.
  private var limit: UInt64 { layout.ramBase &+ layout.kernVirtSize }

  init(layout: AddressLayout, random: inout SplitMix64) {
    self.layout = layout
    regions.append(
      MemoryRegion(
        kind: .boot, name: "boot memory", start: layout.ramBase,
        size: Self.bootSize(layout, random: &random)))
    for _ in 0..<random.weighted((12, 0), (40, 1), (33, 2), (15, 3)) {
      let size = dimmSize(random: &random)
      // Whole gigabytes lie on their own boundary more often than not, and then map by PUD leaves.
      let isWhole = size % (1 << 30) == 0 && random.percent(65)
      place(
        .dimm, size: size, alignment: isWhole ? 1 << 30 : MemoryRegion.section, random: &random)
    }
    if random.percent(45) {
      var (size, alignment) = deviceSize(random: &random)
      if random.percent(14) {
        // A firmware that cares for no more than pages.
        size += random.within(1...3 as ClosedRange<UInt64>) * AddressLayout.pageSize
        alignment = AddressLayout.pageSize
      }
      place(.device, size: size, alignment: alignment, random: &random)
    }
  }

  /// At least 256 MiB, so that page tables and memmaps find room in it.
  private static func bootSize(_ layout: AddressLayout, random: inout SplitMix64) -> UInt64 {
    let gib: UInt64 = 1 << 30
    if layout.mode.isL4Enabled, random.percent(60) {
      return random.within(1...4 as ClosedRange<UInt64>) * gib
    }
    let whole = random.within(2...5 as ClosedRange<UInt64>) * MemoryRegion.section
    // Memory that ends in mid-section, as seen where firmware keeps the top for itself.
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

  /// Finds a free place; after some that are taken, the region is left out.
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

  /// A start that is aligned, if not a free one.
  private func candidate(
    size: UInt64, alignment: UInt64, random: inout SplitMix64
  ) -> UInt64 {
    let gib: UInt64 = 1 << 30
    func aligned(_ address: UInt64) -> UInt64 { (address + alignment - 1) / alignment * alignment }
    /// On a boundary or some way before it, so that the region lies across.
    func around(_ boundary: UInt64, _ random: inout SplitMix64) -> UInt64 {
      boundary - random.below(min(8, size / alignment)) * alignment
    }
    let gibs = random.within(4...100 as ClosedRange<UInt64>)
    switch random.below(10) {
    case 0...3:
      // A neighbour of what is there, or some way behind it: tables are shared.
      guard let last = random.pick(regions) else { return aligned(limit / 2) }
      return aligned(last.end) + random.one(of: 0, 0, 1, 3) * alignment
    case 4: return aligned(gibs * gib)
    case 5: return aligned(gibs * gib) + random.below(8) * MemoryRegion.section
    case 6: return around(aligned(gibs * gib), &random)
    case 7: return (limit - size) / alignment * alignment
    default:
      // About a boundary of the root's entries, or of those of the level below.
      let level = random.one(of: Level.pgd, layout.mode.levels.dropLast().last ?? .pgd)
      let step = max(layout.size(of: level), gib)
      let count = max((limit - layout.ramBase) / step, 2)
      return around(
        layout.ramBase + random.within(1...min(count - 1, 400)) * step, &random)
    }
  }
}
