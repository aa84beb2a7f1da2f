// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Comparison
import MachineModel
import PageTables

/// A compiled subject on the simulated machine, in this process: the side under test.
///
/// It knows nothing of what the subject is held against: whatever the subject does to its process,
/// it can only change what is said of itself.
public final class SubjectSide {
  /// More events than any case of a subject that does not run away has.
  private static let eventsKeptOfFullTrace = 1 << 14

  let machine: CMachine
  let subject: CSubject

  /// A subject by its shared object's path, or the embedded reference for nil. In a process that runs
  /// nothing but what its owner wrote, `confinement` may be nil.
  public init(
    subjectPath: String?, indexBits: UInt64, confinement: Confinement? = nil
  ) throws(ExecutionError) {
    machine = try CMachine()
    let opened = try subjectPath.map { path throws(ExecutionError) in
      try OpenedSubject(path: path)
    }
    try confinement?.enter()
    if let opened {
      subject = try opened.start(on: machine)
    } else {
      subject = try .embeddedReference(indexBits: indexBits)
    }
  }

  /// The functions of the surface that the subject has.
  public var functions: [SurfaceFunction] { subject.functions }

  /// The marks that an instrumented subject has made so far, a byte each; none of any other.
  var marks: [UInt8] { machine.marks(of: subject) }

  /// Loads a case and runs it, and nothing more; `digest` and `observation` say what it did.
  @discardableResult public func run(_ image: MachineImage) -> Ending {
    machine.load(image)
    return machine.run(image.operations, on: subject)
  }

  /// The digest of the case that was run last.
  public func digest(
    _ ending: Ending, _ image: MachineImage, words: Int = Pool.wordsPerPage
  ) -> CaseDigest {
    machine.digest(ending, altmaps: image.altmaps.count, words: words)
  }

  /// Runs a case and gives back what is to be known of it in short.
  public func answer(_ image: MachineImage) -> CaseAnswer { answerAndEnding(image).0 }

  /// The same, and how the case ended.
  func answerAndEnding(_ image: MachineImage) -> (CaseAnswer, Ending) {
    let ending = run(image)
    let answer = CaseAnswer(
      digest: digest(ending, image), ending: ending.kind, spellings: machine.spellings)
    return (answer, ending)
  }

  /// Runs a case and gives back everything it did.
  public func observe(_ image: MachineImage) -> Observation {
    let ending = run(image)
    return observation(ending, image)
  }

  /// Runs a case up to the event after so many and gives back the state there, without the events.
  func observe(_ image: MachineImage, stoppedAfter events: Int) -> Observation {
    machine.load(image)
    machine.limitEvents(to: events)
    let ending = machine.run(image.operations, on: subject)
    var observation = observation(ending, image)
    observation.events = []
    return observation
  }

  /// Everything that the subject did in the case that was run last.
  func observation(_ ending: Ending, _ image: MachineImage) -> Observation {
    let tables = 0..<machine.tableCount
    // A trace that is full stops anywhere: its beginning says as much, and a million events less.
    let isFull = ending.kind == EndingKind.traceOverflow.rawValue
    return Observation(
      ending: ending,
      events: machine.withEventBytes { bytes in
        let events = bytes.bindMemory(to: Event.self)
        return Array(
          events.prefix(isFull ? Self.eventsKeptOfFullTrace : ObservationWords.eventsKept))
      },
      tables: tables.map { table in
        machine.withTableBytes(table) { Array($0.bindMemory(to: UInt64.self)) }
      },
      lives: tables.map { machine.life(ofTable: $0) }, maxPFN: machine.maxPFN,
      maxLowPFN: machine.maxLowPFN, altmapAllocs: machine.altmapAllocs(image.altmaps.count),
      altmapAligns: machine.altmapAligns(image.altmaps.count), sections: machine.sections,
      spellings: machine.spellings)
  }
}
