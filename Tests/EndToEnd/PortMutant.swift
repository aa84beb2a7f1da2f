// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A deliberately wrong variant of one function of the port.
///
/// A file of `Tests/Fixtures/port-mutants` holds the mutants of the file with the same name in
/// `Sources/Port`. Blank lines separate them. Each has `# comment` lines that describe the mistake, an `in:`
/// line with the function's name, `- ` lines with neighbouring lines of its body, which must occur there
/// exactly once, and `+ ` lines with their replacement. Indentation does not count.
struct PortMutant: Sendable, CustomStringConvertible {
  /// One line that names a file and its error.
  struct FormatError: Error, Equatable, CustomStringConvertible {
    var file: String
    var complaint: String
    var description: String { "\(file): \(complaint)" }
  }

  /// The file in `Sources/Port`, without its extension.
  var file: String
  /// The function's name, with the start of its parameters where the name alone is ambiguous.
  var function: String
  /// The comment lines.
  var purpose: String
  /// The lines to remove.
  var old: [String]
  /// The lines to add; empty for a pure removal.
  var new: [String]

  var description: String {
    let lines = old.map { "- " + $0 } + new.map { "+ " + $0 }
    return "\(purpose)\n\(file).swift, \(function):\n" + lines.joined(separator: "\n")
  }

  /// The mutants in the text of a file.
  static func all(in text: String, file: String) throws(FormatError) -> [PortMutant] {
    var mutants: [PortMutant] = []
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    for part in lines.split(separator: "") { mutants.append(try PortMutant(part, file: file)) }
    return mutants
  }

  private init(_ lines: ArraySlice<Substring>, file: String) throws(FormatError) {
    self.init(file: file, function: "", purpose: "", old: [], new: [])
    for line in lines {
      if line.hasPrefix("# "), function.isEmpty {
        purpose += (purpose.isEmpty ? "" : " ") + line.dropFirst(2)
      } else if line.hasPrefix("in: "), function.isEmpty {
        function = String(line.dropFirst(4))
      } else if line.hasPrefix("- "), new.isEmpty {
        old.append(line.dropFirst(2).trimmed)
      } else if line.hasPrefix("+ ") {
        new.append(line.dropFirst(2).trimmed)
      } else {
        throw FormatError(file: file, complaint: "\"\(line)\" does not belong there")
      }
    }
    guard !purpose.isEmpty, !function.isEmpty, !old.isEmpty, old != new else {
      throw FormatError(file: file, complaint: "\"\(purpose)\" is no whole mutant")
    }
  }

  init(file: String, function: String, purpose: String, old: [String], new: [String]) {
    self.file = file
    self.function = function
    self.purpose = purpose
    self.old = old
    self.new = new
  }
}

extension PortMutant {
  /// The files of the port and their mutants, by name.
  static func byFile() throws -> [(file: String, mutants: [PortMutant])] {
    let folder = Repository.root.appending(path: "Tests/Fixtures/port-mutants")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map { name in
      let file = String(name.prefix { $0 != "." })
      let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
      return (file, try all(in: text, file: file))
    }
  }
}

extension StringProtocol {
  /// The string without leading blanks.
  var trimmed: String { String(drop { $0 == " " }) }
}
