// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// Reads the tables of a running kernel that translate some ranges of its addresses.
struct TableCapture: Sendable {
  let layout: AddressLayout
  /// The ranges of virtual addresses.
  let windows: [Range<UInt64>]
  private let bits: EntryBits

  /// The maximum number of tables. No case can have more; a kernel that runs wild may show any number.
  static let mostTables = 2048

  /// A capture of the tables that translate `windows`.
  init(
    layout: AddressLayout, windows: [Range<UInt64>], bits: EntryBits = Architecture.riscv.entryBits
  ) {
    self.layout = layout
    self.windows = windows
    self.bits = bits
  }

  /// A capture of the tables that translate the linear map and the memmap of a case's regions. The memmap is
  /// that of whole sections, because a kernel makes it for whole sections.
  init(of confirmCase: ConfirmCase, layout: AddressLayout) {
    self.init(
      layout: layout,
      windows: confirmCase.regions.flatMap { region in
        RegionAddresses(region, layout: layout).windows
      })
  }

  /// The tables: the root first, a table before those that its entries point to. Nil when a table is outside
  /// the memory or there are more than `mostTables`, which no correct kernel has.
  ///
  /// - Parameters:
  ///   - root: the PFN of the root (`swapper_pg_dir`).
  ///   - page: the words of a page by its PFN, if it can be read.
  func tables(root: UInt64, page: (UInt64) -> [UInt64]?) -> [KernelTable]? {
    var tables: [KernelTable] = []
    let isWhole = visit(
      root, depth: layout.mode.levels.count - 1, base: 0, into: &tables, page: page)
    return isWhole ? tables : nil
  }

  private func visit(
    _ pfn: UInt64, depth: Int, base: UInt64, into tables: inout [KernelTable],
    page: (UInt64) -> [UInt64]?
  ) -> Bool {
    guard tables.count < Self.mostTables, let words = page(pfn) else { return false }
    let level = layout.mode.levels[depth]
    tables.append(KernelTable(pfn: pfn, level: level, runs: Self.runs(of: words)))
    guard level != .pte else { return true }
    for (slot, word) in words.enumerated() where bits.isTable(word) {
      let start = layout.address(ofSlot: slot, at: level, from: base)
      guard layout.touches(windows, from: start, at: level) else { continue }
      guard visit(bits.pfn(of: word), depth: depth - 1, base: start, into: &tables, page: page)
      else { return false }
    }
    return true
  }

  /// The nonzero words; neighbours with equal steps form one run.
  static func runs(of words: [UInt64]) -> [KernelTable.WordRun] {
    var runs: [KernelTable.WordRun] = []
    for (slot, word) in words.enumerated() where word != 0 {
      if var last = runs.last, last.slot + last.count == slot {
        let step = word &- words[slot - 1]
        if last.count == 1 || last.step == step {
          last.step = step
          last.count += 1
          runs[runs.count - 1] = last
          continue
        }
      }
      runs.append(KernelTable.WordRun(slot: slot, word: word))
    }
    return runs
  }
}

extension AddressLayout {
  /// The first virtual address that a slot of a table translates; `base` is the table's own first address.
  /// The address of a slot of the root is sign-extended.
  func address(ofSlot slot: Int, at level: Level, from base: UInt64) -> UInt64 {
    let offset = base &+ UInt64(slot) << shift(of: level)
    guard level == .pgd else { return offset }
    let unused = 64 - (shift(of: .pgd) + indexBits)
    return UInt64(bitPattern: Int64(bitPattern: offset << unused) >> Int64(unused))
  }

  /// Whether a slot of a level, which begins at `start`, translates a part of one of the windows.
  func touches(_ windows: [Range<UInt64>], from start: UInt64, at level: Level) -> Bool {
    let last = start &+ (size(of: level) - 1)
    return windows.contains { $0.lowerBound <= last && start < $0.upperBound }
  }
}

/// The virtual addresses of a region's linear map and memmap.
struct RegionAddresses {
  /// The linear map of the region.
  let linear: Range<UInt64>
  /// The memmap of the region itself.
  let memmap: Range<UInt64>
  /// The memmap of all sections that overlap the region.
  let sectionMemmap: Range<UInt64>

  var windows: [Range<UInt64>] { [linear, sectionMemmap] }

  init(_ region: ConfirmCase.Extent, layout: AddressLayout) {
    linear = layout.virtual(ofPhysical: region.base)..<layout.virtual(ofPhysical: region.end)
    let shift = AddressLayout.pageShift
    let pages = (region.base >> shift)..<(region.end >> shift)
    memmap = layout.structPage(ofPFN: pages.lowerBound)..<layout.structPage(ofPFN: pages.upperBound)
    let mask = SectionState.pages - 1
    sectionMemmap =
      layout.structPage(
        ofPFN: pages.lowerBound & ~mask)..<layout.structPage(
        ofPFN: (pages.upperBound + mask) & ~mask)
  }

}
