// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Machine

/// A file of expectations: its lines, and its entries.
///
/// An update changes only the necessary lines, so that the file keeps its comments, order and wildcards.
public struct ExpectationFile: Sendable {
  /// The file's name in messages.
  public let name: String
  /// The entries, in the order of the file.
  public let expectations: [Expectation]
  private let lines: [String]

  static let schema = "mhpcheck.expectations/1"

  /// Parses a file's text.
  public init(name: String, text: String) throws(Failure) {
    self.name = name
    expectations = try ExpectationReader(name: name).expectations(in: text)
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  /// Creates a file that does not exist yet.
  public init(newFileNamed name: String) {
    self.name = name
    expectations = []
    lines = []
  }

  /// Compares a report's findings with the entries.
  public func outcome(of findings: [ReportedFinding]) -> ExpectationOutcome {
    let (expected, unexpected) = (
      findings.filter { finding in expectations.contains { $0.covers(finding) } },
      findings.filter { finding in !expectations.contains { $0.covers(finding) } }
    )
    return ExpectationOutcome(
      file: name, expected: expected, unexpected: unexpected,
      stale: expectations.filter { entry in !findings.contains(where: entry.covers) }.map {
        ExpectationOutcome.Stale(line: $0.line, text: $0.text)
      },
      unexplained: expectations.count { $0.reason == Expectation.openReason })
  }

  /// The file's text, updated to match a report's findings exactly: without the entries that match no
  /// finding, and with new entries at the end. A finding in all `modes` of the run becomes one entry.
  public func updated(for findings: [ReportedFinding], modes: [String]) -> String {
    var added: [Expectation] = []
    for finding in findings
    where !(expectations + added).contains(where: { $0.covers(finding) }) {
      var entry = Expectation(finding)
      if modes.count > 1,
        modes.allSatisfy({ mode in findings.contains { entry.in(mode) == Expectation($0) } })
      {
        entry.mode = "*"
      }
      added.append(entry)
    }
    guard !expectations.isEmpty else { return Self.head + Self.entries(added) }
    var kept = Array(lines)
    for (index, entry) in expectations.enumerated().reversed()
    where !findings.contains(where: entry.covers) {
      kept.removeSubrange(range(of: index))
    }
    while kept.last?.allSatisfy(\.isWhitespace) ?? false { kept.removeLast() }
    let isEmpty = expectations.allSatisfy { entry in !findings.contains(where: entry.covers) }
    // YAML needs "[]" for a sequence without entries.
    if isEmpty { return Self.head + Self.entries(added) }
    let text = kept.joined(separator: "\n") + "\n" + added.map(Self.text).joined()
    let rest = expectations.filter { entry in findings.contains(where: entry.covers) } + added
    if let read = try? ExpectationFile(name: name, text: text),
      read.expectations.elementsEqual(
        rest, by: { $0.text == $1.text && $0.reason == $1.reason })
    {
      return text
    }
    // The program rewrites entries whose form it does not write itself (several per line).
    return Self.head + Self.entries(rest)
  }

  /// The lines of an entry, from its dash to the next entry, without the comments and blank lines before
  /// that.
  private func range(of index: Int) -> Range<Int> {
    let first = expectations[index].line - 1
    var end = index + 1 < expectations.count ? expectations[index + 1].line - 1 : lines.count
    while end > first + 1 {
      let line = lines[end - 1].drop { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard line.isEmpty || line.hasPrefix("#") else { break }
      end -= 1
    }
    return first..<end
  }

  private static let head = """
    # What is known of a subject, each with the reason why it may be so. mhpcheck check --expect
    # fails on anything else, and on what no longer occurs. "*" stands for any text.
    schema: \(schema)
    expected:

    """

  private static func entries(_ entries: [Expectation]) -> String {
    entries.isEmpty ? "  []\n" : entries.map(text).joined()
  }

  /// A text as a YAML scalar in one line, without quotes if possible.
  private static func plain(_ text: String) -> String {
    let signs = " .,;'()+/_-".unicodeScalars
    let isPlain = text.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || signs.contains($0)
    }
    return isPlain && text.first?.isLetter ?? false && text.last != " " ? text : quoted(text)
  }

  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": quoted += "\\\(scalar)"
      case _ where scalar.value < 0x20 || scalar.value > 0x7e:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  private static func text(_ entry: Expectation) -> String {
    let (key, value) =
      switch entry.subject {
      case .missing(let commit): ("missing", commit)
      case .beyond(let commit): ("beyond", commit)
      case .absent(let function): ("absent", function)
      case .difference(let function): ("difference", function)
      case .hazard(let id): ("hazard", id)
      }
    let patterns = [("mode", entry.mode), ("kind", entry.kind), ("rule", entry.rule)]
      .filter { $0.1 != "*" }
    return "  - \(key): \(quoted(value))\n"
      + patterns.map { "    \($0.0): \(quoted($0.1))\n" }.joined()
      + "    reason: \(plain(entry.reason))\n"
  }
}
