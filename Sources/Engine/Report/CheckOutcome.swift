// SPDX-License-Identifier: GPL-2.0-only

import Port

/// What a check came to: every format of a check is a pure function of it.
public enum CheckOutcome: Sendable {
  /// The subject ran.
  case judged(Report)
  /// There is no verdict of behaviour.
  case failed(FailedCheck)

  /// The overall word.
  public var verdict: Verdict {
    switch self {
    case .judged(let report): report.verdict
    case .failed(let failed): failed.verdict
    }
  }
}

/// A check that gave no verdict of behaviour.
public struct FailedCheck: Sendable, Hashable {
  /// The tool's version.
  public var tool: String
  /// The SUBJECT argument.
  public var subject: String
  /// The set of fixes the subject was to be held against.
  public var against: UpstreamFixes
  /// `unbuildable` or `incomplete`.
  public var verdict: Verdict
  /// What is wrong and what to do, in one line.
  public var message: String
  /// The paging modes' names.
  public var modes: [String]
  /// The seed of all that was to be drawn at random.
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
