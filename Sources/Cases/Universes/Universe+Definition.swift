// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Universe {
  /// Makes a universe, and writes its definition from the other arguments.
  init(
    name: String, mode: PagingMode, indexBits: UInt64, kinds: [EntryKind],
    rootKinds: [EntryKind], owners: [PageOwner], isConstructed: Bool, spineFrom: Level?,
    ranges: UniverseRanges, operations: [UniverseOperation]
  ) {
    self.init(
      name: name,
      definition: Self.definition(
        entries: 1 << indexBits, kinds: kinds, owners: owners, spineFrom: spineFrom,
        ranges: ranges, operations: operations),
      mode: mode, indexBits: indexBits, kinds: kinds, rootKinds: rootKinds, owners: owners,
      isConstructed: isConstructed, spineFrom: spineFrom, ranges: ranges, operations: operations)
  }

  private static func definition(
    entries: Int, kinds: [EntryKind], owners: [PageOwner], spineFrom: Level?,
    ranges: UniverseRanges, operations: [UniverseOperation]
  ) -> String {
    let free =
      switch spineFrom {
      case nil: "every entry of every table"
      case .pte?: "one entry at most in each table"
      case .some(let level): "one entry at most in each table from \(level.name) up, all below"
      }
    let extent =
      switch ranges {
      case .pages: "every page-aligned range"
      case .top: "every page-aligned range at the end of their area"
      case .edges:
        "every pair of half-page boundaries at the end of their area"
      case .blocks: "every block of each power of two of pages, and three pages"
      case .long: "4 GiB and a page from each of the first two pages"
      }
    let tables =
      owners.isEmpty
      ? "" : " or a table, each table of \(owners.map(\.scenarioName).joined(separator: " or "))"
    return "\(entries) entries a table; \(free): \(kinds.map(\.name).joined(separator: ", "))"
      + "\(tables); \(extent); "
      + operations.map(\.phrase).joined(separator: ", ")
  }
}
