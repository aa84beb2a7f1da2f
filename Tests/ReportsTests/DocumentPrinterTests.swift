// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// Prints documents without colours.
enum Printed {
  static func text(_ document: Document, isQuiet: Bool = false, isVerbose: Bool = false) -> String {
    TextPrinter(style: TextStyle(isColoured: false), isQuiet: isQuiet, isVerbose: isVerbose)
      .print(document)
  }

  static func lines(_ document: Document, isVerbose: Bool = false) -> [String] {
    text(document, isVerbose: isVerbose)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  static func markdown(_ document: Document) -> String { MarkdownPrinter().print(document) }
  static func html(_ document: Document) -> String { HTMLPrinter().print(document) }

  /// A document whose one section has these blocks.
  static func document(
    lead: Phrase = "all is well", _ blocks: [(Block.Kind, Importance)]
  ) -> Document {
    var document = Document(title: "t", name: "", lead: lead)
    var section = Section(id: "s", heading: "Heading", importance: .essential)
    for (kind, importance) in blocks { section.add(kind, importance) }
    document.sections = [section]
    return document
  }
}

@Suite("Phrases")
struct PhraseTests {
  @Test("keep literals and arguments apart, so that a sentence can be looked up")
  func pieces() {
    let phrase: Phrase = "lacks \(code: "abc") in \(2) places"
    #expect(phrase.pieces.count == 5)
    #expect(phrase.plain == "lacks abc in 2 places")
    #expect(phrase.spans[1].voice == .code && phrase.spans[0].voice == .ours)
  }

  @Test("are joined as English joins words, and begin a sentence with a capital")
  func joined() {
    let names: [Phrase] = ["a", "b", "c"]
    #expect(names.list.plain == "a, b and c")
    #expect(names.prefix(1).map { $0 }.list.plain == "a")
    #expect(Phrase("the end").capitalised.plain == "The end")
    #expect(Phrase(code: "the_end").capitalised.plain == "the_end")
    #expect(("x\(Phrase("y"))" as Phrase).capitalised.plain == "Xy")
  }

