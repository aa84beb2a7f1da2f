// SPDX-License-Identifier: GPL-2.0-only

/// The answer of a verb, before it has a format. Three printers write it: text, Markdown, HTML.
package struct Document: Sendable {
  /// The verb, e.g. "mhpcheck check".
  package var title: String
  /// The subject of the document, for the title of a page.
  package var name: Phrase
  /// The answer in a sentence. Every printer shows it first.
  package var lead: Phrase
  /// Whether the answer is good news; nil where it is neither.
  package var isGood: Bool?
  package var sections: [Section] = []
  /// Facts on the run: the tool, the seed.
  package var footer: [Fact] = []
  /// Says how to see more than a short form shows.
  package var more: Phrase?

  package init(title: String, name: Phrase, lead: Phrase) {
    self.title = title
    self.name = name
    self.lead = lead
  }
}

/// How short a form may be that still shows it.
package enum Importance: Int, Comparable, Sendable {
  /// A mail of 25 lines has it.
  case essential
  /// A terminal shows it.
  case brief
  /// `--verbose` shows it; files have it.
  case full

  package static func < (left: Importance, right: Importance) -> Bool {
    left.rawValue < right.rawValue
  }
}

/// A part of a document under a heading.
package struct Section: Sendable {
  /// The anchor of a page, unique in a document.
  package var id: String
  package var heading: Phrase
  package var importance = Importance.brief
  /// Whether a page shows only the heading until somebody opens it.
  package var isFolded = false
  /// Whether a form with a bound on its lines leaves out others first.
  package var isKept = false
  package var blocks: [Block] = []
  /// Parts of the part.
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

  package mutating func add(_ kind: Block.Kind, _ importance: Importance = .brief) {
    blocks.append(Block(kind: kind, importance: importance))
  }
}

/// The smallest thing that a printer lays out.
package struct Block: Sendable {
  package indirect enum Kind: Sendable {
    case paragraph(Phrase)
    case list([Phrase])
    case facts([Fact])
    case table(Table)
    case listing(Listing)
    /// Drawings side by side.
    case figures([Figure])
    case command(Command)
    /// Blocks behind a title that a page opens.
    case fold(Phrase, [Block])
  }

  /// The forms that show a block: some things have a short and a whole version.
  package enum Forms: Sendable { case all, short, whole, page, mail }

  package var kind: Kind
  package var importance = Importance.brief
  package var forms = Forms.all

  /// Whether a page and Markdown show it.
  var isOfPages: Bool { forms != .short && forms != .mail }
}

/// A name and its value.
package struct Fact: Sendable {
  package var name: Phrase
  package var value: Phrase

  package init(name: Phrase, value: Phrase) {
    self.name = name
    self.value = value
  }
}

/// Columns and rows; the first cell of a row is its heading.
package struct Table: Sendable {
  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    package var phrase: Phrase
    /// Stands for the words where a line has no room for them; a legend says which.
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
    /// Whether the row is the one to look at.
    package var isMarked = false

    package init(cells: [Cell], isMarked: Bool = false) {
      self.cells = cells
      self.isMarked = isMarked
    }
  }

  package var caption: Phrase
  package var head: [Cell]
  package var rows: [Row]
  /// Columns of numbers.
  package var numbers: Set<Int> = []
  /// Whether columns are code side by side, whose heads a terminal shows as well.
  package var hasRule = false

  package init(
    caption: Phrase, head: [Cell], rows: [Row], numbers: Set<Int> = [], hasRule: Bool = false
  ) {
    self.caption = caption
    self.head = head
    self.rows = rows
    self.numbers = numbers
    self.hasRule = hasRule
  }
}

/// Lines that are shown as they stand.
package struct Listing: Sendable {
  package struct Line: Sendable, Hashable {
    package var text: String
    package var tone = Span.Tone.plain
    /// Whether the line is the one to look at.
    package var isMarked = false

    package init(text: String, tone: Span.Tone = .plain, isMarked: Bool = false) {
      self.text = text
      self.tone = tone
      self.isMarked = isMarked
    }

    /// The text with blanks in place of tabs, which are eight columns apart.
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
  /// The word behind Markdown's fence.
  package var language = "text"

  package init(caption: Phrase, lines: [Line], language: String = "text") {
    self.caption = caption
    self.lines = lines
    self.language = language
  }
}

/// A drawing, and the same as lines.
package struct Figure: Sendable {
  package var id: String
  package var caption: Phrase
  /// The drawing; nil where there are lines alone.
  var scene: TableScene?
  package var lines: [Listing.Line]
}

/// A line for a shell.
package struct Command: Sendable {
  package var id: String
  /// The name of the button that copies it.
  package var name: String
  package var line: String
  /// Says what the command is for, in front of it.
  package var purpose: Phrase

  package init(id: String, name: String, line: String, purpose: Phrase) {
    self.id = id
    self.name = name
    self.line = line
    self.purpose = purpose
  }
}
