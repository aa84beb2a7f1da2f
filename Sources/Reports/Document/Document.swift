// SPDX-License-Identifier: GPL-2.0-only

/// The answer of a verb, independent of its format. Three printers write it: text, Markdown, HTML.
package struct Document: Sendable {
  /// The verb, e.g. "mhpcheck check".
  package var title: String
  /// The subject of the document, for a page's title.
  package var name: Phrase
  /// The answer in one sentence. Every printer shows it first.
  package var lead: Phrase
  /// Whether the answer is good or bad; nil where it is neither.
  package var isGood: Bool?
  /// Whether an answer that is neither is known nevertheless, e.g. that the subject lacks fixes. A page shows an
  /// exclamation mark then, else a question mark.
  package var isKnown = false
  /// Whether the answer judges something; without it, a page shows no sign of good or bad.
  package var isVerdict = true
  package var sections: [Section] = []
  /// Facts about the run: the tool, the seed.
  package var footer: [Fact] = []
  /// A hint how to see more than a short form shows.
  package var more: Phrase?
  package var language = Language.english

  package init(title: String, name: Phrase, lead: Phrase) {
    self.title = title
    self.name = name
    self.lead = lead
  }
}

/// The importance of a section or block. A form shows everything down to its own level.
package enum Importance: Int, Comparable, Sendable {
  /// A part of the answer: even `--quiet` prints it, below the lead.
  case answer
  /// Every form shows it, even a mail of 25 lines.
  case essential
  /// A terminal shows it, a mail does not.
  case brief
  /// A terminal shows it only with `--verbose`; Markdown and pages always do.
  case full

  package static func < (left: Importance, right: Importance) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// A part of a document under a heading.
package struct Section: Sendable {
  /// The anchor on a page, unique in the document.
  package var id: String
  package var heading: Phrase
  package var importance = Importance.brief
  /// Whether a page shows only the heading until the reader opens it.
  package var isFolded = false
  /// Whether a form with a line limit keeps this section and cuts others.
  package var isKept = false
  package var blocks: [Block] = []
  package var sections: [Section] = []

  package init(
    id: String, heading: Phrase, importance: Importance = .brief, isFolded: Bool = false,
    isKept: Bool = false
  ) {
    self.id = id
    self.heading = heading
    self.importance = importance
    self.isFolded = isFolded
    self.isKept = isKept
  }

  package mutating func add(
    _ kind: Block.Kind, _ importance: Importance = .brief, forms: Block.Forms = .all
  ) {
    blocks.append(Block(kind: kind, importance: importance, forms: forms))
  }
}

/// The smallest unit of layout.
package struct Block: Sendable {
  package indirect enum Kind: Sendable {
    case paragraph(Phrase)
    case list([Phrase])
    case facts([Fact])
    case table(Table)
    case listing(Listing)
    /// Figures side by side.
    case figures([Figure])
    case command(Command)
    /// Blocks below a title; a page hides them until the reader opens the title.
    case fold(Phrase, [Block])
  }

  /// The forms that show a block. Some contents have a short and a whole version.
  package enum Forms: Sendable {
    case all, short, whole, page, mail
    /// HTML alone, where an index links to the parts below it.
    case linked
    /// Every form but HTML, for what an index and its parts say there.
    case unlinked
  }

  package var kind: Kind
  package var importance = Importance.brief
  package var forms = Forms.all

  /// Whether HTML shows the block.
  var isOfHTML: Bool {
    switch forms {
    case .all, .whole, .page, .linked: true
    case .short, .mail, .unlinked: false
    }
  }

  /// Whether Markdown shows the block.
  var isOfMarkdown: Bool {
    switch forms {
    case .all, .whole, .page, .unlinked: true
    case .short, .mail, .linked: false
    }
  }
}

package struct Fact: Sendable {
  package var name: Phrase
  package var value: Phrase

  package init(name: Phrase, value: Phrase) {
    self.name = name
    self.value = value
  }
}

/// Columns and rows. Without `hasRule`, the first cell of a row is its heading.
package struct Table: Sendable {
  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    package var phrase: Phrase
    /// A short form of the phrase for narrow tables; a legend explains it.
    package var mark: String?

    package init(_ phrase: Phrase, mark: String? = nil) {
      self.phrase = phrase
      self.mark = mark
    }

    package init(stringLiteral text: String) { phrase = Phrase(stringLiteral: text) }

    package init(stringInterpolation: Phrase.StringInterpolation) {
      phrase = Phrase(stringInterpolation: stringInterpolation)
    }
  }

  package struct Row: Sendable {
    package var cells: [Cell]
    /// Whether the row is highlighted.
    package var isMarked = false

    package init(cells: [Cell], isMarked: Bool = false) {
      self.cells = cells
      self.isMarked = isMarked
    }
  }

  package var caption: Phrase
  package var head: [Cell]
  package var rows: [Row]
  /// The columns of numbers, which are aligned to the right.
  package var numbers: Set<Int> = []
  /// Whether the columns are code side by side, with rules between them and no row headings.
  package var hasRule = false
  /// Whether a narrow page puts the cells of a row below one another, because they hold sentences.
  package var isStacked = false

  package init(
    caption: Phrase, head: [Cell], rows: [Row], numbers: Set<Int> = [], hasRule: Bool = false,
    isStacked: Bool = false
  ) {
    self.caption = caption
    self.head = head
    self.rows = rows
    self.numbers = numbers
    self.hasRule = hasRule
    self.isStacked = isStacked
  }

  /// Drops the last column if no row says anything there.
  package mutating func dropLastColumnIfEmpty() {
    let last = head.count - 1
    guard last > 0, rows.allSatisfy({ $0.cells.count <= last || $0.cells[last].phrase.isEmpty })
    else { return }
    head.removeLast()
    for row in rows.indices where rows[row].cells.count > last {
      rows[row].cells.removeLast(rows[row].cells.count - last)
    }
  }
}

/// Lines without wrapping, such as code or a tree.
package struct Listing: Sendable {
  package struct Line: Sendable, Hashable {
    package var text: String
    package var tone = Span.Tone.plain
    /// Whether the line is highlighted.
    package var isMarked = false

    package init(text: String, tone: Span.Tone = .plain, isMarked: Bool = false) {
      self.text = text
      self.tone = tone
      self.isMarked = isMarked
    }

    /// The text with tabs expanded to blanks, with a tab stop every eight columns.
    var expanded: String {
      guard text.contains("\t") else { return text }
      var expanded = ""
      var column = 0
      for character in text {
        if character == "\t" {
          let blanks = 8 - column % 8
          expanded += LineLayout.blanks(blanks)
          column += blanks
        } else {
          expanded.append(character)
          column += 1
        }
      }
      return expanded
    }
  }

  package var caption: Phrase
  package var lines: [Line]
  /// The language after a Markdown fence.
  package var language = "text"

  package init(caption: Phrase, lines: [Line], language: String = "text") {
    self.caption = caption
    self.lines = lines
    self.language = language
  }
}

/// A drawing, with an equivalent in lines of text.
package struct Figure: Sendable {
  package var id: String
  package var caption: Phrase
  /// The drawing; nil where there are only lines.
  var scene: TableScene?
  package var lines: [Listing.Line]
}

/// A shell command.
package struct Command: Sendable {
  package var id: String
  /// The accessible name of the button that copies the command.
  package var name: String
  package var line: String
  /// The purpose of the command, printed before it.
  package var purpose: Phrase

  package init(id: String, name: String, line: String, purpose: Phrase) {
    self.id = id
    self.name = name
    self.line = line
    self.purpose = purpose
  }
}