  @Test("count with a singular and a plural")
  func counts() {
    #expect(Words.count(1, "case").plain == "1 case" && Words.count(0, "case").plain == "0 cases")
    #expect(Words.decimals(1.049) == "1.05" && Words.decimals(12) == "12.00")
  }
}

@Suite("A document as text")
struct TextPrinterTests {
  private func lines(_ blocks: [(Block.Kind, Importance)], columns: Int) -> [String] {
    let printer = TextPrinter(style: TextStyle(isColoured: false, columns: columns))
    return printer.print(Printed.document(blocks))
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("has the answer first, and nothing else when quiet")
  func order() {
    let document = Printed.document([(.paragraph("words"), .brief), (.paragraph("more"), .full)])
    #expect(Printed.text(document) == "all is well\n\nHeading\n  words\n")
    #expect(Printed.text(document, isQuiet: true) == "all is well\n")
    #expect(Printed.text(document, isVerbose: true) == "all is well\n\nHeading\n  words\n  more\n")
    var judged = Printed.document([
      (.paragraph("as expected"), .answer), (.paragraph("more"), .brief),
    ])
    judged.sections[0].importance = .answer
    #expect(Printed.text(judged, isQuiet: true) == "all is well\n  as expected\n")
    let empty = Printed.document([(.paragraph("more"), .full)])
    #expect(Printed.text(empty) == "all is well\n")
  }

  @Test("breaks lines only between words", arguments: [20, 40, 72])
  func wrapping(columns: Int) {
    let words = (1...60).map { "word\($0)" }.joined(separator: " ")
    let lines = lines([(.paragraph("\(words)"), .brief)], columns: columns)
    #expect(lines.allSatisfy { $0.count <= columns })
    let shown = lines.dropFirst(3).joined(separator: " ").split(separator: " ")
    #expect(shown.joined(separator: " ") == words)
  }

  @Test("does not break a word wider than a line, and joins spans without a blank")
  func words() {
    let long = String(repeating: "x", count: 50)
    let phrase: Phrase = "a (\(code: long)) b"
    #expect(lines([(.paragraph(phrase), .brief)], columns: 20).contains("  (\(long))"))
  }

  @Test("counts the columns of East Asian letters twice")
  func width() {
    #expect(LineLayout.width("内存a") == 5)
    let text = String(repeating: "内存 ", count: 20)
    let lines = lines([(.paragraph("\(text)"), .brief)], columns: 30)
    #expect(lines.allSatisfy { LineLayout.width($0) <= 30 })
  }

  @Test("writes a command so that a shell takes it as one, whatever the width")
  func command() {
    let words = (1...30).map { "--option\($0)" }.joined(separator: " ")
    let command = Command(id: "c", name: "c", line: "mhpcheck \(words)", purpose: "to see")
    let lines = lines([(.command(command), .brief)], columns: 60).drop { !$0.contains("mhpcheck") }
    let shown = lines.filter { !$0.isEmpty }
    #expect(shown.dropLast().allSatisfy { $0.hasSuffix(" \\") } && shown.count > 5)
    #expect(shown.allSatisfy { $0.count <= 60 })
    let joined = shown.joined(separator: " ").replacing(" \\", with: "")
    #expect(joined.split(separator: " ").joined(separator: " ") == "mhpcheck \(words)")
    // A line break within quotation marks would be part of the word.
    let quoted = Command(
      id: "c", name: "c", line: "cat '\(String(repeating: "a b ", count: 30))'", purpose: "")
    let whole = self.lines([(.command(quoted), .brief)], columns: 60)
    #expect(whole.suffix(3).prefix(2) == ["  cat \\", "      " + quoted.line.dropFirst(4)])
  }

  private var table: Table {
    Table(
      caption: "", head: ["name", "state", "count"],
      rows: [
        Table.Row(cells: ["first", Table.Cell("identical", mark: "="), "1"]),
        Table.Row(cells: ["second one", Table.Cell("differs", mark: "X"), "23"]),
      ], numbers: [2])
  }

  @Test("aligns a table in columns if it fits, with numbers to the right")
  func columns() {
    #expect(
      lines([(.table(table), .brief)], columns: 60).suffix(4) == [
        "  name        state      count", "  first       identical      1",
        "  second one  differs       23", "",
      ])
  }

  @Test("uses marks with a legend if words do not fit")
  func marks() {
    let lines = lines([(.table(table), .brief)], columns: 28)
    #expect(lines.contains("  first       =          1"))
    #expect(lines.suffix(2) == ["  = identical, X differs", ""])
  }

  @Test("continues a table of too many columns below, each time with the first column")
  func bands() {
    let wide = Table(
      caption: "", head: ["f"] + (0..<40).map { "c\($0)" },
      rows: [
        Table.Row(cells: ["name"] + (0..<40).map { _ in Table.Cell("identical", mark: "=") })
      ])
    let lines = lines([(.table(wide), .brief)], columns: 50)
    #expect(lines.allSatisfy { $0.count <= 50 })
    #expect(lines.count { $0.hasPrefix("  name") } > 2)
    #expect(lines.joined().split(separator: " ").count { $0 == "=" } == 41, "40 and the legend's")
  }

