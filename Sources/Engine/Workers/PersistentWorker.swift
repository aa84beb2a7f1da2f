// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// A worker for cases that are made in batches one after another, e.g. by a shrink. It starts when it is
/// first needed, and again after its death.
actor PersistentWorker {
  private struct Request: Sendable {
    var cases: [CaseReference]
    var reply: CheckedContinuation<Reply, Never>
  }

  /// Observations; nil when the worker died of the cases.
  private typealias Reply = Result<[Observation]?, ExecutionError>

  private let requests: AsyncStream<Request>.Continuation
  /// A session with workers that have the supervisor's plan.
  init(_ supervisor: Supervisor) {
    let (stream, continuation) = AsyncStream.makeStream(of: Request.self)
    requests = continuation
    Task { await Self.serve(stream, with: supervisor) }
  }

  /// Ends the worker after its last answer; later requests get an error.
  func end() { requests.finish() }

  /// The observation of each case, in order; nil where the case kills the worker.
  func observations(
    of scenarios: [Scenario]
  ) async throws(ExecutionError) -> [Observation?] {
    let cases = scenarios.map { CaseReference.literal($0.jsonText()) }
    if let together = try await ask(cases) { return together }
    guard cases.count > 1 else { return [nil] }
    var alone: [Observation?] = []
    for one in cases { alone.append(try await ask([one])?.first) }
    return alone
  }

  private func ask(_ cases: [CaseReference]) async throws(ExecutionError) -> [Observation]? {
    let requests = requests
    let reply = await withCheckedContinuation { continuation in
      let request = Request(cases: cases, reply: continuation)
      if case .terminated = requests.yield(request) {
        continuation.resume(
          returning: .failure(ExecutionError("the session with a worker is over")))
      }
    }
    return try reply.get()
  }

  /// Answers all requests; each worker serves until it dies.
  private static func serve(_ stream: AsyncStream<Request>, with supervisor: Supervisor) async {
    // A new iterator of a stream continues where the last one stopped.
    var waiting = stream.makeAsyncIterator()
    var killsLeft = supervisor.limits.killsByOthers
    var again: Request?
    while true {
      var next = again
      if next == nil { next = await waiting.next() }
      guard let first = next else { return }
      again = nil
      let open = OpenRequest(first)
      let exchange = supervisor.exchange()
      var failure: ExecutionError?
      do {
        try await exchange.session(
          program: supervisor.program, plan: supervisor.plan
        ) { conversation in
          var following = stream.makeAsyncIterator()
          while let request = open.current {
            guard let observations = try await conversation.observations(of: request.cases) else {
              return
            }
            open.current = nil
            request.reply.resume(returning: .success(observations))
            open.current = await following.next()
          }
        }
      } catch {
        failure = error
      }
      guard let unanswered = open.current else { continue }
      if exchange.wasKilledByOthers, killsLeft > 0 {
        killsLeft -= 1
        again = unanswered
      } else {
        unanswered.reply.resume(returning: failure.map { .failure($0) } ?? .success(nil))
      }
    }
  }

  /// The request that still needs a reply.
  private final class OpenRequest {
    var current: Request?
    init(_ request: Request) { current = request }
  }
}
