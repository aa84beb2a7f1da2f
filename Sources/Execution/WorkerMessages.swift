// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel
import Scenarios

/// Which case: one of the catalogue's, by mode and place in it; one of a universe, by its name and
/// the place in it; or one given as a scenario's JSON.
public enum CaseReference: Hashable, Sendable, Codable {
  case catalogue(mode: String, index: Int)
  case universe(name: String, place: UniverseCase)
  case literal(String)
}

/// What a worker is to load before its first case.
public struct WorkerPlan: Hashable, Sendable, Codable {
  /// The subject's shared object; nil for the embedded reference.
  public var subjectPath: String?
  /// The sets of fixes at which the port is run, first the one that the verdict is about.
  public var fixes: [UpstreamFixes]
  /// Another subject to hold the first against, after the port.
  public var other: OtherSubject?
  /// Index bits a level.
  public var indexBits: UInt64
  /// How long an operation may run, in milliseconds of CPU time.
  public var limitMilliseconds: UInt32

  /// The second subject of a comparison.
  public struct OtherSubject: Hashable, Sendable, Codable {
    /// Its shared object; nil for the embedded reference.
    public var path: String?

    /// Memberwise.
    public init(path: String?) { self.path = path }
  }

  /// Memberwise.
  public init(
    subjectPath: String?, fixes: [UpstreamFixes], other: OtherSubject? = nil, indexBits: UInt64 = 9,
    limitMilliseconds: UInt32 = 250
  ) {
    self.subjectPath = subjectPath
    self.fixes = fixes
    self.other = other
    self.indexBits = indexBits
    self.limitMilliseconds = limitMilliseconds
  }
}

/// What the supervisor asks of a worker; one line of JSON each.
enum WorkerRequest: Codable {
  /// Run these cases and compare; answered by `results`.
  case run([CaseReference])
  /// Run a case and give back what the subject and one reference did; answered by `observed`.
  case observe(CaseReference, reference: Int)
  /// Run every case of a part of a universe; answered by `swept`.
  case sweep(SweepPart)
}

/// What a worker answers; one line of JSON each.
enum WorkerResponse: Codable {
  /// The plan is loaded: the functions that the subject has.
  case ready([SurfaceFunction])
  /// The plan could not be loaded, or a case is none: one sentence. The worker ends.
  case failed(String, isSubjectsFault: Bool)
  case results([CaseResult])
  case observed(ObservedCase)
  case swept(SweepResult)
}

/// What came of one case: a result for each reference of the plan, in order.
public struct CaseResult: Hashable, Sendable, Codable {
  /// With each reference, in the order of the plan.
  public var comparisons: [ComparisonResult]
  /// How the case ended on the subject.
  public var ending: Ending

  /// Memberwise.
  public init(comparisons: [ComparisonResult], ending: Ending) {
    self.comparisons = comparisons
    self.ending = ending
  }
}

/// Both observations of one case.
public struct ObservedCase: Hashable, Sendable, Codable {
  /// What the subject did.
  public var subject: Observation
  /// What the side it is held against did.
  public var reference: Observation

  /// Memberwise.
  public init(subject: Observation, reference: Observation) {
    self.subject = subject
    self.reference = reference
  }

  /// The same without most of what a subject that runs away did beyond the reference: it is read by
  /// the supervisor, in which no subject may take up memory and time as it likes. Where the sides
  /// part first stays, as that lies at most one event or table beyond the reference's.
  var bounded: ObservedCase {
    var bounded = self
    let tables = reference.tables.count + 16
    bounded.subject.tables = Array(subject.tables.prefix(tables))
    bounded.subject.lives = Array(subject.lives.prefix(tables))
    bounded.subject.events = Array(subject.events.prefix(reference.events.count + (1 << 17)))
    return bounded
  }
}
