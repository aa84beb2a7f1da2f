// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A document as plain text, for a terminal or a mail.
package struct TextPrinter {
  /// The line width where no terminal gives one, in columns.
  package static let columns = 100

  private let layout: LineLayout
  /// The least importance that the printer shows.
  package let least: Importance
  /// The maximum number of lines; nil for no limit.
  private let limit: Int?

  /// Creates a printer for a terminal.
  package init(style: TextStyle, isQuiet: Bool = false, isVerbose: Bool = false) {
    // Scripts read a quiet answer line by line.
    layout = LineLayout(columns: isQuiet ? .max : style.columns ?? Self.columns, style: style)
    least = isQuiet ? .answer : isVerbose ? .full : .brief
    limit = nil
  }

  /// Creates a printer for a mail. Kernel mailing lists wrap at 72 columns, which leaves room for quote
  /// marks, and a reader sees 25 lines without scrolling.
  package init(mailOf lines: Int = 25) {
    layout = LineLayout(
      columns: 72, style: TextStyle(isColoured: false), shortensWords: true)
    least = .essential
    limit = lines
  }

  /// The text, with a final newline.
  package func print(_ document: Document) -> String {
    // The indent keeps untrusted text from the start of a line, where it could pass for an answer.
    let lead = layout.lines(document.lead, hanging: 2)
    guard least > .answer else {
      let answers = document.sections.filter { $0.importance == .answer }.flatMap(\.blocks)
      return (lead + answers.filter(shows).flatMap { lines($0.kind, 2) }).joined(separator: "\n")
        + "\n"
    }
    var free = Self.spaced([lead] + document.sections.filter { !$0.isKept }.map { part($0, 0) })
    var kept = Self.spaced(document.sections.filter(\.isKept).map { part($0, 0) })
    if limit == nil {
      kept = Self.spaced([kept, footer(document)])
    }
    if let limit, free.count + kept.count + 1 > limit {
      let room = limit - kept.count - 2
      free = Array(free.prefix(room)) + ["[...] mhpcheck check --json FILE has the rest"]
    }
    return Self.spaced([free, kept]).joined(separator: "\n") + "\n"
  }

  /// The lines of one section, without colours, for a format that quotes them.
  package static func lines(of section: Section) -> [String] {
    TextPrinter(style: TextStyle(isColoured: false)).part(section, 0)
  }

  private func footer(_ document: Document) -> [String] {
    var lines: [String] = []
    if least == .full {
      lines += facts(document.footer, 0)
    }
    if let more = document.more { lines += layout.lines(more) }
    return lines
  }

  /// Joins groups of lines with an empty line between them, without empty groups.
  private static func spaced(_ groups: [[String]]) -> [String] {
    Array(groups.filter { !$0.isEmpty }.joined(separator: [""]))
  }

  private func part(_ section: Section, _ indent: Int) -> [String] {
    guard section.importance <= least else { return [] }
    var groups: [[String]] = []
    for block in section.blocks where shows(block) {
      groups.append(lines(block.kind, section.heading.isEmpty ? indent : indent + 2))
    }
    // Empty lines separate sections, but not the blocks of a section.
    let own = groups.flatMap { $0 }
    let parts = section.sections.map { part($0, indent) }.filter { !$0.isEmpty }
    guard !own.isEmpty || !parts.isEmpty else { return [] }
    let head =
      section.heading.isEmpty
      ? [] : layout.lines(section.heading.toned(.strong), indent: indent, hanging: indent + 2)
    return Self.spaced([head + own] + parts)
  }

  private func shows(_ block: Block) -> Bool {
    guard block.importance <= least else { return false }
    return switch block.forms {
    case .all: true
    case .short: least < .full
    case .whole: least == .full
    case .page, .linked: false
    case .unlinked: true
    case .mail: least == .essential
    }
  }

  private func lines(_ kind: Block.Kind, _ indent: Int) -> [String] {
    switch kind {
    case .paragraph(let phrase):
      return layout.lines(phrase, indent: indent, hanging: max(2, indent))
    case .list(let phrases):
      return phrases.flatMap { layout.lines("- " + $0, indent: indent, hanging: indent + 2) }
    case .facts(let facts): return self.facts(facts, indent)
    case .table(let table): return TableText(layout: layout, indent: indent).lines(table)
    case .listing(let listing):
      return caption(listing.caption, indent) + lines(listing.lines, indent)
    case .figures(let figures):
      return figures.flatMap { caption($0.caption, indent) + lines($0.lines, indent) }
    case .command(let command):
      let purpose =
        command.purpose.isEmpty
        ? []
        : layout.lines(command.purpose.asLabel, indent: indent)
      let line = SafeText.line(command.line)
      let width = (purpose.last.map { LineLayout.width($0) + 1 } ?? indent) + LineLayout.width(line)
      if purpose.count == 1, width <= layout.columns {
        return [purpose[0] + " " + layout.style.strong(line)]
      }
      return purpose
        + layout.command(command.line, indent: purpose.isEmpty ? indent : indent + 2)
    case .fold(let title, let blocks):
      let inner = blocks.filter(shows).flatMap { lines($0.kind, indent + 2) }
      return inner.isEmpty ? [] : layout.lines(title, indent: indent) + inner
    }
  }

  private func caption(_ caption: Phrase, _ indent: Int) -> [String] {
    caption.isEmpty ? [] : layout.lines(caption.asLabel, indent: indent)
  }

  private func lines(_ lines: [Listing.Line], _ indent: Int) -> [String] {
    lines.map { line in
      let text = layout.cut(
        LineLayout.blanks(indent) + (line.isMarked ? "> " : "  ")
          + SafeText.line(line.expanded))
      return line.isMarked ? layout.style.bad(text) : layout.coloured(text, line.tone)
    }
  }

  private func facts(_ facts: [Fact], _ indent: Int) -> [String] {
    let width = facts.map { LineLayout.width($0.name.plain) }.max() ?? 0
    return facts.flatMap { fact -> [String] in
      let gap = LineLayout.blanks(width - LineLayout.width(fact.name.plain))
      let hanging = indent + width + 2
      // The layout drops extra blanks, so the name and its padding replace the indent of the first line.
      let lines = layout.lines(fact.value, indent: hanging)
      let name = LineLayout.blanks(indent) + SafeText.line(fact.name.plain)
      return ["\(name)\(gap)\(lines[0].dropFirst(indent + width))"] + Array(lines.dropFirst())
    }
  }
}
