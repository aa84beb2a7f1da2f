// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The coverage of a run, as a value.
public struct CoverageReport: Sendable {
  /// The tool's version.
  public var tool: String
  public var subject: SubjectSummary
  /// The paging modes' names.
  public var modes: [String]
  /// The sources of cases that ran, in order, until nothing remained to reach.
  public var means: [String]
  /// The seed of all random choices.
  public var seed: UInt64
  /// The duration of the whole run.
  public var seconds: Double
  /// False if the run was stopped.
  public var isComplete: Bool
  public var coverage: Coverage
}