  @Test("wraps cells of a table without marks, and lists rows that fit no columns")
  func wrapped() {
    let text = Table(
      caption: "", head: ["id", "what"],
      rows: [Table.Row(cells: ["x", "one two three four five six seven"])])
    #expect(
      lines([(.table(text), .brief)], columns: 24).suffix(4) == [
        "  id  what", "  x   one two three four", "      five six seven", "",
      ])
    let long = Table(
      caption: "", head: ["id", "what"],
      rows: [Table.Row(cells: ["x", "\(String(repeating: "y", count: 40))"])])
    #expect(
      lines([(.table(long), .brief)], columns: 30).suffix(4).prefix(3) == [
        "  x", "    what:", "      \(String(repeating: "y", count: 40))",
      ])
  }

  @Test("marks the line to look at, and cuts a listing at the terminal's width")
  func listing() {
    let listing = Listing(
      caption: "what", lines: [.init(text: "one"), .init(text: "two", isMarked: true)])
    #expect(
      lines([(.listing(listing), .brief)], columns: 40).suffix(4) == [
        "  what:", "    one", "  > two", "",
      ])
    let wide = Listing(caption: "", lines: [.init(text: String(repeating: "x", count: 99))])
    let cut = lines([(.listing(wide), .brief)], columns: 40)
    #expect(cut.contains("    " + String(repeating: "x", count: 35) + "\u{2026}"))
  }

  @Test("keeps its evidence in a mail, and says what was left out")
  func mail() {
    var document = Printed.document(
      (0..<60).map { (Block.Kind.paragraph("finding \($0)"), Importance.essential) })
    var kept = Section(id: "k", heading: "", importance: .essential, isKept: true)
    kept.add(.paragraph("evidence"), .essential)
    document.sections.append(kept)
    let lines = TextPrinter(mailOf: 25).print(document)
      .split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == 26 && lines[24] == "evidence")
    #expect(lines[22].hasPrefix("[...]"))
  }

  @Test("has escape sequences only if it is coloured")
  func colour() {
    let document = Printed.document(lead: "\("bad", tone: .bad) news", [])
    #expect(!Printed.text(document).contains("\u{1b}"))
    #expect(
      TextPrinter(style: TextStyle(isColoured: true)).print(document)
        == "\u{1b}[31mbad\u{1b}[0m news\n")
  }

  @Test("escapes control characters and line ends of foreign text, in any block")
  func hostile() {
    let text = Printed.text(HostileDocument.document, isVerbose: true)
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !SafeText.isHidden($0) })
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged") })
  }
}

/// A document with a stranger's text wherever such text can be.
enum HostileDocument {
  static let text =
    "<b onload=\"x\">&'`\u{1b}[2J\u{202e}\n```\nforged |# x @user [l](http://e) </script>"

  static var document: Document {
    let phrase = Phrase(code: text)
    let line = Listing.Line(text: text)
    var document = Printed.document(
      lead: phrase,
      [
        (.paragraph(phrase), .brief), (.list([phrase]), .brief),
        (.facts([Fact(name: phrase, value: phrase)]), .brief),
        (
          .table(
            Table(
              caption: phrase, head: [Table.Cell(phrase), Table.Cell(phrase)],
              rows: [Table.Row(cells: [Table.Cell(phrase), Table.Cell(phrase)])])), .brief
        ),
        (.listing(Listing(caption: phrase, lines: [line])), .brief),
        (.figures([Figure(id: "f", caption: phrase, scene: nil, lines: [line])]), .brief),
        (.command(Command(id: "c", name: text, line: text, purpose: phrase)), .brief),
        (.fold(phrase, [Block(kind: .paragraph(phrase))]), .brief),
        (.paragraph("\(sentence: text)"), .brief),
      ])
    document.name = phrase
    document.footer = [Fact(name: phrase, value: phrase)]
    document.more = phrase
    return document
  }
}

