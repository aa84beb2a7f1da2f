// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// The files that a compilation read, from the rules for make that the compiler and the assembler write
/// (`-MD` of gcc and clang, `--MD` of gas).
///
/// This is the second barrier behind `RefusedConstructs`: a host file shows up here however the subject's
/// text named it. For example, a section's name reaches gas unchanged and may contain a line break and
/// `.incbin`.
struct FilesRead {
  private let files: [String]

  /// Reads the rules in files; throws if one of the files is missing.
  init(rulesAt paths: [String]) throws(Failure) {
    var files: [String] = []
    for path in paths {
      guard let bytes = FileManager.default.contents(atPath: path) else {
        throw Failure(
          .unreadable, "the compiler does not list the files that it read",
          advice: "use clang or gcc, with --cc")
      }
      files += Self.prerequisites(String(decoding: bytes, as: UTF8.self))
    }
    self.files = files
  }

  /// Throws if a file outside all of `folders` was read. Standard input does not count as a file.
  func check(within folders: [String]) throws(Failure) {
    let prefixes = folders.map { URL(filePath: $0).standardizedFileURL.path + "/" }
    for file in files where file != "-" && file != "<stdin>" {
      let path = URL(filePath: file).standardizedFileURL.path
      guard !prefixes.contains(where: path.hasPrefix) else { continue }
      throw Failure(
        .unreadable,
        "the subject makes the compiler read \(path); only its own text and the stub "
          + "headers are allowed",
        advice: "remove the lines that name that file")
    }
  }

  /// The prerequisites of a rule, without its target. A backslash escapes a space, a `#` or the end of the
  /// line, and `$$` is a dollar.
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
