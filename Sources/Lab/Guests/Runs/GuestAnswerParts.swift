// SPDX-License-Identifier: GPL-2.0-only

/// Several commands in one, with the output of each: a guest is slow to start processes, and slower to answer
/// requests.
struct GuestAnswerParts {
  private static let mark = "--mhpcheck-part--"

  /// A command that runs others in turn.
  static func command(_ parts: [String]) -> String {
    parts.joined(separator: "\necho; echo \(mark)\n")
  }

  private let parts: [Substring]

  /// Splits the output of such a command.
  init(_ output: String) {
    parts = output.split(separator: "\(Self.mark)\n", omittingEmptySubsequences: false)
  }

  /// The output of a part; empty for a part that did not run.
  subscript(part: Int) -> String { parts.indices.contains(part) ? String(parts[part]) : "" }
}
