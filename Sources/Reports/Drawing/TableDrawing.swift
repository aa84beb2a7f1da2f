// SPDX-License-Identifier: GPL-2.0-only

/// The layout of a page-table drawing: a column per depth, a box per table, a row per run of entries, and an
/// arrow from an entry to its table. Units are CSS pixels; y grows downwards.
struct TableDrawing: Sendable {
  struct Point: Sendable, Hashable {
    var x: Double
    var y: Double
  }

  struct Rect: Sendable, Hashable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double

    var right: Double { x + width }
    var bottom: Double { y + height }
  }

  /// A text; `origin` is the left end of its base line.
  struct Text: Sendable, Hashable {
    var origin: Point
    var words: String
    var width: Double { Double(words.count) * Measure.advance }
  }

  struct Row: Sendable, Hashable {
    var frame: Rect
    var label: Text
    var text: Text
    var note: Text?
    var content: TableScene.Row
  }

  struct Box: Sendable, Hashable {
    var frame: Rect
    var title: Text
    var notes: [Text]
    var rows: [Row]
    /// The number of omitted runs, as text.
    var rest: Text?
    var content: TableScene.Box
  }

  /// An arrow from the right edge of a row to the left edge of a box.
  struct Arrow: Sendable, Hashable {
    var start: Point
    var end: Point
    /// The numbers of the two tables.
    var from: Int
    var to: Int
    /// Whether the target is a freed table.
    var isDangling: Bool
  }

  /// The sizes of letters and gaps. All letters have one width, that of the widest usual monospace fonts, so
  /// that no text leaves its box.
  enum Measure {
    static let advance = 7.3
    static let line = 16.0
    static let ascent = 12.0
    static let padding = 8.0
    static let rowPadding = 3.0
    /// The space between columns, for the arrows.
    static let gutter = 44.0
    /// The space between the boxes of a column.
    static let gap = 14.0
    static let margin = 6.0
    /// The maximum length of a text, in letters. The drawing cuts longer texts; the text below it has them in
    /// full.
    static let letters = 40
  }

  private(set) var boxes: [Box] = []
  private(set) var arrows: [Arrow] = []
  /// The heading of the boxes that nothing leads to; nil where there are none.
  private(set) var apart: Text?
  /// The number of omitted tables, as text.
  private(set) var rest: Text?
  private(set) var width = 0.0
  private(set) var height = 0.0

  /// Lays out a scene.
  init(_ scene: TableScene) {
    let linked = scene.boxes.filter(\.isLinked)
    let loose = scene.boxes.filter { !$0.isLinked }
    let columns = Self.columns(scene.boxes)
    place(linked, columns: columns, from: Measure.margin)
    if !loose.isEmpty {
      let top = (boxes.map(\.frame.bottom).max() ?? 0) + Measure.gap + Measure.ascent
      apart = Text(origin: Point(x: Measure.margin, y: top), words: "not linked:")
      place(loose, columns: columns, from: top + Measure.gap)
    }
    if scene.omitted > 0 {
      let bottom = (boxes.map(\.frame.bottom).max() ?? 0) + Measure.gap + Measure.ascent
      rest = Text(
        origin: Point(x: Measure.margin, y: bottom),
        words: "\(scene.omitted) more table\(scene.omitted == 1 ? "" : "s")")
    }
    connect()
    let texts = [apart, rest].compactMap { $0 }
    width =
      max(boxes.map(\.frame.right).max() ?? 0, texts.map { $0.origin.x + $0.width }.max() ?? 0)
      + Measure.margin
    height =
      max(boxes.map(\.frame.bottom).max() ?? 0, texts.map { $0.origin.y + 4 }.max() ?? 0)
      + Measure.margin
  }

  private static func cut(_ words: String) -> String {
    words.count <= Measure.letters ? words : words.prefix(Measure.letters - 1) + "\u{2026}"
  }

  /// The left edge and the width of each column. A column is as wide as its widest box.
  private static func columns(_ boxes: [TableScene.Box]) -> [(x: Double, width: Double)] {
    var columns: [(x: Double, width: Double)] = []
    var x = Measure.margin
    for depth in 0...(boxes.map(\.depth).max() ?? 0) {
      let needed = boxes.filter { $0.depth == depth }.map(widthNeeded).max() ?? 0
      columns.append((x, needed))
      x += needed + (needed > 0 ? Measure.gutter : 0)
    }
    return columns
  }

  private static func widthNeeded(_ box: TableScene.Box) -> Double {
    let heads = [box.title.count + (box.isFreed ? 8 : 0)] + box.notes.map { cut($0).count }
    let label = box.rows.map(\.label.count).max() ?? 0
    let rows = box.rows.flatMap { row in
      [label + 1 + cut(row.text).count + (row.isMarked ? 2 : 0), cut(row.note ?? "").count]
    }
    let rest = box.omitted > 0 ? restText(box.omitted).count : 0
    let letters = (heads + rows + [rest]).max() ?? 0
    return Double(letters) * Measure.advance + 2 * Measure.padding + 10
  }

  private static func restText(_ count: Int) -> String {
    "\(count) more run\(count == 1 ? "" : "s") of entries"
  }

  /// Puts boxes into their columns from the top, each next to its parent's entry if there is room.
  private mutating func place(
    _ scenes: [TableScene.Box], columns: [(x: Double, width: Double)], from top: Double
  ) {
    var free = [Double](repeating: top, count: columns.count)
    var wanted: [Int: Double] = [:]
    for scene in scenes {
      let column = columns[scene.depth]
      let y = max(free[scene.depth], wanted[scene.table] ?? top)
      let box = Self.box(scene, at: Point(x: column.x, y: y), width: column.width)
      free[scene.depth] = box.frame.bottom + Measure.gap
      for row in box.rows {
        guard let target = row.content.target, wanted[target] == nil else { continue }
        wanted[target] = row.frame.y - Measure.rowPadding
      }
      boxes.append(box)
    }
  }

  private static func box(_ scene: TableScene.Box, at corner: Point, width: Double) -> Box {
    let left = corner.x + Measure.padding + 5
    var y = corner.y + Measure.rowPadding
    func text(_ words: String, x: Double = 0) -> Text {
      Text(origin: Point(x: left + x, y: y + Measure.ascent), words: cut(words))
    }
    let title = text(scene.title + (scene.isFreed ? ": freed" : ""))
    y += Measure.line
    var notes: [Text] = []
    for note in scene.notes {
      notes.append(text(note))
      y += Measure.line
    }
    y += Measure.rowPadding
    let indent = Double((scene.rows.map(\.label.count).max() ?? 0) + 1) * Measure.advance
    var rows: [Row] = []
    for content in scene.rows {
      let start = y
      y += Measure.rowPadding
      let label = text(content.label)
      let words = text(content.text, x: indent)
      y += Measure.line
      var note: Text?
      if let words = content.note {
        note = text(words)
        y += Measure.line
      }
      y += Measure.rowPadding
      rows.append(
        Row(
          frame: Rect(x: corner.x, y: start, width: width, height: y - start), label: label,
          text: words, note: note, content: content))
    }
    var rest: Text?
    if scene.omitted > 0 {
      y += Measure.rowPadding
      rest = text(restText(scene.omitted))
      y += Measure.line + Measure.rowPadding
    }
    return Box(
      frame: Rect(
        x: corner.x, y: corner.y, width: width, height: y - corner.y + Measure.rowPadding),
      title: title, notes: notes, rows: rows, rest: rest, content: scene)
  }

  /// Adds the arrows. They lead to the next column only; no correct table has a link to another column, and
  /// only its row shows it.
  private mutating func connect() {
    let places = Dictionary(boxes.map { ($0.content.table, $0) }) { first, _ in first }
    for box in boxes {
      for row in box.rows {
        guard let number = row.content.target, let target = places[number],
          target.content.depth == box.content.depth + 1
        else { continue }
        arrows.append(
          Arrow(
            start: Point(x: row.frame.right, y: row.frame.y + row.frame.height / 2),
            end: Point(x: target.frame.x, y: target.frame.y + 11), from: box.content.table,
            to: number, isDangling: target.content.isFreed))
      }
    }
  }
}
