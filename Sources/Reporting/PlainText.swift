// SPDX-License-Identifier: GPL-2.0-only

/// Strangers' texts as plain text: names of files, messages of compilers, lines of a subject.
public enum PlainText {
  /// A text in which every character that is no visible one or a blank is written as an escape that
  /// cannot be mistaken for it: `\u{1B}`.
  ///
  /// That keeps control sequences from terminals, line ends from forging lines, and marks that turn the
  /// direction of writing from showing a text as another.
  public static func line(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return text }
    var line = ""
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        line += "\\u{" + String(scalar.value, radix: 16, uppercase: true) + "}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// The same, tabs kept: a line of a C file.
  static func code(_ text: String) -> String {
    text.split(separator: "\t", omittingEmptySubsequences: false).map { line(String($0)) }
      .joined(separator: "\t")
  }

  /// At most so many characters of a text, its middle left out: of a path both ends tell most.
  public static func shortened(_ text: String, to limit: Int) -> String {
    guard text.count > limit, limit > 3 else { return text }
    let tail = (limit - 3) / 2
    return text.prefix(limit - 3 - tail) + "..." + text.suffix(tail)
  }

  /// Whether a character does something else than stand there.
  static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      true
    default: false
    }
  }
}
