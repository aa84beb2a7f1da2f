// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// A request to `mhpcheck bisect`.
public struct BisectRequest: Sendable {
  /// The repository's folder, as the user typed it.
  public var repository: String
  /// A revision that behaves correctly.
  public var good: String
  /// A later revision that may not.
  public var bad: String
  /// Whether a merge counts as one commit, with all that it brings.
  public var firstParent: Bool
  /// The options for reading and compiling revisions.
  public var options: SubjectOptions
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// The depth of the run of each revision.
  public var depth: Depth
  /// The number of worker processes at a time.
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

  /// The check of one revision.
  func check(_ revision: String) -> CheckRequest {
    CheckRequest(
      subject: subject(revision), options: options, modes: modes, depth: depth, jobs: jobs,
      showsDifferences: false, measuresCoverage: false)
  }
}
