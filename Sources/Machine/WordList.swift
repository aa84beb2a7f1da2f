// SPDX-License-Identifier: GPL-2.0-only

extension [String] {
  /// "a, b and c": words as a sentence lists them.
  package var list: String {
    guard count > 1, let last else { return first ?? "" }
    return "\(dropLast().joined(separator: ", ")) and \(last)"
  }
}
