// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A document as one self-contained HTML file, without any network access.
package struct HTMLPrinter {
  /// The maximum size of all drawings on a page, in bytes.
  static let room = 700_000

  package init() {}

  /// The page, with a final newline.
  package func print(_ document: Document) -> String {
    var page = HTMLPage(room: Self.room, words: PageWords(document.language))
    page.add(document)
    return page.text
  }
}

/// A page under construction.
private struct HTMLPage {
  private var lines: [String] = []
  /// The bytes that remain for drawings.
  private var room: Int
  /// The name of what has neither a caption nor a heading.
  private var name = Phrase.empty
  private let words: PageWords

  init(room: Int, words: PageWords) {
    self.room = room
    self.words = words
  }

  var text: String { lines.joined(separator: "\n") + "\n" }

  mutating func add(_ document: Document) {
    let title = Self.escaped(document.title)
    name = document.name.isEmpty ? Phrase(document.title) : document.name
    let tone = document.isGood.map { $0 ? " good" : " bad" } ?? " warn"
    let neither = document.isKnown ? "!" : "?"
    let sign = document.isGood.map { $0 ? "\u{2713}" : "\u{2717}" } ?? neither
    let mark =
      document.isVerdict ? "<span class=\"sign\" aria-hidden=\"true\">\(sign)</span> " : ""
    lines += [
      """
      <!doctype html>
      <html lang="\(document.language.tag)">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src '\(PageStyle.scriptDigest)'; style-src '\(PageStyle.styleDigest)'; base-uri 'none'; form-action 'none'">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <meta name="referrer" content="no-referrer">
      <title>\(Self.escaped(name.plain))</title>
      <style>\(PageStyle.style)</style>
      </head>
      <body>
      <a class="skip" href="#content">\(words.skip)</a>
      \(PageStyle.definitions)
      <header class="top">
      <p class="brand">\(title)</p>
      <p class="schemes" hidden><label for="scheme">\(words.colours)</label> <select id="scheme"><option value="">\(words.asSystem)</option><option value="light">\(words.light)</option><option value="dark">\(words.dark)</option></select></p>
      </header>
      <main id="content" tabindex="-1">
      <section class="verdict\(document.isVerdict ? tone : "")" aria-labelledby="verdict">
      <h1 id="verdict">\(mark)<span class="of">\(inline(name))</span></h1>
      <p class="sentence">\(inline(document.lead))</p>
      </section>
      """
    ]
    let all = document.sections.filter { !$0.heading.isEmpty }
    let named = all.count > 12 ? all.filter { !$0.isFolded } : all
    if named.count > 1 {
      lines.append("<nav aria-label=\"\(words.parts)\">\n<ul>")
      lines += named.map { "<li><a href=\"#\($0.id)\">\(Self.escaped($0.heading.plain))</a></li>" }
      lines.append("</ul>\n</nav>")
    }
    for section in document.sections { add(section, level: 2) }
    lines.append("</main>\n<footer>\n<h2 class=\"hidden\">\(words.about)</h2>")
    add(document.footer, class: "facts small")
    if let more = document.more { lines.append("<p class=\"faint\">\(inline(more))</p>") }
    lines.append(
      """
      </footer>
      <p id="said" class="hidden" role="status" data-copied="\(words.copied)" data-selected="\(words.notCopied)"></p>
      <script>\(PageStyle.script)</script>
      </body>
      </html>
      """)
  }

  private mutating func add(_ section: Section, level: Int) {
    let hasHeading = !section.heading.isEmpty
    let blocks = section.blocks.filter(\.isOfHTML)
    // What only other formats show leaves nothing here.
    if !hasHeading, blocks.isEmpty, section.sections.isEmpty { return }
    let head = "<h\(level) id=\"\(section.id)\">\(inline(section.heading))</h\(level)>"
    let tag = level == 2 ? "section" : "article"
    let style = level == 2 ? "" : " class=\"card\""
    lines.append(
      hasHeading ? "<\(tag)\(style) aria-labelledby=\"\(section.id)\">" : "<\(tag)\(style)>")
    if section.isFolded {
      lines.append("<details class=\"more\"><summary>\(head)</summary>")
    } else if hasHeading {
      lines.append(head)
    }
    for block in blocks { add(block.kind, in: section.heading) }
    for part in section.sections { add(part, level: min(4, level + 1)) }
    if section.isFolded { lines.append("</details>") }
    lines.append("</\(tag)>")
  }

