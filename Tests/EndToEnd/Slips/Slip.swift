// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// A slip in one function of the reference's text: a piece of text that the function contains once, and its
/// replacement.
struct Slip: Sendable, CustomTestStringConvertible {
  /// The function or helper that contains the slip: the one cause.
  var function: String
  var find: String
  var replacement: String

  init(_ function: String, _ find: String, _ replacement: String) {
    self.function = function
    self.find = find
    self.replacement = replacement
  }

  static let all = removal + creation + helpers

  /// The reason why a slip cannot be made.
  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  var testDescription: String {
    let from = find.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let to = replacement.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return "\(function): \(from) -> \(to.isEmpty ? "nothing" : to)"
  }

  /// The reference's text with this slip.
  func applied(to reference: String) throws -> String {
    let lines = reference.split(separator: "\n", omittingEmptySubsequences: false)
    // A definition begins in the first column, with its name, and ends with a brace in the first column.
    let start = lines.indices.first { index in
      let line = lines[index]
      guard line.contains("\(function)("), line.first?.isLetter == true else { return false }
      return lines[index...].first { $0.hasSuffix(";") || $0 == "{" } == "{"
    }
    guard let start, let end = lines[start...].firstIndex(of: "}") else {
      throw Problem(description: "the reference has no \(function)")
    }
    let text = lines[start...end].joined(separator: "\n")
    guard text.ranges(of: find).count == 1 else {
      throw Problem(
        description: "\(testDescription): stands there \(text.ranges(of: find).count) times")
    }
    return
      (lines[..<start] + [Substring(text.replacing(find, with: replacement))]
      + lines[(end + 1)...]).joined(separator: "\n")
  }

  /// The first line that the slip changes, in the text with the slip.
  func line() throws -> Int { try line(in: VariantFiles.reference()) }

  /// The same for another text.
  func line(in reference: String) throws -> Int {
    let old = reference.split(separator: "\n", omittingEmptySubsequences: false)
    let new = try applied(to: reference).split(
      separator: "\n", omittingEmptySubsequences: false)
    return (zip(old, new).enumerated().first { $1.0 != $1.1 }?.offset ?? 0) + 1
  }
}
