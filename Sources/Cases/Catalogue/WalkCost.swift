// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// An upper bound of the entries that an operation looks at, so that a scenario from a user's file cannot
/// keep the port busy for hours: tables may be shared, and a few pages of pointers then fan out to 512^4
/// entries.
struct WalkCost {
  /// The most entries that one operation may look at.
  static let maximumSteps: UInt64 = 1 << 22

  let layout: AddressLayout
  /// For each table, the tables that a walk may reach through its entries, leaves and raw words included.
  private let children: [[Int]]
  /// Whether two entries point to the same table. Without that, a walk sees each entry once.
  let isShared: Bool

  init(scenario: Scenario, layout: AddressLayout, bits: EntryBits) {
    self.layout = layout
    let pfnMask: UInt64 = (1 << bits.pfnBits) - 1
    var parents = [Int](repeating: 0, count: scenario.tables.count)
    children = scenario.tables.map { table in
      var found: [Int] = []
      for run in table.entries {
        switch run.value {
        case .table(let child): found.append(child)
        case .raw(let word):
          // Leaves count too: a level without a leaf test walks a leaf as a table (hazard H6).
          guard let child = Pool.table(ofPFN: word >> bits.pfnShift & pfnMask, in: layout),
            child < scenario.tables.count
          else { continue }
          found += [Int](repeating: child, count: run.count)
        case .leaf(let pfn, _):
          let step = layout.size(of: table.level) >> AddressLayout.pageShift
          for index in 0..<run.count {
            guard let child = Pool.table(ofPFN: pfn + UInt64(index) * step, in: layout),
              child < scenario.tables.count
            else { continue }
            found.append(child)
          }
        }
      }
      for child in found { parents[child] += 1 }
      return found
    }
    isShared = parents.contains { $0 > 1 }
  }

  /// The most entries that a walk of [start, end) from a table of a level looks at.
  func steps(from start: UInt64, to end: UInt64, level: Level, table: Int) -> UInt64 {
    let own = (end - start) >> layout.shift(of: level) + 2
    let rounds = own / UInt64(layout.entriesPerTable) + 1
    let below = isShared ? entriesBelow(table) : UInt64(children.count * layout.entriesPerTable)
    let (product, overflows) = rounds.multipliedReportingOverflow(by: below)
    guard !overflows, product < .max - own else { return .max }
    return own + product
  }

  /// The most leaves that `create_linear_mapping_range` writes for an `arch_add_memory`; 0 for other
  /// operations.
  func mappingSteps(of operation: Operation, in globals: Scenario.Globals) -> UInt64 {
    guard operation.function == KernelFunction.archAddMemory.rawValue else { return 0 }
    let pageMask = AddressLayout.pageSize - 1
    if globals.isDebugPagealloc || operation.start & pageMask != 0 {
      return operation.end >> AddressLayout.pageShift + 1
    }
    let largest: Level = layout.mode.isL4Enabled ? .pud : .pmd
    return operation.end >> layout.shift(of: largest) + 4 * UInt64(layout.entriesPerTable)
  }

  /// The number of entries below a table. Those of a shared table count once for each path to it. A walk goes
  /// down one level at each pointer, so a cycle of pointers ends at the fifth.
  private func entriesBelow(_ table: Int) -> UInt64 {
    let ceiling = Self.maximumSteps + 1
    let own = UInt64(layout.entriesPerTable)
    var below = [UInt64](repeating: own, count: children.count)
    for _ in 1..<layout.mode.levelCount {
      below = children.map { list in
        list.reduce(own) { min($0 + below[$1], ceiling) }
      }
    }
    return below[table]
  }
}
