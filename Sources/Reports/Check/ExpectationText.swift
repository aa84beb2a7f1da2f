// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// What came of expectations, as terminal text.
struct ExpectationText: Sendable {
  private let style: TextStyle

  init(style: TextStyle) { self.style = style }

  /// The lines, the word on all of them last.
  func lines(_ outcome: ExpectationOutcome) -> [String] {
    let file = SafeText.line(outcome.file)
    var lines = outcome.unexpected.map { "\(style.bad("unexpected")): \($0.sentence)" }
    lines += outcome.stale.map {
      "\(file):\($0.line): \(SafeText.line($0.text)) no longer occurs; remove this line"
    }
    if outcome.unexplained > 0 {
      lines.append("\(file): \(outcome.unexplained) expectations have no reason of their own yet")
    }
    let known = "\(outcome.expected.count) known"
    if outcome.isMet {
      lines.append("\(style.good("as expected")): \(known), nothing else (\(file))")
    } else {
      var parts: [String] = []
      if !outcome.unexpected.isEmpty { parts.append("\(outcome.unexpected.count) unexpected") }
      if !outcome.stale.isEmpty { parts.append("\(outcome.stale.count) no longer occur") }
      lines.append(
        "\(style.bad("not as expected")): \(parts.joined(separator: ", ")), \(known) (\(file));"
          + " --update-expectations writes what is so now")
    }
    return lines
  }
}
