// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

/// A kernel adds, removes, maps and populates whole pages, one at least, and a walk gets a part of what its
/// table translates. A text that warns about anything else, or does something else there, must not be blamed.
@Suite("Every call has arguments with which a kernel calls the function")
struct CallArgumentTests {
  /// The cases that reach a branch which texts have for such a call. A warning there is no difference
  /// (`StrayCalls`).
  private static let kept: Set<String> = [
    "remove-pte-mapping/linear-unaligned-end", "remove-pte-mapping/vmemmap-unaligned-end",
  ]

  /// The call, if no kernel makes it; otherwise nil.
  private func stray(_ call: Operation, _ layout: AddressLayout) -> String? {
    guard let function = KernelFunction(rawValue: call.function) else { return nil }
    let arePages = (call.start | call.end) % AddressLayout.pageSize == 0
    let isSound =
      switch function {
      case .archAddMemory: arePages && call.end > 0 && call.protection != 0
      case .removeLinearMapping, .archRemoveMemory: arePages && call.end > 0
      case .freeVmemmapStorage: Level.allCases.contains { layout.size(of: $0) == call.end }
      case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping:
        arePages && call.start < call.end && call.end - call.start <= span(of: function, layout)
      case .removePgdMapping, .vmemmapFree, .vmemmapPopulate, .vmemmapPopulateHugepages,
        .createLinearMappingRange:
        arePages && call.start < call.end
      default: true
      }
    return isSound
      ? nil
      : "\(function.name)(\(String(call.start, radix: 16)), \(String(call.end, radix: 16)))"
  }

  /// The bytes that a walk's table translates, or the root's entry for a folded level.
  private func span(of function: KernelFunction, _ layout: AddressLayout) -> UInt64 {
    guard let level = function.walkedLevel else { return .max }
    return layout.mode.isFolded(level)
      ? layout.size(of: .pgd) : layout.size(of: level) << layout.indexBits
  }

  /// The leaves in the tables that no kernel makes: not aligned for their level, or not of memory.
  private func impossible(_ image: MachineImage) -> [String] {
    let layout = image.layout
    let bits = Architecture.riscv.entryBits
    var tables = [[UInt64]](
      repeating: [UInt64](repeating: 0, count: layout.entriesPerTable), count: image.tables.count)
    for run in image.runs {
      for (slot, word) in run.words where slot < layout.entriesPerTable {
        tables[Int(run.table)][slot] = word
      }
    }
    let first = layout.ramBase >> AddressLayout.pageShift
    let end = (layout.ramBase + layout.linearSize) >> AddressLayout.pageShift
    return PageTableWalk(tables, layout: layout).entries.compactMap { entry in
      // The kernel also takes a prot_none word for a leaf, at the two lowest levels.
      let isHidden = entry.kind == .nonPresent && entry.word & bits.protNone != 0
      let isLeaf = entry.kind == .leaf || (isHidden && hasLeaf(entry, bits))
      let pfn = bits.pfn(of: entry.word)
      let pages = layout.size(of: entry.level) >> AddressLayout.pageShift
      guard isLeaf, pfn % pages != 0 || pfn < first || pfn + pages > end else { return nil }
      return "a \(entry.level.name) leaf of page frame \(String(pfn, radix: 16))"
    }
  }

  private func hasLeaf(_ entry: PageTableWalk.Entry, _ bits: EntryBits) -> Bool {
    // A word without an address stands for the lone bit.
    guard bits.pfn(of: entry.word) != 0 else { return false }
    return entry.level == .pte || (entry.level == .pmd && entry.word & bits.leaf != 0)
  }

  @Test("in every named case", arguments: Architecture.riscv.modes)
  func named(mode: PagingMode) throws {
    try EveryImage.named(mode) { scenario, image in
      for call in image.operations where !Self.kept.contains(scenario.id) {
        #expect(stray(call, image.layout) == nil, "\(scenario.id)")
      }
      #expect(impossible(image).isEmpty, "\(scenario.id)")
    }
  }

  @Test("in every universe, for every range", arguments: Architecture.riscv.modes)
  func universes(mode: PagingMode) {
    EveryImage.universes(mode) { place, cursor in
      let leaves = impossible(cursor.image)
      if !leaves.isEmpty { Issue.record("\(place): \(leaves)") }
    }
    EveryImage.callsOfUniverses(mode) { place, image in
      let found = image.operations.compactMap { stray($0, image.layout) }
      if !found.isEmpty { Issue.record("\(place): \(found)") }
    }
  }

  @Test("in random cases", arguments: Architecture.riscv.modes)
  func random(mode: PagingMode) throws {
    try EveryImage.random(mode) { scenario, image in
      for call in image.operations { #expect(stray(call, image.layout) == nil, "\(scenario.id)") }
    }
  }

  @Test(
    "No reserved table has had a constructor, because boot code runs none",
    arguments: Architecture.riscv.modes)
  func bootTables(mode: PagingMode) throws {
    try EveryImage.named(mode) { scenario, _ in
      #expect(
        !scenario.tables.contains { $0.owner == .reserved && $0.isConstructed }, "\(scenario.id)")
    }
    EveryImage.universes(mode) { place, cursor in
      #expect(
        !cursor.image.tables.contains {
          $0.owner == PageOwner.reserved.rawValue && $0.constructed != 0
        }, "\(place)")
    }
  }
}
