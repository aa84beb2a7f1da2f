// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// What a compiler says it read, as rules for make (gcc's and clang's `-MD`, gas's `--MD`).
///
/// It is the second wall behind `RefusedConstructs`: whatever way a subject's text finds to name a
/// file of the host, the file shows up here. A section's name, say, reaches gas as it was written,
/// and may hold a line break and `.incbin`.
struct FilesRead {
  private let files: [String]

  /// Reads rules from files; throws when one is not there.
  init(rulesAt paths: [String]) throws(SubjectError) {
    var files: [String] = []
    for path in paths {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw SubjectError(
          message: "the compiler does not say which files it read",
          advice: "use clang or gcc, with --cc")
      }
      files += Self.prerequisites(String(decoding: bytes, as: UTF8.self))
    }
    self.files = files
  }

  /// Throws when a file was read that lies in none of some folders; standard input is no file.
  func check(within folders: [String]) throws(SubjectError) {
    let prefixes = folders.map { URL(filePath: $0).standardizedFileURL.path + "/" }
    for file in files where file != "-" && file != "<stdin>" {
      let path = URL(filePath: file).standardizedFileURL.path
      guard !prefixes.contains(where: path.hasPrefix) else { continue }
      throw SubjectError(
        message: "the subject has the compiler read \(path): nothing but its own text and the stub "
          + "headers is read",
        advice: "take out what names that file")
    }
  }

  /// What stands behind the colon of a rule: words, where a backslash takes a space, a `#` or the
  /// line's end along, and `$$` is a dollar.
  static func prerequisites(_ rule: String) -> [String] {
    var words: [String] = []
    var word = ""
    var rest = Substring(rule)
    while let next = rest.popFirst() {
      if next == "\\", let escaped = rest.first, " #\n".contains(escaped) {
        rest.removeFirst()
        if escaped != "\n" {
          word.append(escaped)
          continue
        }
      } else if next == "$", rest.first == "$" {
        rest.removeFirst()
        word.append("$")
        continue
      } else if !next.isWhitespace {
        word.append(next)
        continue
      }
      if !word.isEmpty { words.append(word) }
      word = ""
    }
    if !word.isEmpty { words.append(word) }
    guard let target = words.firstIndex(where: { $0.hasSuffix(":") }) else { return words }
    return Array(words[(target + 1)...])
  }
}
