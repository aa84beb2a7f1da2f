// SPDX-License-Identifier: GPL-2.0-only

/// Several commands in one, and what each of them printed: a guest is slow to start processes, and slower to be
/// asked.
struct GuestAnswerParts {
  private static let mark = "--mhpcheck-part--"

  /// A command that runs others in turn.
  static func command(_ parts: [String]) -> String {
    parts.joined(separator: "\necho; echo \(mark)\n")
  }

  private let parts: [Substring]

  /// Takes apart what such a command printed.
  init(_ output: String) {
    parts = output.split(separator: "\(Self.mark)\n", omittingEmptySubsequences: false)
  }

  /// What a part printed; empty for one that was not come to.
  subscript(part: Int) -> String { parts.indices.contains(part) ? String(parts[part]) : "" }
}
