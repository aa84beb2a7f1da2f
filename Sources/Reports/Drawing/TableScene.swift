// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// What a drawing of page tables shows, before anything of it has a place: boxes, and rows in them.
struct TableScene: Sendable {
  /// A run of like entries.
  struct Row: Sendable, Hashable {
    /// The slots: "[5]", "[5..7]".
    var label: String
    /// What stands there.
    var text: String
    /// A second line, for leaves: the protection and whose the pages are.
    var note: String?
    /// Whether a call of the case is about what it translates.
    var isInRange = false
    /// Whether the sides part here.
    var isMarked = false
    /// Whether something stood there before the case, and nothing now.
    var isCleared = false
    /// The table that it leads to, by number.
    var target: Int?
  }

  /// A table page.
  struct Box: Sendable, Hashable {
    /// Its number.
    var table: Int
    /// "table 1 (pmd)".
    var title: String
    /// Who owns its page, and whether its constructor has run.
    var notes: [String]
    /// Tables above it.
    var depth: Int
    /// Whether its page was freed.
    var isFreed: Bool
    /// Whether the root leads to it.
    var isLinked: Bool
    /// Whether the sides part in what became of it.
    var isMarked: Bool
    /// Its entries that are not empty.
    var rows: [Row]
    /// Runs of entries that are left out.
    var omitted = 0
  }

  /// What there is to draw, and how much of it.
  struct Bounds: Sendable {
    /// Tables of one drawing: a subject can allocate thousands.
    var boxes = 12
    /// Runs of entries of one table, and of all of them: where there are many tables each shows less.
    var rows = 10
    var rowsOfAll = 60
  }

  /// The root first, then what its entries lead to, then what nothing leads to.
  private(set) var boxes: [Box]
  /// Tables that are left out.
  private(set) var omitted: Int

  init(boxes: [Box], omitted: Int = 0) {
    self.boxes = boxes
    self.omitted = omitted
  }

  /// The scene of a state.
  init(_ state: FigureState, bounds: Bounds = Bounds()) {
    let places = Self.places(state.snapshot)
    let kept = Self.kept(places, state: state, atMost: bounds.boxes)
    let rows = min(bounds.rows, max(3, bounds.rowsOfAll / kept.count))
    boxes = places.filter { kept.contains($0.table) }.map {
      Self.box(at: $0, of: state, rows: rows)
    }
    omitted = places.count - kept.count
  }

  /// A table, where it hangs.
  private struct Place {
    var table: Int
    var depth: Int
    var parent: Int?
    var isLinked: Bool
  }

  /// All tables in the order of a drawing, each once.
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

  /// Which of them there is room for: those that matter with all above them, then the first.
  private static func kept(_ places: [Place], state: FigureState, atMost limit: Int) -> Set<Int> {
    let parents = Dictionary(places.map { ($0.table, $0.parent) }) { first, _ in first }
    var kept: Set<Int> = [0]
    for table in state.matters {
      var path: [Int] = []
      var next: Int? = parents[table] != nil ? table : nil
      while let table = next, !path.contains(table) {
        path.append(table)
        next = parents[table] ?? nil
      }
      if kept.union(path).count <= limit { kept.formUnion(path) }
    }
    for place in places where kept.count < limit {
      // A table whose parent is left out would hang in the air.
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
