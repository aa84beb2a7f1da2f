// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// A replayed case as terminal text.
public struct ReplayRenderer: Sendable {
  private let style: TextStyle

  public init(style: TextStyle) { self.style = style }

  /// The whole text, with a final newline.
  public func render(_ replayed: ReplayedCase) -> String {
    let name = replayed.against.name
    var lines = ["subject  \(SafeText.line(replayed.subjectName))", "against  \(name)"]
    lines += DifferenceRenderer(style: style).lines(
      scenario: replayed.scenario, difference: replayed.difference, subject: replayed.subject,
      reference: replayed.reference)
    lines += rules(replayed.broken.own, "the subject alone breaks")
    lines += rules(replayed.broken.shared, "both sides break")
    if replayed.subject == nil {
      lines.append(style.bad("differs") + ": the subject kills its process")
    } else if replayed.difference == nil {
      lines.append(style.good("same") + ": both sides do the same")
    } else {
      lines.append(style.bad("differs"))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func rules(_ violations: [Violation], _ who: String) -> [String] {
    violations.map { violation in
      let name = violation.hazard.map { "\(violation.rule.rawValue), hazard \($0.rawValue)" }
      return "  \(who) \(name ?? violation.rule.rawValue) in call \(violation.operation + 1): "
        + violation.sentence
    }
  }
}
