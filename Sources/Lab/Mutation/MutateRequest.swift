// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Port

/// One part of several that the mutants are divided into, for machines side by side or a sample.
public struct Shard: Sendable, Hashable {
  /// From 1.
  public let number: Int
  /// How many there are.
  public let count: Int

  /// A part; nil for one that there is not.
  public init?(number: Int, count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// Whether the mutant at a place in the text's order belongs to it.
  func has(_ place: Int) -> Bool { place % count == number - 1 }
}

/// What `mhpcheck mutate` is asked to do, as a value.
public struct MutateRequest: Sendable {
  /// The SUBJECT argument.
  public var subject: String
  /// How the subject is read and compiled.
  public var options: SubjectOptions
  /// The functions whose mutants are run, by their C names; none is all.
  public var functions: [String]
  /// Which part of the mutants is run.
  public var shard: Shard?
  /// The paging modes to run.
  public var modes: [PagingMode]
  /// How much is run for each mutant that lives that long.
  public var depth: Depth
  /// Mutants at a time.
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

  /// What is asked of a subject, mutant or not.
  func check(_ means: Set<CaseSource>, jobs: Int) -> CheckRequest {
    CheckRequest(
      subject: subject, options: options, modes: modes, depth: depth, means: means, jobs: jobs,
      seed: seed, showsDifferences: false)
  }
}
