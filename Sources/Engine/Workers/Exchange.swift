// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Machine
import Port
import Subprocess
import Synchronization
import Worker

/// The exchange with one worker process: requests (one line of JSON each), answers (one frame of bytes each),
/// and a watch that kills a worker which does not answer in time.
final class Exchange: Sendable {
  private let limitMilliseconds: UInt32
  private let answer: Duration
  /// The time that the worker may still be silent; nil while there is no request.
  private let silenceLeft = Mutex<Duration?>(nil)
  private let killed = Mutex(false)
  private let killedByOthers = Mutex(false)

  /// An exchange that allows a worker the time `answer` for each answer, and twice `limitMilliseconds` for
  /// each case that may take long.
  init(limitMilliseconds: UInt32, answer: Duration) {
    self.limitMilliseconds = limitMilliseconds
    self.answer = answer
  }

  /// Whether the watch killed the worker, because it did not answer.
  var wasOverdue: Bool { killed.withLock { $0 } }

  /// Whether another process killed the worker. No subject can do that: a confined process sends no signals,
  /// and its own faults only raise signals that can be caught.
  var wasKilledByOthers: Bool { killedByOthers.withLock { $0 } }

  /// The interface for the body of a session. Only one task may use it at a time.
  final class Conversation {
    typealias Process = Subprocess.Execution<CustomWriteInput, SequenceOutput, DiscardedOutput>
    private let process: Process
    private var frames: AnswerFrames
    private let exchange: Exchange
    /// Whether the worker has closed its output, as it does at its end.
    fileprivate private(set) var isOver = false
    /// The functions that the subject has.
    fileprivate(set) var functions: [KernelFunction] = []

    fileprivate init(_ process: Process, _ exchange: Exchange, entries: Int) {
      self.process = process
      self.exchange = exchange
      frames = AnswerFrames(process.standardOutput, entries: entries)
    }

    /// Sends a request and waits for the answer; nil when the worker is gone, or does not answer this
    /// request. At most `slow` of the requested cases may take long.
    func ask(_ request: WorkerRequest, slow: Int) async throws -> WorkerResponse? {
      let asked = NumberedRequest(request)
      var bytes = [UInt8](try JSONEncoder().encode(asked))
      bytes.append(UInt8(ascii: "\n"))
      exchange.expectAnswer(slowCases: slow)
      defer { exchange.expectNothing() }
      guard (try? await process.standardInputWriter.write(bytes)) != nil else {
        isOver = true
        return nil
      }
      return await hear(number: asked.number)
    }

    /// The next answer; nil when there is none, or none that can be read.
    fileprivate func hear(number: UInt64 = 0) async -> WorkerResponse? {
      let answer = await frames.next(to: number)
      if frames.isAtEnd { isOver = true }
      return answer
    }
  }

  /// Starts a worker, loads the plan in it and runs `body` with it; the worker is gone afterwards.
  ///
  /// Throws when the worker does not start or cannot load the plan.
  func session<Result: Sendable>(
    program: String, plan: WorkerPlan, _ body: (Conversation) async throws -> Result
  ) async throws(ExecutionError) -> Result {
    do {
      let worker = WorkerProgram(for: plan, of: program)
      let planJSON = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
      let finished = try await Subprocess.run(
        .path(.init(worker.path)), arguments: .init(worker.words + [planJSON]), input: .inputWriter,
        output: .sequence, error: .discarded
      ) { process in
        WorkerProcesses.insert(process.processIdentifier.value)
        let watch = Task { [self] in
          var clock = SilenceClock(process: process.processIdentifier.value)
          while !Task.isCancelled {
            try await Task.sleep(for: SilenceClock.interval)
            guard isOverdue(after: clock.look()) else { continue }
            killed.withLock { $0 = true }
            try? process.send(signal: .kill)
          }
        }
        defer {
          watch.cancel()
          // The subject may have changed the worker in any way, so the worker must not outlive the session.
          try? process.send(signal: .kill)
          WorkerProcesses.remove(process.processIdentifier.value)
        }
        let conversation = Conversation(process, self, entries: plan.entries)
        // The ending of the worker is known only after this block, and an error may be its consequence.
        let outcome: Swift.Result<Result, any Error>
        do {
          try await awaitReady(conversation)
          outcome = .success(try await body(conversation))
        } catch {
          outcome = .failure(error)
        }
        try? await process.standardInputWriter.finish()
        let end = conversation.isOver ? await Self.hasEnded(process) : false
        return (outcome: outcome, hasEnded: end)
      }
      let isKilled = finished.terminationStatus == .signaled(SIGKILL)
      if finished.closureResult.hasEnded, isKilled, !wasOverdue {
        killedByOthers.withLock { $0 = true }
      }
      return try finished.closureResult.outcome.get()
    } catch let error as ExecutionError {
      throw error
    } catch {
      throw ExecutionError("the worker \(program) could not be started: \(error)").beforeFirstCase
    }
  }

  /// Whether a process that closed its output ends by itself. It does so at once, unless the machine is busy.
  private static func hasEnded(_ process: Conversation.Process) async -> Bool {
    for _ in 0..<2_500 {
      if SilenceClock.isGone(process.processIdentifier.value) { return true }
      try? await Task.sleep(for: .milliseconds(2))
    }
    return false
  }

  private func awaitReady(_ conversation: Conversation) async throws {
    expectAnswer(slowCases: 1)
    defer { expectNothing() }
    let answer: WorkerResponse?
    switch await conversation.hear() {
    // Trust the worker's messages only until the subject can influence them.
    case .failed(let failure)?:
      throw ExecutionError(failure.message, isSubjectsFault: failure.isSubjectsFault)
        .beforeFirstCase.certain
    case .opened?: answer = await conversation.hear()
    default: answer = nil
    }
    switch answer {
    case .ready(let functions)?: conversation.functions = functions
    case .unstarted(let kind, let address)?:
      let message =
        kind == .finished
        ? "the subject has no entry points that can be used"
        : "the subject \(Self.phrase(kind, address)) while it is loaded; "
          + "check for a constructor function"
      throw ExecutionError(message, isSubjectsFault: true).beforeFirstCase.certain
    default:
      let end = wasOverdue ? "hangs" : "ends the process that runs it"
      let error = ExecutionError(
        "the subject \(end) while it is loaded; check for a constructor function",
        isSubjectsFault: true
      ).beforeFirstCase
      throw wasOverdue ? error.certain : error
    }
  }

  private static func phrase(_ kind: EndingKind, _ address: UInt64) -> String {
    switch kind {
    case .hang: "hangs"
    case .forbiddenCall: "makes system call \(address), which is forbidden,"
    case .stackOverflow: "runs out of stack"
    case .arithmetic: "divides by zero"
    case .trap: "executes undefined behaviour or an illegal instruction"
    default: "accesses memory that it does not own"
    }
  }

  /// Whether the worker has been silent too long, with `silence` in addition.
  private func isOverdue(after silence: Duration) -> Bool {
    silenceLeft.withLock { left in
      guard let before = left else { return false }
      left = before - silence
      return before < silence
    }
  }

  fileprivate func expectAnswer(slowCases: Int) {
    let allowance = answer + .milliseconds(Int(limitMilliseconds) * 2 * slowCases)
    silenceLeft.withLock { $0 = allowance }
  }

  fileprivate func expectNothing() { silenceLeft.withLock { $0 = nil } }
}
