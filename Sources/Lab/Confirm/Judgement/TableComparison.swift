// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Holds the tables of a running kernel against those of the model, from the root down, entry by entry, as far
/// as they translate some ranges.
struct TableComparison {
  /// Differences that are told of one step; the rest is counted.
  static let mostDifferences = 12

  let layout: AddressLayout
  let bits: EntryBits
  let windows: [Range<UInt64>]
  let observation: Observation
  /// The kernel's tables by page frame.
  private let kernelTables: [UInt64: KernelTable]
  /// The partners before the step.
  private let before: PageBindings

  /// The partners after it.
  private(set) var bindings = PageBindings()
  private(set) var differences: [(place: String, model: String, kernel: String)] = []
  private(set) var leaves = 0
  private(set) var tables = 0
  /// Differences beyond those that are told.
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

  /// A table of the model's and one of the kernel's at the same place.
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

  /// Pages that were partners before stay so.
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

  /// An address by what it is for.
  private func name(_ address: UInt64) -> String {
    let isMemmap = (layout.vmemmapStart..<layout.vmemmapEnd).contains(address)
    return "\(isMemmap ? "the memmap" : "the linear map") at \(hex(address))"
  }
}

/// An entry of a table and what it means.
private struct Entry {
  enum Kind: Hashable {
    case none
    case nonPresent
    /// Of the model's tables, by number.
    case table(Int)
    /// Of the kernel's tables, by page frame.
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

/// A number as kernels print addresses.
func hex(_ number: UInt64) -> String { "0x\(String(number, radix: 16))" }
