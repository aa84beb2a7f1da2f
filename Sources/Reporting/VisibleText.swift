// SPDX-License-Identifier: GPL-2.0-only

/// Text that strangers wrote - file names, messages of compilers, subjects of commits - for a place
/// where people read it.
public enum VisibleText {
  /// The text in one line in which nothing acts: control characters and those that turn the direction
  /// of writing are spelled out, e.g. "\x1b".
  public static func line(_ text: String) -> String {
    var line = ""
    for scalar in text.unicodeScalars {
      if acts(scalar) {
        let digits = String(scalar.value, radix: 16)
        line +=
          scalar.value < 0x100
          ? "\\x" + (digits.count < 2 ? "0" : "") + digits : "\\u{\(digits)}"
      } else {
        line.unicodeScalars.append(scalar)
      }
    }
    return line
  }

  /// The same line by line: line feeds stay.
  static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
      .joined(separator: "\n")
  }

  private static func acts(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse: true
    default: false
    }
  }
}
