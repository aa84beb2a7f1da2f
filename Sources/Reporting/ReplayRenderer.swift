// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel
import Oracle
import Scenarios

/// One case and what both sides did.
public struct ReplayedCase: Sendable {
  /// The case.
  public var scenario: Scenario
  /// The subject's origin.
  public var subjectName: String
  /// The fixes that the port ran at.
  public var against: UpstreamFixes
  /// What parts the sides; nil when nothing does.
  public var difference: Difference?
  /// Nil when the subject killed its worker.
  public var subject: Observation?
  /// What the port did.
  public var reference: Observation?
  /// The rules of the oracle that the subject breaks.
  public var broken: BrokenRules

  /// Memberwise.
  public init(
    scenario: Scenario, subjectName: String, against: UpstreamFixes, difference: Difference?,
    subject: Observation?, reference: Observation?, broken: BrokenRules = BrokenRules()
  ) {
    self.scenario = scenario
    self.subjectName = subjectName
    self.against = against
    self.difference = difference
    self.subject = subject
    self.reference = reference
    self.broken = broken
  }
}

/// A replayed case as terminal text.
public struct ReplayRenderer: Sendable {
  private let style: TextStyle

  /// Memberwise.
  public init(style: TextStyle) { self.style = style }

  /// The whole text, with a final newline.
  public func render(_ replayed: ReplayedCase) -> String {
    let name = TextRenderer.name(of: replayed.against)
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
