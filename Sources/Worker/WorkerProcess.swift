// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Cases
import FoundationEssentials
import Glibc
import Machine

/// The worker process: loads a subject, then runs the requested cases until its input ends.
///
/// Output of a subject cannot mix with the answers: these go to a private copy of standard output, and
/// standard output itself goes to /dev/null.
package enum WorkerProcess {
  /// Creates the subject of a plan without a shared object.
  package typealias OwnSubject = (_ indexBits: UInt64) throws(ExecutionError) -> CSubject

  /// Runs a worker for a plan in JSON. It returns only if the worker could not be set up, with an exit
  /// status. `ownSubject` is nil in a program without a subject of its own.
  package static func run(planJSON: String, ownSubject: OwnSubject? = nil) -> Int32 {
    let answers = dup(STDOUT_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    guard answers >= 0, nowhere >= 0, dup2(nowhere, STDOUT_FILENO) >= 0,
      dup2(nowhere, STDERR_FILENO) >= 0
    else { return 1 }
    let confinement = Confinement(answers: answers, supervisor: getppid())
    // A worker that a subject kills must die at once. The Swift runtime's handlers would start a
    // debugger on it, which takes most of a second and must not happen next to hostile code.
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT] {
      signal(fault, SIG_DFL)
    }
    guard let plan = try? JSONDecoder().decode(WorkerPlan.self, from: Data(planJSON.utf8)) else {
      return 1
    }
    func send(_ response: WorkerResponse, number: UInt64 = 0) {
      Self.send(response, number, plan, to: answers)
    }
    let side: SubjectSide
    do throws(ExecutionError) {
      mhp_guard_set_limit(plan.limitMilliseconds)
      if let path = plan.subjectPath {
        side = try SubjectSide(path: path, confinement: confinement, isOpened: { send(.opened) })
      } else if let ownSubject {
        side = try SubjectSide(try ownSubject(plan.indexBits))
        try confinement.enter()
        send(.opened)
      } else {
        throw ExecutionError("the worker was given no subject")
      }
    } catch {
      if let end = error.endOfStart {
        send(.unstarted(EndingKind(rawValue: end.kind) ?? .trap, address: end.address))
      } else {
        send(.failed(.init(message: error.message, isSubjectsFault: error.isSubjectsFault)))
      }
      Confinement.leave(1)
    }
    let session = WorkerSession(side)
    send(.ready(side.functions))
    while let line = readLine() {
      // A request that cannot be read, or that names no case, does not come from our supervisor.
      guard
        let asked = try? JSONDecoder().decode(NumberedRequest.self, from: Data(line.utf8)),
        let answer = try? session.answer(asked.request)
      else { Confinement.leave(1) }
      send(answer, number: asked.number)
    }
    Confinement.leave(0)
  }

  private static func send(
    _ response: WorkerResponse, _ number: UInt64, _ plan: WorkerPlan, to descriptor: Int32
  ) {
    guard let bytes = try? response.frame(number: number, entries: plan.entries) else {
      Confinement.leave(1)
    }
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        // The supervisor is gone, so nobody needs answers.
        if written <= 0 { Confinement.leave(1) }
        rest = rest.dropFirst(written)
      }
    }
  }
}

/// A worker's loaded plan and the cases that it has lowered so far.
private final class WorkerSession {
  /// After this number of hangs, an operation gets less CPU time: a subject that hangs everywhere must
  /// not take an hour, and no operation of the catalogue needs a twentieth of the time.
  private static let limit = (hangs: 1, milliseconds: WorkerPlan.limitOfHangs)

  private let side: SubjectSide
  private let catalogue = CaseResolver()
  private var hangs = 0
  private var sweeper: Sweeper?
  /// Observations of the slow cases in the last request, so that they need not run again to be shown.
  private var shown: [CaseReference: Observation] = [:]

  init(_ side: SubjectSide) { self.side = side }

  func answer(_ request: WorkerRequest) throws(ExecutionError) -> WorkerResponse {
    switch request {
    case .run(let cases):
      var answers: [CaseAnswer] = []
      shown.removeAll()
      for reference in cases {
        let image = try catalogue.image(of: reference)
        let (answer, ending) = side.shortAnswer(image)
        note(answer.ending)
        answers.append(answer)
        if ending.isSlow {
          shown[reference] = side.observation(ending, of: image)
          break
        }
      }
      return .answers(answers)
    case .observe(let cases):
      var observations: [Observation] = []
      for reference in cases {
        if let known = shown.removeValue(forKey: reference) {
          observations.append(known)
          continue
        }
        if case .stopped(let whole, let events) = reference {
          observations.append(
            side.observe(try catalogue.image(of: whole), stoppedAfter: max(0, events)))
          continue
        }
        let observation = side.observe(try catalogue.image(of: reference))
        note(observation.ending.kind)
        observations.append(observation)
      }
      return .observations(observations)
    case .sweep(let part):
      let sweeper = try sweeper(of: part.universe)
      let digests = sweeper.run(part)
      shown = sweeper.shown
      return .swept(digests)
    case .fold(let part):
      let sweeper = try sweeper(of: part.universe)
      let digests = sweeper.run(part)
      shown = [:]
      return .folded(digests.count == Int(part.caseCount) ? part.folds(of: digests) : [])
    case .marks: return .marks(side.marks)
    case .choose(let number):
      side.choose(number)
      return .marks(side.marks)
    }
  }

  private func sweeper(of name: String) throws(ExecutionError) -> Sweeper {
    if let sweeper, sweeper.universe.name == name { return sweeper }
    let made = Sweeper(side, try catalogue.universe(named: name))
    sweeper = made
    return made
  }

  private func note(_ ending: UInt32) {
    guard ending == EndingKind.hang.rawValue else { return }
    hangs += 1
    if hangs == Self.limit.hangs { mhp_guard_set_limit(Self.limit.milliseconds) }
  }
}
