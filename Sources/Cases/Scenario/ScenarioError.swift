// SPDX-License-Identifier: GPL-2.0-only

/// The reason why a scenario, or another JSON input, cannot be read or run: one line that names the place.
public struct ScenarioError: Error, Hashable, CustomStringConvertible {
  /// The JSON path, e.g. "tables[3].entries[0].slot"; empty for the whole.
  public let path: String
  /// One line that states the error.
  public let message: String

  package init(_ path: String, _ message: String) {
    self.path = path
    self.message = message
  }

  /// One line: the path, if any, and the message.
  public var description: String { path.isEmpty ? message : "\(path): \(message)" }

  /// A user's text as an error may show it: one line, printable, short.
  package static func quoted(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(40) {
      let isPlain = scalar.value >= 0x20 && scalar.value < 0x7f && scalar != "\""
      shown += isPlain ? String(scalar) : "?"
    }
    if text.unicodeScalars.count > 40 { shown += "..." }
    return "\"\(shown)\""
  }
}
