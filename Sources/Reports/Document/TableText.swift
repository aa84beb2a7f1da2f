// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A table in columns of text.
///
/// A table that is too wide changes its form. If cells have marks, it prints the marks, in several tables
/// below each other if necessary. Else it wraps the cells, or becomes a list of its rows.
struct TableText {
  let layout: LineLayout
  let indent: Int

  private static let gap = 2

  func lines(_ table: Table) -> [String] {
    let caption = table.caption.isEmpty ? [] : layout.lines(table.caption, indent: indent)
    let inner = TableText(layout: layout, indent: indent + (caption.isEmpty ? 0 : 2))
    return caption + inner.body(table)
  }

  private var room: Int { layout.columns - indent }

  private func body(_ table: Table) -> [String] {
    let widths = Self.widths(table) { LineLayout.width($0.phrase.plain) }
    if total(widths) <= room { return rows(table, widths) }
    if table.rows.contains(where: { $0.cells.contains { $0.mark != nil } }) {
      return bands(marked(table)) + legend(table)
    }
    let least = Self.widths(table) { LineLayout.longestWord($0.phrase) }
    guard total(least) <= room else { return records(table) }
    return rows(table, shrunk(widths, to: least))
  }

  private func total(_ widths: [Int]) -> Int {
    widths.reduce(0, +) + Self.gap * max(0, widths.count - 1)
  }

  private static func widths(_ table: Table, _ width: (Table.Cell) -> Int) -> [Int] {
    table.head.indices.map { column in
      max(
        width(table.head[column]),
        table.rows.map { column < $0.cells.count ? width($0.cells[column]) : 0 }.max() ?? 0)
    }
  }

  /// Narrows the widest column until the table fits.
  private func shrunk(_ widths: [Int], to least: [Int]) -> [Int] {
    var widths = widths
    while total(widths) > room {
      let open = widths.indices.filter { widths[$0] > least[$0] }
      guard let widest = open.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
    }
    return widths
  }

  private func rows(_ table: Table, _ widths: [Int]) -> [String] {
    let head =
      table.head.allSatisfy(\.phrase.isEmpty)
      ? [] : row(.init(cells: table.head.map { .init($0.phrase.toned(.faint)) }), table, widths)
    return head + table.rows.flatMap { row($0, table, widths) }
  }

  private func row(_ row: Table.Row, _ table: Table, _ widths: [Int]) -> [String] {
    let cells = widths.indices.map { column -> [String] in
      guard column < row.cells.count else { return [""] }
      let narrow = LineLayout(columns: widths[column], style: layout.style)
      let phrase = row.cells[column].phrase
      return narrow.lines(row.isMarked ? phrase.toned(.bad) : phrase)
    }
    let plain = widths.indices.map { column -> [Int] in
      guard column < row.cells.count else { return [0] }
      let narrow = LineLayout(columns: widths[column], style: TextStyle(isColoured: false))
      return narrow.lines(row.cells[column].phrase).map(LineLayout.width)
    }
    return (0..<(cells.map(\.count).max() ?? 0)).map { line in
      var text = ""
      for column in widths.indices {
        let cell = line < cells[column].count ? cells[column][line] : ""
        let width = line < plain[column].count ? plain[column][line] : 0
        let padding = LineLayout.blanks(widths[column] - width)
        let rule = table.hasRule && column > 0 ? "| " : ""
        text += rule + (table.numbers.contains(column) ? padding + cell : cell + padding)
        if column < widths.count - 1 { text += LineLayout.blanks(Self.gap) }
      }
      while text.last == " " { text.removeLast() }
      let mark = row.isMarked && indent >= 2 ? LineLayout.blanks(indent - 2) + "> " : nil
      return (mark ?? LineLayout.blanks(indent)) + text
    }
  }

  // MARK: - Marks

  private func marked(_ table: Table) -> Table {
    var marked = table
    for row in table.rows.indices {
      for (column, cell) in table.rows[row].cells.enumerated() {
        guard let mark = cell.mark else { continue }
        let tone = cell.phrase.spans.first?.tone ?? .plain
        marked.rows[row].cells[column] = Table.Cell(Phrase(mark, tone: tone))
      }
    }
    return marked
  }

  /// Splits the table into groups of columns that fit; each group repeats the first column.
  private func bands(_ table: Table) -> [String] {
    let widths = Self.widths(table) { LineLayout.width($0.phrase.plain) }
    var lines: [String] = []
    var next = 1
    while next < widths.count {
      var band = [0]
      while next < widths.count,
        band.count == 1 || total((band + [next]).map { widths[$0] }) <= room
      {
        band.append(next)
        next += 1
      }
      var part = table
      part.head = band.map { table.head[$0] }
      part.rows = table.rows.map { row in
        Table.Row(cells: band.map { row.cells[$0] }, isMarked: row.isMarked)
      }
      part.numbers = Set(band.indices.filter { table.numbers.contains(band[$0]) })
      lines += rows(part, band.map { widths[$0] })
    }
    return lines
  }

  /// The meanings of the marks, e.g. "+ there, - lacking".
  private func legend(_ table: Table) -> [String] {
    var words: [(mark: String, word: String)] = []
    for cell in table.rows.flatMap(\.cells) {
      guard let mark = cell.mark, !words.contains(where: { $0.mark == mark }) else { continue }
      words.append((mark, cell.phrase.plain))
    }
    let isChinese = words.contains { Phrase($0.word).endsInChinese }
    let legend = words.map { "\($0.mark) \($0.word)" }
      .joined(separator: isChinese ? "\u{ff0c}" : ", ")
    return layout.lines(Phrase(legend, tone: .faint), indent: indent)
  }

  // MARK: - Records

  /// Prints each row as its first cell, followed by one line per other cell.
  private func records(_ table: Table) -> [String] {
    table.rows.flatMap { row -> [String] in
      guard let first = row.cells.first else { return [] }
      let rest = zip(table.head, row.cells).dropFirst().filter { !$1.phrase.isEmpty }
      return layout.lines(first.phrase.toned(.strong), indent: indent)
        + rest.flatMap { head, cell in
          layout.lines(
            head.phrase.isEmpty ? cell.phrase : head.phrase.labelling(cell.phrase),
            indent: indent + 2, hanging: indent + 4)
        }
    }
  }
}
