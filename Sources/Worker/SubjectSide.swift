// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

/// A compiled subject on the simulated machine, in this process: the side under test.
///
/// It knows nothing of what the subject is held against: whatever the subject does to its process,
/// it can only change what is said of itself.
package final class SubjectSide: Side {
  /// More events than any case of a subject that does not run away has.
  private static let eventsKeptOfFullTrace = 1 << 14

  let machine: CMachine
  let subject: CSubject

  /// A subject that this process holds from its start, which its owner wrote.
  package init(_ subject: CSubject) throws(ExecutionError) {
    machine = try CMachine()
    self.subject = subject
  }

  /// A subject by its shared object's path. The process gives up its rights before any of its code runs,
  /// unless `confinement` is nil: then nothing but what its owner wrote may be run. `isOpened` hears when
  /// all is done that the subject has no hand in.
  package init(
    path: String, confinement: Confinement? = nil, isOpened: () -> Void = {}
  ) throws(ExecutionError) {
    machine = try CMachine()
    let opened = try OpenedSubject(path: path)
    try confinement?.enter()
    isOpened()
    subject = try opened.start(on: machine)
  }

  /// The functions of the surface that the subject has.
  package var functions: [KernelFunction] { subject.functions }

  /// The marks that an instrumented subject has made so far, a byte each; none of any other.
  var marks: [UInt8] { machine.marks(of: subject) }

  package func run(_ image: MachineImage, upTo eventLimit: Int?) -> Ending {
    machine.load(image)
    if let eventLimit { machine.limitEvents(to: eventLimit) }
    return machine.run(image.operations, on: subject)
  }

  package func digest(_ ending: Ending, of image: MachineImage, words: Int) -> CaseDigest {
    machine.digest(ending, altmaps: image.altmaps.count, words: words)
  }

  /// Runs a case and gives back what is to be known of it in short, and how it ended.
  package func shortAnswer(_ image: MachineImage) -> (answer: CaseAnswer, ending: Ending) {
    let (digest, ending) = answer(image)
    return (
      CaseAnswer(digest: digest, ending: ending.kind, spellings: machine.spellings), ending
    )
  }

  package func observation(_ ending: Ending, of image: MachineImage) -> Observation {
    let tables = 0..<machine.tableCount
    // A trace that is full stops anywhere: its beginning says as much, and a million events less.
    let isFull = ending.kind == EndingKind.traceOverflow.rawValue
    return Observation(
      ending: ending,
      events: machine.withEventBytes { bytes in
        let events = bytes.bindMemory(to: Event.self)
        return Array(
          events.prefix(isFull ? Self.eventsKeptOfFullTrace : ObservationCoding.eventsKept))
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
