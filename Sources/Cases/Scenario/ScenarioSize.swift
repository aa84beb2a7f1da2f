// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// How large a scenario is, for "the smallest that shows it": a strict total order on what
/// scenarios hold, their ids and purposes aside.
///
/// Fewer operations come first; then fewer entries (tables, runs of them, slots), a smaller range,
/// a lower level, simpler owners, fewer things set, and at last smaller numbers. Two scenarios are
/// equal in it only when they hold the same. A descent ends: every part is a natural number, and
/// the counts at the front bound how many there are.
public struct ScenarioSize: Hashable, Comparable, Sendable {
  /// Calls.
  public let operations: Int
  /// Tables, the root included.
  public let tables: Int
  /// Runs of entries and of frames, altmaps, pgmaps, and sections.
  public let runs: Int
  /// Entries that are not zero.
  public let entries: Int
  /// Pages that the ranges of the calls touch, all together; a page in part counts whole.
  public let pages: UInt64
  /// The ranks of the functions called, innermost lowest, and of the tables' levels, added up.
  public let levels: UInt64
  /// What the owners of tables and frames add up to: the allocator's count 0, reserved ones 1, an
  /// altmap's 2. The root is plain when it is reserved.
  public let owners: Int
  /// Globals, failures, constructors and parameters that are not as in the plainest case.
  public let settings: Int
  /// Addresses, sizes and leaves that are not aligned to the page or block they name.
  let oddities: Int
  /// Everything there is, as `ScenarioNumbers` writes it: what decides between scenarios that are
  /// otherwise of a size.
  let numbers: [UInt64]

  /// Whether `left` is the smaller one.
  public static func < (left: ScenarioSize, right: ScenarioSize) -> Bool {
    let (mine, theirs) = (left.amount, right.amount)
    if mine != theirs { return mine < theirs }
    let (plain, otherPlain) = (left.plainness, right.plainness)
    if plain != otherPlain { return plain < otherPlain }
    return left.numbers.lexicographicallyPrecedes(right.numbers)
  }

  private var amount: (Int, Int, Int, Int, UInt64) { (operations, tables, runs, entries, pages) }
  private var plainness: (UInt64, Int, Int, Int) { (levels, owners, settings, oddities) }
}

extension Scenario {
  /// The key by which scenarios are ordered when the smallest is wanted.
  public var complexity: ScenarioSize {
    let layout = layout
    return ScenarioSize(
      operations: operations.count, tables: tables.count,
      runs: tables.reduce(0) { $0 + $1.entries.count } + frames.count + altmaps.count
        + sections.count + pgmaps.count,
      entries: tables.reduce(0) { sum, table in
        table.entries.reduce(sum) { $0 &+ max($1.count, 0) }
      },
      pages: operations.reduce(0) { $0.addingWithoutOverflow($1.pages) },
      levels: operations.reduce(0) { $0 + UInt64($1.function.rawValue) }
        + tables.reduce(0) { $0 + UInt64($1.level.rawValue) },
      owners: ownerRanks, settings: settingCount, oddities: oddityCount(layout),
      numbers: ScenarioNumbers(self, layout: layout).numbers)
  }

  /// The addresses of the scenario's mode; nil for a mode that there is not, or an index width that
  /// no subject has.
  public var layout: AddressLayout? {
    guard Self.indexWidths.contains(indexBits),
      let mode = Architecture.riscv.mode(named: mode)
    else { return nil }
    return AddressLayout(mode: mode, indexBits: indexBits)
  }

  private var ownerRanks: Int {
    let ranks = tables.dropFirst().map(\.owner.rawValue) + frames.map(\.owner.rawValue)
    return ranks.reduce(tables.first?.owner == .reserved ? 0 : 1) { $0 + Int($1) }
  }

  private var settingCount: Int {
    var settings = tables.count(where: \.isConstructed)
    for call in operations {
      settings += CallField.allCases.count { $0.isPresent(in: call) }
    }
    if globals.isDebugPagealloc { settings += 1 }
    if globals.maxPFN != 0 { settings += 1 }
    if globals.maxLowPFN != 0 { settings += 1 }
    if core != .recorded { settings += 1 }
    settings += pgmaps.count { $0.vmemmapShift != 0 }
    if injected.addPagesResult != 0 { settings += 1 }
    if injected.allocationBudget != nil { settings += 1 }
    if injected.failingAllocation != nil { settings += 1 }
    return settings
  }

  private func oddityCount(_ layout: AddressLayout?) -> Int {
    let pageMask = AddressLayout.pageSize - 1
    var odd = 0
    for call in operations {
      odd += [call.start, call.end, call.size, call.physical, call.blockSize].count {
        ($0 ?? 0) & pageMask != 0
      }
    }
    guard let layout else { return odd }
    for table in tables {
      let mask = (layout.size(of: table.level) >> AddressLayout.pageShift) - 1
      for run in table.entries {
        if case .leaf(let pfn, _) = run.value, pfn & mask != 0 { odd += 1 }
      }
    }
    return odd
  }
}

extension Scenario.Call {
  /// Bytes of its range, or of its block; 0 where it has none or the range is backward.
  public var length: UInt64 {
    if let size { return size }
    guard let start, let end, end > start else { return 0 }
    return end - start
  }

  fileprivate var pages: UInt64 {
    length >> AddressLayout.pageShift + (length & (AddressLayout.pageSize - 1) == 0 ? 0 : 1)
  }
}

extension UInt64 {
  fileprivate func addingWithoutOverflow(_ other: UInt64) -> UInt64 {
    let (sum, overflows) = addingReportingOverflow(other)
    return overflows ? .max : sum
  }
}
