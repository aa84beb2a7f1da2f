// SPDX-License-Identifier: GPL-2.0-only

/// The words of a page that are not from its document: buttons, hints, and names for screen readers.
struct PageWords {
  private let language: Language

  init(_ language: Language) { self.language = language }

  var skip: String { language.text("Skip to the report") }
  var parts: String { language.text("Parts of the report") }
  var about: String { language.text("About this report") }
  var colours: String { language.text("Colours") }
  var asSystem: String { language.text("as the system") }
  var light: String { language.text("light") }
  var dark: String { language.text("dark") }
  var row: String { language.text("Row") }
  var parting: String { language.text("The sides differ here:") }
  var sameAsText: String { language.text("The same as text") }
  var copy: String { language.text("Copy") }
  var copied: String { language.text("Copied") }
  var notCopied: String { language.text("Not copied: the command is selected") }

  func table(_ caption: String) -> String { say("\(code: caption, atMost: 2000), as a table") }
  func pageTables(_ caption: String) -> String {
    say("Page tables: \(code: caption, atMost: 2000)")
  }
  func drawing(_ caption: String) -> String { say("Drawing: \(code: caption, atMost: 2000)") }
  func text(_ caption: String) -> String { say("Text: \(code: caption, atMost: 2000)") }
  func of(_ caption: String) -> String { say(": \(code: caption, atMost: 2000)") }
  func command(_ name: String) -> String { say(" the command: \(code: name, atMost: 2000)") }
  func sentence(_ scene: TableScene) -> String { say(scene.sentence) }

  /// The last line of Markdown that is too long for a comment.
  func omitted(_ parts: Int) -> String {
    language.text("\(parts) more parts are left out here; `--json FILE` has all.")
  }

  /// A caption is in the page's language already, so it is an argument that stays as it is.
  private func say(_ phrase: Phrase) -> String { language.phrase(phrase).plain }
}
