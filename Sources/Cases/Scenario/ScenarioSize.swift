// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The size of a scenario, for "the smallest that shows it": a strict total order on the contents of
/// scenarios, without ids and purposes.
///
/// Fewer operations come first; then fewer entries (tables, runs, slots), a smaller range, a lower level,
/// simpler owners, fewer settings, and last smaller numbers. Two scenarios are equal in this order only if
/// their contents are equal. A descent ends, because every part is a natural number and the counts at the
/// front bound the number of parts.
public struct ScenarioSize: Hashable, Comparable, Sendable {
  /// The number of calls.
  public let operations: Int
  /// The number of tables, including the root.
  public let tables: Int
  /// The number of runs of entries and frames, altmaps, pgmaps and sections.
  public let runs: Int
  /// The number of non-zero entries.
  public let entries: Int
  /// The pages of the ranges of all calls together. The length of each range is rounded up to whole pages.
  public let pages: UInt64
  /// The sum of the ranks of the called functions, innermost lowest, and of the levels of the tables.
  public let levels: UInt64
  /// The sum of the ranks of the owners of tables and frames: 0 for the allocator, 1 for reserved, 2 for an
  /// altmap. The root counts 0 if it is reserved.
  public let owners: Int
  /// The number of parameters in calls, of constructed tables, and of globals, failures and other settings
  /// that differ from the default.
  public let settings: Int
  /// The number of addresses, sizes and leaves that are not aligned to their page or block.
  let oddities: Int
  /// The full contents as ``ScenarioNumbers`` writes them. They decide between scenarios of otherwise equal
  /// size.
  let numbers: [UInt64]

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
  /// The sort key for the search for the smallest scenario.
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

  /// The address layout of the scenario's mode. Nil if the mode does not exist, or no subject has the index
  /// width.
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
    if globals.isUniprocessor { settings += 1 }
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
  /// Bytes of the range, or of the block. 0 if the call has none or the range is backward.
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
