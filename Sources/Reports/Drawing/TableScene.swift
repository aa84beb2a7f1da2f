// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The contents of a page-table drawing, before layout: boxes and their rows.
struct TableScene: Sendable {
  /// A run of similar entries.
  struct Row: Sendable, Hashable {
    /// The slots, e.g. "[5]" or "[5..7]".
    var label: String
    /// The contents of the entries.
    var text: String
    /// A second line, e.g. the physical address and the owner of a leaf's pages.
    var note: String?
    /// Whether the range of a call overlaps the row's range.
    var isInRange = false
    /// Whether the sides differ here.
    var isMarked = false
    /// Whether the entries are empty.
    var isEmpty = false
    /// Whether the case emptied the entries.
    var isCleared = false
    /// The number of the table that the entry points to.
    var target: Int?
  }

  /// A table page.
  struct Box: Sendable, Hashable {
    var table: Int
    /// "table 1 (pmd)".
    var title: String
    /// The page's owner and constructor balance, then "the root" or the first address that the table
    /// translates.
    var notes: [String]
    /// The number of tables above it.
    var depth: Int
    /// Whether its page was freed.
    var isFreed: Bool
    /// Whether the root leads to it.
    var isLinked: Bool
    /// Whether the sides differ in the life of the table.
    var isMarked: Bool
    /// Its entries that are not empty, were emptied, or are in the range of a call.
    var rows: [Row]
    /// The number of omitted runs.
    var omitted = 0
  }

  /// The limits of a drawing.
  struct Bounds: Sendable {
    /// The most tables, because a subject can allocate thousands.
    var boxes = 12
    /// The most freed tables that nothing leads to, beside those that are marked. They all look the same.
    var freed = 3
    /// The most runs of entries of one table, and of all tables. With many tables, each shows fewer runs.
    var rows = 10
    var rowsOfAll = 60
  }

  /// The root, then the tables that it reaches, then unlinked tables.
  private(set) var boxes: [Box]
  /// The number of omitted tables.
  private(set) var omitted: Int

  init(boxes: [Box], omitted: Int = 0) {
    self.boxes = boxes
    self.omitted = omitted
  }

  /// Creates the scene of a state.
  init(_ state: FigureState, bounds: Bounds = Bounds()) {
    let places = Self.places(state.snapshot)
    let kept = Self.kept(places, state: state, bounds)
    let rows = min(bounds.rows, max(3, bounds.rowsOfAll / kept.count))
    boxes = places.filter { kept.contains($0.table) }.map {
      Self.box(at: $0, of: state, rows: rows)
    }
    omitted = places.count - kept.count
  }

  /// A table and its position in the tree.
  private struct Place {
    var table: Int
    var depth: Int
    var parent: Int?
    var isLinked: Bool
  }

  /// All tables in drawing order, each once.
  private static func places(_ snapshot: TableSnapshot) -> [Place] {
    var places: [Place] = []
    var seen: Set<Int> = []
    func visit(_ root: Place) {
      var open = [root]
      while let place = open.popLast() {
        guard seen.insert(place.table).inserted else { continue }
        places.append(place)
        guard snapshot.holds(place.table), place.depth < Level.allCases.count else { continue }
        for word in snapshot.words(of: place.table).reversed() {
          guard let below = snapshot.tableBelow(word), snapshot.tables.indices.contains(below)
          else { continue }
          open.append(
            Place(
              table: below, depth: place.depth + 1, parent: place.table, isLinked: place.isLinked))
        }
      }
    }
    visit(Place(table: 0, depth: 0, isLinked: true))
    for table in snapshot.tables.indices where !seen.contains(table) {
      visit(Place(table: table, depth: 0, isLinked: false))
    }
    return places
  }

  /// The tables within the limits: first those that matter, with all tables above them, then others in order.
  private static func kept(_ places: [Place], state: FigureState, _ bounds: Bounds) -> Set<Int> {
    let limit = bounds.boxes
    let parents = Dictionary(places.map { ($0.table, $0.parent) }) { first, _ in first }
    let freed = places.filter { place in
      place.parent == nil && place.table != 0 && !state.snapshot.holds(place.table)
        && !state.markedTables.contains(place.table) && state.marked?.table != place.table
    }
    let surplus = Set(freed.map(\.table).dropFirst(bounds.freed))
    var kept: Set<Int> = [0]
    for table in state.matters where !surplus.contains(table) {
      var path: [Int] = []
      var next: Int? = parents[table] != nil ? table : nil
      while let table = next, !path.contains(table) {
        path.append(table)
        next = parents[table] ?? nil
      }
      if kept.union(path).count <= limit { kept.formUnion(path) }
    }
    for place in places where kept.count < limit && !surplus.contains(place.table) {
      // Without its parent, the table would look unlinked.
      if place.parent.map(kept.contains) ?? true { kept.insert(place.table) }
    }
    return kept
  }

  private static func box(at place: Place, of state: FigureState, rows limit: Int) -> Box {
    let table = place.table
    let isFreed = !state.snapshot.holds(table)
    let all = isFreed ? [] : state.rows(of: table)
    let mark = all.firstIndex(where: \.isMarked) ?? 0
    let start = mark < limit ? 0 : min(mark - limit / 2, all.count - limit)
    return Box(
      table: table, title: state.snapshot.naming.table(table), notes: state.notes(of: table),
      depth: place.depth, isFreed: isFreed, isLinked: place.isLinked,
      isMarked: state.markedTables.contains(table),
      rows: Array(all[start...].prefix(limit)), omitted: max(0, all.count - limit))
  }
}
