// SPDX-License-Identifier: GPL-2.0-only

/// Why a scenario cannot be read or run: one line that names the place.
public struct ScenarioError: Error, Hashable, CustomStringConvertible {
  /// Where, as the JSON has it, e.g. "tables[3].entries[0].slot"; empty for the whole scenario.
  public let path: String
  /// What is wrong there; one line.
  public let message: String

  /// A complaint about one place of a scenario.
  init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  /// The line: the place, where there is one, and what is wrong.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }

  /// A stranger's text as it may stand in an error: one line, printable, short.
  static func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(40) {
      let isPlain = scalar.value >= 0x20 && scalar.value < 0x7f && scalar != "\""
      shown += isPlain ? String(scalar) : "?"
    }
    if text.unicodeScalars.count > 40 { shown += "..." }
    return "\"\(shown)\""
  }
}
