// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Machine

/// A compiled subject on the simulated machine, in this process: the side under test.
///
/// This class has no data about the reference. Whatever the subject does to its process, it can change
/// only the reports about itself.
package final class SubjectSide: Side {
  /// More events than in any case of a subject that does not run away.
  private static let eventsKeptOfFullTrace = 1 << 14

  let machine: CMachine
  let subject: CSubject

  /// A subject that this process contains from its start, written by the owner of the process.
  package init(_ subject: CSubject) throws(ExecutionError) {
    machine = try CMachine()
    self.subject = subject
  }

  /// A subject by its shared object's path. The process drops its rights before any of the subject's
  /// code runs. With `confinement` nil it does not, and then only code of the process's owner may run.
  /// `isOpened` is called after the last step that the subject cannot influence.
  package init(
    path: String, confinement: Confinement? = nil, isOpened: () -> Void = {}
  ) throws(ExecutionError) {
    machine = try CMachine()
    let opened = try OpenedSubject(path: path)
    try confinement?.enter()
    isOpened()
    subject = try opened.start(on: machine)
  }

  /// The functions of the surface that the subject contains.
  package var functions: [KernelFunction] { subject.functions }

  /// The marks that an instrumented subject has made so far, one byte each; empty for any other subject.
  var marks: [UInt8] { machine.marks(of: subject) }

  /// Chooses between the variants of a function that the subject has (`mhp/choice.h`).
  func choose(_ number: UInt32) { machine.choose(number, in: subject) }

  package func run(_ image: MachineImage, upTo eventLimit: Int?) -> Ending {
    machine.load(image)
    if let eventLimit { machine.limitEvents(to: eventLimit) }
    return machine.run(image.operations, on: subject)
  }

  package func digest(_ ending: Ending, of image: MachineImage, words: Int) -> CaseDigest {
    machine.digest(ending, altmaps: image.altmaps.count, words: words)
  }

  /// Runs a case and returns the short answer and the ending.
  package func shortAnswer(_ image: MachineImage) -> (answer: CaseAnswer, ending: Ending) {
    let (digest, ending) = answer(image)
    return (
      CaseAnswer(digest: digest, ending: ending.kind, spellings: machine.spellings), ending
    )
  }

  package func observation(_ ending: Ending, of image: MachineImage) -> Observation {
    let tables = 0..<machine.tableCount
    // A full trace stops at an arbitrary event, so its beginning says as much, with a million fewer
    // events.
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
