// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// A request to `mhpcheck mutate`.
public struct MutateRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  /// The options for reading and compiling the subject.
  public var options: SubjectOptions
  /// The C names of the functions whose mutants run; empty for all.
  public var functions: [String]
  /// The shard of the mutants to run; nil for all.
  public var shard: Shard?
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// The depth of the run for each mutant that no case kills earlier.
  public var depth: Depth
  /// The number of mutants at a time.
  public var jobs: Int
  /// The seed of random cases.
  public var seed: UInt64

  public init(
    subject: String, options: SubjectOptions = SubjectOptions(), functions: [String] = [],
    shard: Shard? = nil, modes: [PagingMode] = Architecture.riscv.modes, depth: Depth = .standard,
    jobs: Int, seed: UInt64 = 1
  ) {
    self.subject = subject
    self.options = options
    self.functions = functions
    self.shard = shard
    self.modes = modes
    self.depth = depth
    self.jobs = jobs
    self.seed = seed
  }

  /// The request of a run that was divided into shards.
  public init(of run: PartedRun, jobs: Int) {
    self.init(
      subject: run.subjects.first ?? "", options: run.options, functions: run.functions,
      modes: run.modes, depth: run.depth, jobs: jobs, seed: run.seed)
  }

  /// The same run for all its shards.
  var parted: PartedRun {
    PartedRun(
      verb: .mutate, subjects: [subject], options: options, against: .latest, modes: modes,
      depth: depth, means: Set(CaseSource.allCases), seed: seed, functions: functions)
  }

  /// The check of a subject, mutated or not.
  func check(_ means: Set<CaseSource>, jobs: Int) -> CheckRequest {
    CheckRequest(
      subject: subject, options: options, modes: modes, depth: depth, means: means, jobs: jobs,
      seed: seed, showsDifferences: false)
  }
}
