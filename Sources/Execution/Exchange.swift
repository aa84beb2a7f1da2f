// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import MachineModel
import Subprocess
import Synchronization

/// A conversation with one worker process: requests, a line of JSON each, answers, a frame of bytes
/// each, and a watch that kills a worker which does not answer in time.
final class Exchange: Sendable {
  private let limitMilliseconds: UInt32
  private let answer: Duration
  /// How long the worker may still be silent; nil while nothing is asked.
  private let silenceLeft = Mutex<Duration?>(nil)
  private let killed = Mutex(false)

  /// An exchange that allows a worker `answer` for each answer, and twice `limitMilliseconds` for
  /// each case it was asked to run.
  init(limitMilliseconds: UInt32, answer: Duration) {
    self.limitMilliseconds = limitMilliseconds
    self.answer = answer
  }

  /// Whether the worker was killed because it did not answer.
  var wasOverdue: Bool { killed.withLock { $0 } }

  /// What a session's body talks to. Used by one task at a time.
  final class Conversation {
    typealias Process = Subprocess.Execution<CustomWriteInput, SequenceOutput, DiscardedOutput>
    private let process: Process
    private var frames: AnswerFrames
    private let exchange: Exchange
    /// The functions that the subject has.
    fileprivate(set) var functions: [SurfaceFunction] = []

    fileprivate init(_ process: Process, _ exchange: Exchange, entries: Int) {
      self.process = process
      self.exchange = exchange
      frames = AnswerFrames(process.standardOutput, entries: entries)
    }

    /// Sends a request and waits for the answer; nil when the worker is gone. Throws when the worker
    /// says that it cannot do what it is asked, which is not the subject's doing.
    func ask(_ request: WorkerRequest, cases: Int) async throws -> WorkerResponse? {
      var bytes = [UInt8](try JSONEncoder().encode(request))
      bytes.append(UInt8(ascii: "\n"))
      exchange.expectAnswer(cases: cases)
      defer { exchange.expectNothing() }
      guard (try? await process.standardInputWriter.write(bytes)) != nil else { return nil }
      let answer = await hear()
      if case .failed(let failure)? = answer { throw ExecutionError(failure.message) }
      return answer
    }

    /// The next answer; nil when there is none, or none that can be read.
    fileprivate func hear() async -> WorkerResponse? {
      (try? await frames.next()) ?? nil
    }
  }

  /// Starts a worker, has it load the plan and lets `body` talk to it; the worker is gone afterwards.
  ///
  /// Throws when the worker does not start or cannot load the plan.
  func session<Result: Sendable>(
    program: String, plan: WorkerPlan, _ body: (Conversation) async throws -> Result
  ) async throws(ExecutionError) -> Result {
    do {
      let planJSON = String(decoding: try JSONEncoder().encode(plan), as: UTF8.self)
      let finished = try await Subprocess.run(
        .path(.init(program)), arguments: ["worker", planJSON], input: .inputWriter,
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
          // Whatever the subject made of its worker: it does not outlive the conversation.
          try? process.send(signal: .kill)
          WorkerProcesses.remove(process.processIdentifier.value)
        }
        let conversation = Conversation(process, self, entries: plan.entries)
        try await awaitReady(conversation)
        let result = try await body(conversation)
        try? await process.standardInputWriter.finish()
        return result
      }
      return finished.closureResult
    } catch let error as ExecutionError {
      throw error
    } catch {
      throw ExecutionError("the worker \(program) could not be started: \(error)").beforeFirstCase
    }
  }

  private func awaitReady(_ conversation: Conversation) async throws {
    expectAnswer(cases: 1)
    defer { expectNothing() }
    switch await conversation.hear() {
    case .ready(let functions)?: conversation.functions = functions
    case .failed(let failure)?:
      throw ExecutionError(failure.message, isSubjectsFault: failure.isSubjectsFault)
        .beforeFirstCase.certain
    default:
      let end = wasOverdue ? "does not come back when" : "ends the process that runs it while"
      let error = ExecutionError(
        "the subject \(end) it is loaded; look for a constructor in it", isSubjectsFault: true
      ).beforeFirstCase
      throw wasOverdue ? error.certain : error
    }
  }

  /// Whether the worker has been silent too long with `silence` more of it.
  private func isOverdue(after silence: Duration) -> Bool {
    silenceLeft.withLock { left in
      guard let before = left else { return false }
      left = before - silence
      return before < silence
    }
  }

  fileprivate func expectAnswer(cases: Int) {
    let allowance = answer + .milliseconds(Int(limitMilliseconds) * 2 * cases)
    silenceLeft.withLock { $0 = allowance }
  }

  fileprivate func expectNothing() { silenceLeft.withLock { $0 = nil } }
}
