// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// All that is said of what a run reached, as a value.
public struct CoverageReport: Sendable {
  /// The tool's version.
  public var tool: String
  /// Whose text it is.
  public var subject: SubjectSummary
  /// The paging modes' names.
  public var modes: [String]
  /// The means that were run, in order, until nothing was left to be reached.
  public var means: [String]
  /// The seed of all that was drawn at random.
  public var seed: UInt64
  /// From start to end.
  public var seconds: Double
  /// Whether the run came to its end.
  public var isComplete: Bool
  /// What was reached.
  public var coverage: Coverage
}
