// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects

/// A run that is divided into shards: everything that decides what it finds. The parts of one run have it in common.
public struct PartedRun: Sendable, Hashable {
  public enum Verb: String, Sendable, CaseIterable {
    case check
    case mutate
    case fleet
  }

  public var verb: Verb
  /// The SUBJECT arguments: one, except for a fleet.
  public var subjects: [String]
  public var options: SubjectOptions
  public var against: UpstreamFixes
  public var modes: [PagingMode]
  public var depth: Depth
  public var means: Set<CaseSource>
  public var seed: UInt64
  /// The C names of the functions whose mutants run; empty for all.
  public var functions: [String]

  public init(
    verb: Verb, subjects: [String], options: SubjectOptions, against: UpstreamFixes,
    modes: [PagingMode], depth: Depth, means: Set<CaseSource>, seed: UInt64,
    functions: [String] = []
  ) {
    self.verb = verb
    self.subjects = subjects
    self.options = options
    self.against = against
    self.modes = modes
    self.depth = depth
    self.means = means
    self.seed = seed
    self.functions = functions
  }

  public init(_ request: CheckRequest) {
    self.init(
      verb: .check, subjects: [request.subject], options: request.options,
      against: request.against, modes: request.modes, depth: request.depth, means: request.means,
      seed: request.seed)
  }

  public init(_ request: FleetRequest) {
    self.init(
      verb: .fleet, subjects: request.subjects, options: request.check.options,
      against: request.check.against, modes: request.check.modes, depth: request.check.depth,
      means: request.check.means, seed: request.check.seed)
  }

  /// The request of a check, to be run here with `jobs` workers.
  public func check(jobs: Int) -> CheckRequest {
    CheckRequest(
      subject: subjects.first ?? "", options: options, against: against, modes: modes,
      depth: depth, means: means, jobs: jobs, seed: seed)
  }

  /// The request of a fleet.
  public func fleet(jobs: Int) -> FleetRequest {
    FleetRequest(
      subjects: subjects, options: options, against: against, modes: modes, depth: depth,
      jobs: jobs, seed: seed)
  }

  /// The first thing in which another run differs, in a few words; nil if nothing does.
  func departure(of other: PartedRun) -> String? {
    let parts: [(what: String, isSame: Bool)] = [
      ("another verb", verb == other.verb), ("other subjects", subjects == other.subjects),
      ("other options of the subject", options == other.options),
      ("other fixes", against == other.against), ("other modes", modes == other.modes),
      ("another depth", depth == other.depth), ("other means", means == other.means),
      ("another seed", seed == other.seed), ("other functions", functions == other.functions),
    ]
    return parts.first { !$0.isSame }?.what
  }
}
