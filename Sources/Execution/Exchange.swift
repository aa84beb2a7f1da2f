// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import MachineModel
import Subprocess
import Synchronization

/// A conversation with one worker process: requests and answers, a line of JSON each, and a watch
/// that kills a worker which does not answer in time.
final class Exchange: Sendable {
  private let limitMilliseconds: UInt32
  /// When the worker must have answered; nil while nothing is asked.
  private let deadline = Mutex<ContinuousClock.Instant?>(nil)

  init(limitMilliseconds: UInt32) { self.limitMilliseconds = limitMilliseconds }

  /// What a session's body talks to. Used by one task at a time.
  final class Conversation {
    typealias Process = Subprocess.Execution<CustomWriteInput, SequenceOutput, DiscardedOutput>
    private let process: Process
    private var lines: SubprocessOutputSequence.StringSequence<UTF8>.AsyncIterator
    private let exchange: Exchange
    /// The functions that the subject has.
    fileprivate(set) var functions: [SurfaceFunction] = []

    fileprivate init(_ process: Process, _ exchange: Exchange) {
      self.process = process
      self.exchange = exchange
      lines = process.standardOutput.strings(bufferingPolicy: .unbounded).makeAsyncIterator()
    }

    /// Sends a request and waits for the answer; nil when the worker is gone.
    func ask(_ request: WorkerRequest, cases: Int) async throws -> WorkerResponse? {
      exchange.expectAnswer(cases: cases)
      defer { exchange.expectNothing() }
      do {
        try await tell(request)
      } catch {
        return nil
      }
      return await hear()
    }

    /// Sends a request that has no answer.
    func tell(_ request: WorkerRequest) async throws {
      var bytes = [UInt8](try JSONEncoder().encode(request))
      bytes.append(UInt8(ascii: "\n"))
      _ = try await process.standardInputWriter.write(bytes)
    }

    /// The next answer; nil when there is none, or none that can be read.
    fileprivate func hear() async -> WorkerResponse? {
      guard let line = try? await lines.next(isolation: nil) else { return nil }
      return try? JSONDecoder().decode(WorkerResponse.self, from: Data(line.utf8))
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
        let watch = Task { [self] in
          while !Task.isCancelled {
            try await Task.sleep(for: .milliseconds(50))
            if isOverdue { try? process.send(signal: .kill) }
          }
        }
        defer { watch.cancel() }
        let conversation = Conversation(process, self)
        expectAnswer(cases: 1)
        switch await conversation.hear() {
        case .ready(let functions)?: conversation.functions = functions
        case .failed(let reason)?: throw ExecutionError(reason)
        default: throw ExecutionError("the subject ended its worker process while it was loaded")
        }
        expectNothing()
        let result = try await body(conversation)
        try? await process.standardInputWriter.finish()
        try? process.send(signal: .kill)
        return result
      }
      return finished.closureResult
    } catch let error as ExecutionError {
      throw error
    } catch {
      throw ExecutionError("the worker \(program) could not be started: \(error)")
    }
  }

  private var isOverdue: Bool {
    deadline.withLock { $0.map { ContinuousClock.now > $0 } ?? false }
  }

  /// The guard inside the worker stops a case that hangs; this watch is for a worker whose guard no
  /// longer works. It allows for a machine much busier than the guard's CPU time knows.
  fileprivate func expectAnswer(cases: Int) {
    let allowance = Duration.seconds(8) + .milliseconds(Int(limitMilliseconds) * 2 * cases)
    deadline.withLock { $0 = ContinuousClock.now + allowance }
  }

  fileprivate func expectNothing() { deadline.withLock { $0 = nil } }
}
