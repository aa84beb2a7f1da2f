// SPDX-License-Identifier: GPL-2.0-only

/// Untrusted texts as plain text: names of files, messages of compilers, lines of a subject.
public enum SafeText {
  /// A text in which an escape such as `\u{1B}` replaces every character that is neither visible nor a blank.
  ///
  /// This keeps control sequences from terminals, line ends from forging lines, and marks of the writing
  /// direction from disguising a text.
  public static func line(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return String(text) }
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

  /// A text of at most `limit` characters. The middle is cut, because both ends of a path say most.
  public static func shortened(_ text: String, to limit: Int) -> String {
    let scalars = text.unicodeScalars
    guard scalars.count > limit, limit > 3 else { return text }
    let tail = (limit - 3) / 2
    var short = String(scalars.prefix(limit - 3 - tail)) + "..."
    short.unicodeScalars += scalars.suffix(tail)
    return short
  }

  /// A text as one word of a shell: users paste commands from reports, and a file can have any name.
  package static func shellWord(_ text: String) -> String {
    let plain = Set("/._-+,:=@%".unicodeScalars)
    func isPlain(_ scalar: Unicode.Scalar) -> Bool {
      plain.contains(scalar) || scalar.isASCII && scalar.properties.isAlphabetic
        || ("0"..."9").contains(scalar)
    }
    if !text.isEmpty, text.unicodeScalars.allSatisfy(isPlain) { return text }
    guard text.unicodeScalars.contains(where: isHidden) else {
      return "'" + text.replacing("'", with: "'\\''") + "'"
    }
    // The form of bash and zsh with escapes; characters that do not show are written byte by byte.
    var word = "$'"
    for scalar in text.unicodeScalars {
      if isHidden(scalar) {
        for byte in String(scalar).utf8 {
          word += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
      } else {
        if scalar == "'" || scalar == "\\" { word += "\\" }
        word.unicodeScalars.append(scalar)
      }
    }
    return word + "'"
  }

  /// Whether a character has another effect than to be visible.
  package static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
      .paragraphSeparator:
      true
    default: false
    }
  }
}
