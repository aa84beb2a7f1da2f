// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A document as Markdown with GitHub's tables. Untrusted text is in code spans and code blocks, where
/// nothing is a link, a mention or markup.
package struct MarkdownPrinter {
  /// The maximum size in bytes. GitHub accepts 65,536 characters, and the user may add own text.
  package static let limit = 60_000
  /// The maximum width of a listing's line, in characters.
  private static let width = 400

  package init() {}

  /// The text, with a final newline.
  package func print(_ document: Document) -> String {
    let head = ["### \(Self.escaped(document.title))", Self.inline(document.lead)]
    let foot = document.footer.isEmpty ? [] : [Self.facts(document.footer)]
    var room = Self.limit - Self.size(head + foot) - 200
    var parts: [String] = []
    var omitted = 0
    // After the first part that does not fit, all others are omitted, even small ones, because the order of
    // the parts is the order of importance.
    for part in document.sections.flatMap({ Self.part($0, level: 4) }) {
      let size = Self.size([part])
      guard omitted == 0, size <= room else {
        omitted += 1
        continue
      }
      room -= size
      parts.append(part)
    }
    if omitted > 0 {
      parts.append(PageWords(document.language).omitted(omitted))
    }
    return (head + parts + foot).joined(separator: "\n\n") + "\n"
  }

  private static func size(_ parts: [String]) -> Int {
    parts.reduce(0) { $0 + $1.utf8.count + 2 }
  }

  /// The texts of a section and its subsections. They are separate, so that a long document ends between
  /// them.
  private static func part(_ section: Section, level: Int) -> [String] {
    let blocks = section.blocks.filter(\.isOfMarkdown).map { block($0.kind) }.filter { !$0.isEmpty }
    let inner = section.sections.flatMap { part($0, level: min(6, level + 1)) }
    if section.isFolded {
      let text = (blocks + inner).joined(separator: "\n\n")
      return text.isEmpty ? [] : [fold(section.heading, text)]
    }
    // A section for HTML alone.
    if blocks.isEmpty, inner.isEmpty { return [] }
    let marks = String(repeating: "#", count: level)
    let head = section.heading.isEmpty ? [] : ["\(marks) \(inline(section.heading))"]
    guard let first = blocks.first else { return head + inner }
    return [(head + [first]).joined(separator: "\n\n")] + blocks.dropFirst() + inner
  }

  private static func fold(_ title: Phrase, _ text: String) -> String {
    // Within HTML nothing is Markdown, but a mention would be one outside of code.
    let summary = title.spans.map { span in
      let words = HTMLText.escaped(SafeText.line(span.text))
      return span.voice == .ours ? words : "<code>\(words)</code>"
    }.joined()
    return "<details><summary>\(summary)</summary>\n\n\(text)\n\n</details>"
  }

  private static func block(_ kind: Block.Kind) -> String {
    switch kind {
    case .paragraph(let phrase): inline(phrase)
    case .list(let phrases): phrases.map { "- \(inline($0))" }.joined(separator: "\n")
    case .facts(let facts): self.facts(facts)
    case .table(let table): text(table)
    case .listing(let listing):
      [listing.caption.isEmpty ? nil : inline(listing.caption.asLabel), fenced(listing)]
        .compactMap { $0 }.joined(separator: "\n\n")
    case .figures(let figures):
      figures.map {
        "\(inline($0.caption.asLabel))\n\n" + fenced(Listing(caption: .empty, lines: $0.lines))
      }.joined(separator: "\n\n")
    case .command(let command):
      (command.purpose.isEmpty ? "" : inline(command.purpose.asLabel) + "\n\n")
        + fenced([SafeText.line(command.line)], language: "sh")
    case .fold(let title, let blocks):
      fold(title, blocks.map { block($0.kind) }.joined(separator: "\n\n"))
    }
  }

  private static func facts(_ facts: [Fact]) -> String {
    facts.map { "- \(inline($0.name.labelling($0.value)))" }.joined(separator: "\n")
  }

  private static func text(_ table: Table) -> String {
    let rule = table.head.indices.map { table.numbers.contains($0) ? "--:" : "---" }
    var lines = table.caption.isEmpty ? [] : [inline(table.caption), ""]
    lines += [row(table.head.map { cell($0) }), row(rule)]
    lines += table.rows.map { row($0.cells.map { cell($0) }) }
    return lines.joined(separator: "\n")
  }

  private static func cell(_ cell: Table.Cell) -> String {
    inline(cell.phrase).replacing("|", with: "\\|")
  }

  private static func row(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  private static func inline(_ phrase: Phrase) -> String {
    phrase.spans.map { span in
      if span.voice != .ours { return code(SafeText.line(span.text)) }
      let text = escaped(span.text)
      // Markdown ignores emphasis marks next to a blank.
      return span.tone == .bad && !text.isEmpty && text.first != " " && text.last != " "
        ? "**\(text)**" : text
    }.joined()
  }

  /// A code span. Its delimiters have more backticks than any run in the text.
  private static func code(_ text: String) -> String {
    if text.isEmpty { return "" }
    guard !text.allSatisfy({ $0 == " " }) else { return "` `" }
    let fence = String(repeating: "`", count: longestRun(in: text) + 1)
    // A parser removes one blank from each end if both ends have one.
    let isPadded = text.hasPrefix("`") || text.hasSuffix("`") || text.hasPrefix(" ")
    return isPadded ? "\(fence) \(text) \(fence)" : fence + text + fence
  }

  private static func fenced(_ listing: Listing) -> String {
    let hasMark = listing.lines.contains(where: \.isMarked)
    return fenced(
      listing.lines.map {
        (hasMark ? $0.isMarked ? "> " : "  " : "") + SafeText.line($0.expanded)
      },
      language: listing.language)
  }

  private static func fenced(_ lines: [String], language: String) -> String {
    let shown = lines.map { SafeText.shortened($0, to: width) }
    let longest = shown.map { longestRun(in: $0) }.max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return (["\(fence)\(language)"] + shown + [fence]).joined(separator: "\n")
  }

  /// The length of the longest run of backticks. It compares bytes, because for a parser a backtick with a
  /// combining mark is a backtick.
  private static func longestRun(in text: String) -> Int {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// Our own text, with Markdown's markup escaped, except for "|", which `cell` escapes.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in SafeText.line(text).unicodeScalars {
      if "\\`*_[]<>#~&".unicodeScalars.contains(scalar) { escaped.append("\\") }
      escaped.unicodeScalars.append(scalar)
    }
    return escaped
  }
}
