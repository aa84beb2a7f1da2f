// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// What `mhpcheck bisect` is asked to do, as a value.
public struct BisectRequest: Sendable {
  /// The repository's folder, as the user typed it.
  public var repository: String
  /// A revision that behaves as it should.
  public var good: String
  /// A later one that may not.
  public var bad: String
  /// Whether a merge stands for all that it brings.
  public var firstParent: Bool
  /// How revisions are read and compiled.
  public var options: SubjectOptions
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// How much is run of each revision.
  public var depth: Depth
  /// Worker processes at a time.
  public var jobs: Int

  public init(
    repository: String, good: String, bad: String, firstParent: Bool = false,
    options: SubjectOptions = SubjectOptions(), modes: [PagingMode] = Architecture.riscv.modes,
    depth: Depth = .smoke, jobs: Int
  ) {
    self.repository = repository
    self.good = good
    self.bad = bad
    self.firstParent = firstParent
    self.options = options
    self.modes = modes
    self.depth = depth
    self.jobs = jobs
  }

  /// A revision as a SUBJECT argument.
  func subject(_ revision: String) -> String { "git:\(repository)@\(revision)" }

  /// What is run of a revision.
  func check(_ revision: String) -> CheckRequest {
    CheckRequest(
      subject: subject(revision), options: options, modes: modes, depth: depth, jobs: jobs,
      showsDifferences: false, measuresCoverage: false)
  }
}
