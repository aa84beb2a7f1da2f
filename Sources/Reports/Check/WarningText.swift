// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What the compiler warns of, as text. It is a stranger's: names and lines of the subject stand in it.
enum WarningText {
  /// Characters of a line.
  private static let width = 300

  /// The lines, with an empty one before them; none where nothing is warned of.
  static func lines(_ warnings: [String]) -> [String] {
    guard !warnings.isEmpty else { return [] }
    return ["", "the compiler warns (no part of the verdict):"]
      + warnings.map { "  " + SafeText.shortened(SafeText.line($0), to: width) }
  }

  /// The same as Markdown.
  static func markdown(_ warnings: [String]) -> [String] {
    guard !warnings.isEmpty else { return [] }
    return ["", "#### Warnings of the compiler", "", "They are no part of the verdict.", ""]
      + warnings.map {
        "- " + MarkdownText.code(SafeText.shortened(SafeText.line($0), to: width))
      }
  }
}
