// SPDX-License-Identifier: GPL-2.0-only

import Cases

extension UniverseCase {
  /// "STATE-OPERATION-RANGE", as in the id of its scenario.
  package var word: String { "\(state)-\(operation)-\(range)" }

  /// The case of a word; nil for any other text.
  package init?(word: String) {
    let parts = word.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let state = UInt64(parts[0]), let operation = Int(parts[1]),
      let range = UInt64(parts[2]), operation >= 0
    else { return nil }
    self.init(state: state, operation: operation, range: range)
    guard self.word == word else { return nil }
  }
}
