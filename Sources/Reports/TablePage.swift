// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What a page with a few tables says, whatever it is written in: `TablePageMarkdown` and
/// `TablePageHTML` are functions of it.
package struct TablePage: Sendable {
  /// What a cell means, beside what it says.
  package enum Tone: String, Sendable { case plain, good, bad, faint }

  /// A piece of text.
  package struct Cell: Sendable {
    var text: String
    var tone = Tone.plain
    /// Whether strangers wrote it, or it is to be typed: then it is shown as code.
    var isCode = false

    /// Our own words.
    package init(_ text: String, tone: Tone = .plain) {
      self.text = text
      self.tone = tone
    }

    /// What strangers wrote, or a command.
    package init(code: String, tone: Tone = .plain) {
      text = code
      self.tone = tone
      isCode = true
    }
  }

  /// Columns and rows; the first cell of a row is its heading.
  package struct Table: Sendable {
    var caption: String
    var head: [Cell]
    var rows: [[Cell]]

    package init(caption: String, head: [Cell], rows: [[Cell]]) {
      self.caption = caption
      self.head = head
      self.rows = rows
    }
  }

  /// A part of the page under a heading of its own.
  package struct Section: Sendable {
    var heading: String
    var paragraphs: [[Cell]] = []
    var table: Table?
    /// What is shown as it stands, line by line.
    var listing: String?

    package init(
      heading: String, paragraphs: [[Cell]] = [], table: Table? = nil, listing: String? = nil
    ) {
      self.heading = heading
      self.paragraphs = paragraphs
      self.table = table
      self.listing = listing
    }
  }

  var title: String
  /// What it comes to, in a paragraph.
  var lead: [Cell]
  var sections: [Section]
  /// By what it was made and how.
  var footer: String

  package init(title: String, lead: [Cell], sections: [Section], footer: String) {
    self.title = title
    self.lead = lead
    self.sections = sections
    self.footer = footer
  }

  /// A listing as it may be shown: line feeds and tabs stay, and nothing else that acts.
  static func printable(_ listing: String) -> String {
    listing.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: "\t", omittingEmptySubsequences: false).map { SafeText.line($0) }
        .joined(separator: "\t")
    }.joined(separator: "\n")
  }
}
