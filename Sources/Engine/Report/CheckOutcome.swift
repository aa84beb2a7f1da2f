// SPDX-License-Identifier: GPL-2.0-only

import Port

/// The outcome of a check. Every format of a check is a pure function of it.
public enum CheckOutcome: Sendable {
  /// The subject ran.
  case judged(Report)
  /// The check has no verdict on behaviour.
  case failed(FailedCheck)

  public var verdict: Verdict {
    switch self {
    case .judged(let report): report.verdict
    case .failed(let failed): failed.verdict
    }
  }
}

/// A check without a verdict on behaviour.
public struct FailedCheck: Sendable, Hashable {
  /// The tool's version.
  public var tool: String
  /// The SUBJECT argument.
  public var subject: String
  /// The set of fixes to compare the subject with.
  public var against: UpstreamFixes
  /// `unbuildable` or `incomplete`.
  public var verdict: Verdict
  /// The error and its remedy, in one line.
  public var message: String
  /// The paging modes' names.
  public var modes: [String]
  /// The seed of all random choices.
  public var seed: UInt64

  public init(
    tool: String, subject: String, against: UpstreamFixes, verdict: Verdict, message: String,
    modes: [String], seed: UInt64
  ) {
    self.tool = tool
    self.subject = subject
    self.against = against
    self.verdict = verdict
    self.message = message
    self.modes = modes
    self.seed = seed
  }
}