@Suite("A document as Markdown")
struct MarkdownPrinterTests {
  @Test("has foreign text only in code, which it cannot end, nor a cell")
  func hostile() {
    let text = Printed.markdown(HostileDocument.document)
    let span = "``<b onload=\"x\">&'`\\u{1B}[2J\\u{202E}\\u{A}```\\u{A}forged |# x"
    #expect(text.contains(span.replacing("``<", with: "````<")), "\(text)")
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count == 3)
    #expect(rows.allSatisfy { $0.replacing("\\|", with: "").count { $0 == "|" } == 3 })
    #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged") })
    // HTML has no code span, so the text has HTML's own escapes.
    #expect(text.contains("<summary><code>&lt;b onload=&quot;x&quot;&gt;"))
  }

  @Test("escapes our own words where Markdown would take them for markup")
  func ownWords() {
    let text = Printed.markdown(
      Printed.document([(.paragraph("free_pte_table *all* <b> # [x]"), .brief)]))
    #expect(text.contains("free\\_pte\\_table \\*all\\* \\<b\\> \\# \\[x\\]"), "\(text)")
  }

  @Test("expands the tabs of a listing, and lets nothing in it end its block")
  func listing() {
    #expect(Listing.Line(text: "a\tb\t\tc").expanded == "a       b               c")
    let text = Printed.markdown(
      Printed.document([
        (
          .listing(Listing(caption: "", lines: [.init(text: "````"), .init(text: "# two")])), .brief
        )
      ]))
    #expect(text.contains("\n`````text\n````\n# two\n`````\n"), "\(text)")
  }

  @Test("stays below its limit, and gives the number of parts that it leaves out")
  func bounded() {
    let long = String(repeating: "x ", count: 2000)
    let document = Printed.document(
      (0..<100).map { _ in (Block.Kind.paragraph("\(long)"), Importance.brief) })
    let text = Printed.markdown(document)
    #expect(text.utf8.count <= MarkdownPrinter.limit)
    #expect(text.contains(" more parts are left out here; `--json FILE` has all."))
  }
}

@Suite("A document as an HTML page")
struct HTMLPrinterTests {
  @Test("contains no markup from foreign text")
  func hostile() {
    let page = Printed.html(HostileDocument.document)
    #expect(!page.contains("<b ") && page.contains("&lt;b onload=&quot;x&quot;&gt;&amp;&#39;&#96;"))
    #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || !SafeText.isHidden($0) })
    #expect(page.hasPrefix("<!doctype html>") && page.hasSuffix("</html>\n"))
  }

  @Test("shows a sentence that quotes a stranger as prose, in which backticks enclose code")
  func sentence() {
    let quoting: Phrase = "never \(sentence: "then of `if (a < b)` <i>")"
    let document = Printed.document([(.paragraph(quoting), .brief)])
    #expect(
      Printed.html(document).contains(
        "<p>never then of <code>if (a &lt; b)</code> &lt;i&gt;</p>"))
    #expect(Printed.markdown(document).contains("never ``then of `if (a < b)` <i>``"))
    #expect(Printed.text(document).contains("never then of `if (a < b)` <i>\n"))
  }

  @Test("requests nothing from a network, and names its language, headings and tables")
  func selfContained() {
    let page = Printed.html(HostileDocument.document).replacing("http://e", with: "")
    for word in ["http://", "https://", "src=", "@import", "url(http", "<link"] {
      #expect(!page.contains(word), "\(word)")
    }
    for word in ["lang=\"en\"", "<h1 ", "<h2 id=", "<caption>", "scope=\"col\"", "scope=\"row\""] {
      #expect(page.contains(word), "\(word)")
    }
  }

  @Test("leaves out drawings that are too large for a page, and keeps their text")
  func room() throws {
    guard case .judged(let report) = try SnapshotOutcome.differing.outcome() else { return }
    let reported = report.differences[0]
    var document = Printed.document([])
    document.sections = (0..<2000).map { number in
      var section = Section(id: "s\(number)", heading: "h")
      section.blocks = CaseBlocks().blocks(
        id: "f\(number)", scenario: reported.scenario, difference: reported.difference,
        subject: reported.subject, reference: reported.reference)
      return section
    }
    let page = Printed.html(document)
    let drawings = page.split(separator: "<svg class=\"tables\"").count - 1
    #expect(drawings > 10 && drawings < 3000)
    #expect(page.split(separator: "<figure").count - 1 > 4000)
  }
}
