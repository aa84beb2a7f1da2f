// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Compares the tables of a running kernel with those of the model, from the root down, entry by entry, as
/// far as they translate the given ranges.
struct TableComparison {
  /// The maximum number of differences that are reported for a step; the rest is only counted.
  static let mostDifferences = 12

  let layout: AddressLayout
  let bits: EntryBits
  let windows: [Range<UInt64>]
  let observation: Observation
  /// The kernel's tables, by PFN.
  private let kernelTables: [UInt64: KernelTable]
  /// The page pairs before the step.
  private let before: PageBindings

  /// The page pairs after the step.
  private(set) var bindings = PageBindings()
  private(set) var differences: [(place: String, model: String, kernel: String)] = []
  private(set) var leaves = 0
  private(set) var tables = 0
  /// The number of differences that are not reported.
  private(set) var more = 0

  init(
    observation: Observation, kernel: [KernelTable], before: PageBindings,
    windows: [Range<UInt64>], layout: AddressLayout, bits: EntryBits
  ) {
    self.observation = observation
    self.before = before
    self.windows = windows
    self.layout = layout
    self.bits = bits
    kernelTables = Dictionary(kernel.map { ($0.pfn, $0) }, uniquingKeysWith: { first, _ in first })
    guard let root = kernel.first, !observation.tables.isEmpty else {
      differences.append(("the root", "a table", "nothing that could be read"))
      return
    }
    pair(0, root.pfn, depth: layout.mode.levels.count - 1, base: 0, at: "the root")
  }

  /// Compares a table of the model with the table of the kernel at the same place.
  private mutating func pair(
    _ number: Int, _ pfn: UInt64, depth: Int, base: UInt64, at place: String
  ) {
    let level = layout.mode.levels[depth]
    guard bind(Pool.pfn(ofTable: number, in: layout), pfn) else {
      return note(place, "the table that was there before", "another page, \(hex(pfn))")
    }
    guard let kernel = kernelTables[pfn], observation.tables.indices.contains(number) else {
      return note(
        place, "a \(level.name) table", "a pointer to \(hex(pfn)), which could not be read")
    }
    tables += 1
    let words = TableWords(kernel).words
    for slot in 0..<layout.entriesPerTable {
      let start = layout.address(ofSlot: slot, at: level, from: base)
      guard layout.touches(windows, from: start, at: level) else { continue }
      compare(
        Entry(layout, bits, observation.tables[number][slot], level, isModel: true),
        Entry(layout, bits, words[slot], level, isModel: false), depth: depth, start: start)
    }
  }

  private mutating func compare(_ model: Entry, _ kernel: Entry, depth: Int, start: UInt64) {
    let level = layout.mode.levels[depth]
    let place = "the \(level.name) entry of \(name(start))"
    switch (model.kind, kernel.kind) {
    case (.none, .none): break
    case (.table(let number), .pointer(let pfn)):
      pair(number, pfn, depth: depth - 1, base: start, at: place)
    case (.leaf(let modelPFN, let modelBits), .leaf(let kernelPFN, let kernelBits)):
      leaves += 1
      let isAllocated = Blocks.pfns(in: layout).contains(modelPFN) || isOfPool(modelPFN)
      let isSame = isAllocated ? bind(modelPFN, kernelPFN) : modelPFN == kernelPFN
      let mask = (layout.size(of: level) >> AddressLayout.pageShift) - 1
      if !isSame || modelBits != kernelBits || (isAllocated && kernelPFN & mask != 0) {
        note(place, model.sentence, kernel.sentence)
      }
    default: note(place, model.sentence, kernel.sentence)
    }
  }

  /// Pages that were partners before the step must stay partners.
  private mutating func bind(_ model: UInt64, _ kernel: UInt64) -> Bool {
    if let known = before.kernel(ofModel: model), known != kernel { return false }
    return bindings.bind(model: model, kernel: kernel)
  }

  private func isOfPool(_ pfn: UInt64) -> Bool { Pool.table(ofPFN: pfn, in: layout) != nil }

  private mutating func note(_ place: String, _ model: String, _ kernel: String) {
    guard differences.count < Self.mostDifferences else {
      more += 1
      return
    }
    differences.append((place, model, kernel))
  }

  /// An address, with the region that it belongs to.
  private func name(_ address: UInt64) -> String {
    let isMemmap = (layout.vmemmapStart..<layout.vmemmapEnd).contains(address)
    return "\(isMemmap ? "the memmap" : "the linear map") at \(hex(address))"
  }
}

/// A table entry and its meaning.
private struct Entry {
  enum Kind: Hashable {
    case none
    case nonPresent
    /// A table of the model, by number.
    case table(Int)
    /// A table of the kernel, by PFN.
    case pointer(UInt64)
    case leaf(pfn: UInt64, protection: UInt64)
  }

  let kind: Kind
  let sentence: String

  init(_ layout: AddressLayout, _ bits: EntryBits, _ word: UInt64, _ level: Level, isModel: Bool) {
    let pfn = bits.pfn(of: word)
    if word == 0 {
      (kind, sentence) = (.none, "nothing")
    } else if word & bits.present == 0 {
      (kind, sentence) = (.nonPresent, "the word \(hex(word)), which maps nothing")
    } else if level == .pte || bits.isLeaf(word) {
      kind = .leaf(pfn: pfn, protection: word & ~bits.pfnMask)
      let isOwn = isModel && Blocks.pfns(in: layout).contains(pfn)
      let target = isOwn ? "memory from the page allocator" : "page frame \(hex(pfn))"
      sentence =
        "a \(level.name) leaf of \(target), protection \(hex(word & ~bits.pfnMask))"
    } else if isModel, let number = Pool.table(ofPFN: pfn, in: layout) {
      (kind, sentence) = (.table(number), "a table below")
    } else {
      (kind, sentence) = (.pointer(pfn), "a table below, in page frame \(hex(pfn))")
    }
  }
}

/// A number in the kernel's format for addresses.
func hex(_ number: UInt64) -> String { "0x\(String(number, radix: 16))" }
