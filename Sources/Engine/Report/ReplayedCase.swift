// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port

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
  public var broken: BrokenRules = BrokenRules()
}