  private mutating func add(_ kind: Block.Kind, in heading: Phrase) {
    switch kind {
    case .paragraph(let phrase): lines.append("<p>\(inline(phrase))</p>")
    case .list(let phrases):
      lines.append("<ul>")
      lines += phrases.map { "<li>\(inline($0))</li>" }
      lines.append("</ul>")
    case .facts(let facts): add(facts, class: "facts")
    case .table(let table): add(table, in: heading)
    case .listing(let listing): add(listing, in: heading)
    case .figures(let figures): add(figures)
    case .command(let command): add(command)
    case .fold(let title, let blocks):
      lines.append("<details><summary>\(inline(title))</summary>")
      for block in blocks { add(block.kind, in: title) }
      lines.append("</details>")
    }
  }

  private mutating func add(_ facts: [Fact], class style: String) {
    guard !facts.isEmpty else { return }
    lines.append("<dl class=\"\(style)\">")
    lines += facts.map {
      "<div><dt>\(inline($0.name))</dt><dd>\(inline($0.value))</dd></div>"
    }
    lines.append("</dl>")
  }

  private mutating func add(_ table: Table, in heading: Phrase) {
    let caption = self.caption(table.caption, in: heading)
    lines.append(
      """
      <div class=\"scroll\" role=\"group\" \
      aria-label=\"\(Self.escaped(words.table(caption.plain)))\" tabindex=\"0\">
      """)
    let style =
      table.hasRule ? " class=\"traces\"" : table.isStacked ? " class=\"stacked\"" : ""
    lines.append("<table\(style)>")
    // A caption that repeats the heading would stand between it and the rows.
    let isHidden = table.caption.isEmpty
    lines.append("<caption\(isHidden ? " class=\"hidden\"" : "")>\(inline(caption))</caption>")
    let head = table.head.enumerated().map { column, cell in
      let style = table.numbers.contains(column) ? " class=\"number\"" : ""
      let title =
        cell.phrase.isEmpty
        ? "<span class=\"hidden\">\(words.row)</span>" : inline(cell.phrase)
      return "<th scope=\"col\"\(style)>\(title)</th>"
    }
    lines.append("<thead><tr>\(head.joined())</tr></thead>\n<tbody>")
    for row in table.rows {
      let cells = row.cells.enumerated().map { column, cell in
        Self.cell(
          inline(cell.phrase), isHead: column == 0 && !table.hasRule,
          isNumber: table.numbers.contains(column), head: Self.stackedHead(table, column))
      }
      let mark =
        row.isMarked && table.hasRule
        ? "<span class=\"hidden\">\(words.parting)</span>" : ""
      lines.append(
        "<tr\(row.isMarked ? " class=\"parting\"" : "")>"
          + (mark.isEmpty
            ? cells.joined()
            : cells.joined().replacing("<td>", with: "<td>\(mark)", maxReplacements: 1)) + "</tr>")
    }
    lines.append("</tbody>\n</table>\n</div>")
  }

  /// The column's heading, which stacked cells show in place of the row of headings.
  private static func stackedHead(_ table: Table, _ column: Int) -> String {
    guard table.isStacked, column < table.head.count else { return "" }
    return table.head[column].phrase.plain
  }

  private static func cell(
    _ text: String, isHead: Bool, isNumber: Bool, head: String
  ) -> String {
    if isHead { return "<th scope=\"row\">\(text)</th>" }
    let style = isNumber ? " class=\"number\"" : ""
    let name = head.isEmpty ? "" : " data-head=\"\(escaped(head))\""
    return "<td\(style)\(name)>\(text)</td>"
  }

  /// The caption of a part, or what names it instead.
  private func caption(_ own: Phrase, in heading: Phrase) -> Phrase {
    own.isEmpty ? heading.isEmpty ? name : heading : own
  }

  private mutating func add(_ listing: Listing, in heading: Phrase) {
    let caption = self.caption(listing.caption, in: heading)
    if !listing.caption.isEmpty { lines.append("<p>\(inline(caption.asLabel))</p>") }
    lines.append(
      """
      <div class=\"scroll\" role=\"group\" aria-label=\"\(Self.escaped(caption.plain))\" \
      tabindex=\"0\">
      """
        + "<pre>\(listing.lines.map(Self.line).joined(separator: "\n"))</pre></div>")
  }

  private static func line(_ line: Listing.Line) -> String {
    let text = HTMLText.escaped(HTMLText.line(SafeText.line(line.expanded), atMost: 400))
    if line.isMarked { return "<mark>\(text)</mark>" }
    return line.tone == .plain ? text : "<span class=\"\(line.tone.rawValue)\">\(text)</span>"
  }

  private mutating func add(_ figures: [Figure]) {
    lines.append("<div class=\"figures\">")
    for figure in figures { add(figure) }
    lines.append("</div>")
  }

  private mutating func add(_ figure: Figure) {
    let caption = Self.escaped(figure.caption.plain)
    let textName = Self.escaped(words.text(figure.caption.plain))
    let drawingName = Self.escaped(words.drawing(figure.caption.plain))
    let rest = Self.escaped(words.of(figure.caption.plain))
    let text = "<pre>\(figure.lines.map(Self.line).joined(separator: "\n"))</pre>"
    let drawing = figure.scene.map {
      TableDrawing($0).svg(
        id: figure.id, title: words.pageTables(figure.caption.plain),
        description: words.sentence($0))
    }
    lines.append("<figure aria-labelledby=\"\(figure.id)-c\">")
    lines.append("<figcaption id=\"\(figure.id)-c\">\(caption)</figcaption>")
    if let drawing, drawing.utf8.count <= room {
      room -= drawing.utf8.count
      lines.append(
        """
        <div class="scroll drawing" role="group" aria-label="\(drawingName)" tabindex="0">\(drawing)</div>
        <details class="text"><summary>\(words.sameAsText)<span class="hidden">\(rest)</span></summary><div class="scroll" role="group" aria-label="\(textName)" tabindex="0">\(text)</div></details>
        """)
    } else {
      lines.append(
        """
        <div class=\"scroll\" role=\"group\" aria-label=\"\(textName)\" \
        tabindex=\"0\">\(text)</div>
        """)
    }
    lines.append("</figure>")
  }

  private mutating func add(_ command: Command) {
    let purpose =
      command.purpose.isEmpty ? "" : "<span>\(inline(command.purpose.asLabel))</span> "
    lines.append(
      """
      <div class=\"command\">\(purpose)<code \
      id=\"\(command.id)\">\(Self.escaped(command.line))</code>
      """
        + """
        <button type=\"button\" data-copies=\"\(command.id)\" hidden>\(words.copy)<span \
        class=\"hidden\">\(Self.escaped(words.command(command.name)))</span></button></div>
        """)
  }

  private static func escaped(_ text: String) -> String {
    HTMLText.escaped(HTMLText.line(SafeText.line(text)))
  }

  /// A sentence in which the first and the last backtick enclose code.
  private static func sentence(_ text: String) -> String {
    guard let first = text.firstIndex(of: "`"), let last = text.lastIndex(of: "`"), first < last
    else { return escaped(text) }
    let code = escaped(String(text[text.index(after: first)..<last]))
    return escaped(String(text[..<first])) + "<code>\(code)</code>"
      + escaped(String(text[text.index(after: last)...]))
  }

  private func inline(_ phrase: Phrase) -> String {
    phrase.spans.map { span in
      var text: String =
        switch span.voice {
        case .ours: Self.escaped(span.text)
        case .code: "<code>\(Self.escaped(span.text))</code>"
        case .sentence: Self.sentence(span.text)
        }
      if let target = span.target { text = "<a href=\"#\(target)\">\(text)</a>" }
      return span.tone == .plain ? text : "<span class=\"\(span.tone.rawValue)\">\(text)</span>"
    }.joined()
  }
}
