// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port

/// One case, with the observations of both sides.
public struct ReplayedCase: Sendable {
  public var scenario: Scenario
  /// The subject's origin.
  public var subjectName: String
  /// The fixes of the port.
  public var against: UpstreamFixes
  /// The first difference between the sides; nil when there is none.
  public var difference: Difference?
  /// The subject's observation; nil when it killed its worker.
  public var subject: Observation?
  /// The port's observation.
  public var reference: Observation?
  /// The oracle rules that the subject breaks.
  public var broken: BrokenRules = BrokenRules()
}
