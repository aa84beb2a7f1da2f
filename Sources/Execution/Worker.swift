// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import FoundationEssentials
import Glibc
import MachineModel
import PageTables
import Scenarios

/// The worker process: loads a subject, then runs the cases it is told to until its input ends.
///
/// What a subject prints cannot get among the answers: they go to a private copy of standard output,
/// and standard output itself leads nowhere.
public enum Worker {
  /// Runs a worker for a plan given as JSON; returns only an exit status of a worker that could not
  /// be set up.
  public static func run(planJSON: String) -> Int32 {
    let answers = dup(STDOUT_FILENO)
    let nowhere = open("/dev/null", O_WRONLY)
    guard answers >= 0, nowhere >= 0, dup2(nowhere, STDOUT_FILENO) >= 0,
      dup2(nowhere, STDERR_FILENO) >= 0
    else { return 1 }
    let confinement = Confinement(answers: answers, supervisor: getppid())
    // A worker that a subject kills dies at once: the Swift runtime's handlers would start a
    // debugger on it, which takes most of a second and is nothing to do beside hostile code.
    for fault in [SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT, SIGQUIT] {
      signal(fault, SIG_DFL)
    }
    guard let plan = try? JSONDecoder().decode(WorkerPlan.self, from: Data(planJSON.utf8)) else {
      return 1
    }
    do {
      let session = try WorkerSession(plan: plan, confinement: confinement)
      send(.ready(session.functions), to: answers)
      while let line = readLine() {
        let request = try JSONDecoder().decode(WorkerRequest.self, from: Data(line.utf8))
        send(try session.answer(request), to: answers)
      }
      Confinement.leave(0)
    } catch let error as ExecutionError {
      send(.failed(error.message, isSubjectsFault: error.isSubjectsFault), to: answers)
    } catch {
      send(
        .failed("the worker was asked something it cannot read", isSubjectsFault: false),
        to: answers)
    }
    Confinement.leave(1)
  }

  private static func send(_ response: WorkerResponse, to descriptor: Int32) {
    guard var bytes = try? JSONEncoder().encode(response) else { Confinement.leave(1) }
    bytes.append(UInt8(ascii: "\n"))
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let written = write(
          descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
        // A supervisor that is gone has no use for answers.
        if written <= 0 { Confinement.leave(1) }
        rest = rest.dropFirst(written)
      }
    }
  }
}

/// A worker's loaded plan and what it has lowered so far.
private final class WorkerSession {
  /// After so many hangs an operation gets less CPU time: a subject that hangs everywhere should not
  /// take an hour to say so, and no operation of the catalogue needs a thousandth of it.
  private static let patience = (hangs: 4, milliseconds: UInt32(40))

  private let runner: CaseRunner
  private let catalogue = LoweredCatalogue()
  private var hangs = 0
  private var sweeper: Sweeper?

  init(plan: WorkerPlan, confinement: Confinement) throws(ExecutionError) {
    mhp_guard_set_limit(plan.limitMilliseconds)
    runner = try CaseRunner(
      subjectPath: plan.subjectPath, fixes: plan.fixes, otherPath: plan.other?.path,
      other: plan.other != nil, indexBits: plan.indexBits,
      confinement: confinement)
  }

  var functions: [SurfaceFunction] { runner.functions }

  func answer(_ request: WorkerRequest) throws(ExecutionError) -> WorkerResponse {
    switch request {
    case .run(let cases):
      var results: [CaseResult] = []
      for reference in cases { results.append(check(try catalogue.image(of: reference))) }
      return .results(results)
    case .observe(let reference, let against):
      let pair = runner.observe(try catalogue.image(of: reference), reference: against)
      return .observed(ObservedCase(subject: pair.subject, reference: pair.reference).bounded)
    case .sweep(let part):
      return .swept(try sweeper(of: part.universe).run(part.states))
    }
  }

  private func sweeper(of name: String) throws(ExecutionError) -> Sweeper {
    if let sweeper, sweeper.universe.name == name { return sweeper }
    guard let made = Sweeper(runner, try catalogue.universe(named: name)) else {
      throw ExecutionError("a universe can only be run against the port")
    }
    sweeper = made
    return made
  }

  private func check(_ image: MachineImage) -> CaseResult {
    let result = runner.check(image)
    if result.ending.kind == EndingKind.hang.rawValue {
      hangs += 1
      if hangs == Self.patience.hangs { mhp_guard_set_limit(Self.patience.milliseconds) }
    }
    return result
  }
}
