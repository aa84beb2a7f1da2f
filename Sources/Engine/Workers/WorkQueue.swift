// SPDX-License-Identifier: GPL-2.0-only

import Worker

/// Work for workers. Idle workers get it piece by piece, and a piece is split when a worker dies of it.
protocol WorkQueue: Actor {
  /// The unit of work for a worker.
  associatedtype Piece: Sendable
  /// The result of a piece.
  associatedtype Outcome: Sendable

  /// The next piece; nil when none waits, or when the run was stopped or is over.
  func next() -> Piece?
  /// Takes the outcome of a piece.
  func complete(_ piece: Piece, with outcome: Outcome)
  /// A worker died on a piece. If the run was stopped, the stop killed the worker.
  func workerDied(on piece: Piece)
  /// Returns a piece that did not cause the end of its worker.
  func putBack(_ piece: Piece)
}

/// The losses of workers in a run; they end a run that makes no progress.
actor WorkerLosses {
  private let limits: RunLimits
  private var silences = 0
  /// The number of workers that another process killed since a worker last completed a piece.
  private var killsInARow = 0
  /// The error that ends the whole run, if any.
  private(set) var failure: ExecutionError?

  init(_ limits: RunLimits) { self.limits = limits }

  /// Whether the next worker gets only the short time for an answer.
  var isImpatient: Bool { silences >= limits.silences }

  /// Records a worker that stopped answering.
  func addSilence() {
    silences += 1
    if silences >= limits.silencesInAll {
      fail(
        ExecutionError("\(silences) worker processes stopped answering; the run was given up"))
    }
  }

  /// Records a worker that another process killed.
  func addKill() {
    killsInARow += 1
    if killsInARow >= limits.killsByOthers { fail(.killed(killsInARow)) }
  }

  /// Records a completed piece.
  func addSuccess() { killsInARow = 0 }

  func fail(_ error: ExecutionError) { failure = failure ?? error }
}

extension ExecutionError {
  /// The error for `count` workers in a row that another process killed.
  static func killed(_ count: Int) -> ExecutionError {
    ExecutionError(
      "\(count) worker processes in a row were killed, and not by mhpcheck; is the machine "
        + "short of memory, or processor time limited (ulimit -t)?")
  }
}

extension Supervisor {
  /// The work of a worker slot on a piece; nil when the worker is gone, or when its answer is not valid.
  typealias Work<Queue: WorkQueue> =
    (Queue.Piece, Exchange.Conversation) async throws -> Queue.Outcome?

  /// Hands all pieces of a queue to worker slots; each slot has its own `work`.
  func serve<Queue: WorkQueue>(
    _ queue: Queue, slots: Int, work: @escaping @Sendable () -> Work<Queue>
  ) async throws(ExecutionError) {
    let losses = WorkerLosses(limits)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<slots { group.addTask { await slot(of: queue, losses, work()) } }
    }
    if let failure = await losses.failure { throw failure }
  }

  /// One worker slot: starts a worker, and another one after its death, until no piece waits.
  private func slot<Queue: WorkQueue>(
    of queue: Queue, _ losses: WorkerLosses, _ work: Work<Queue>
  ) async {
    var startsLeft = restarts
    while await losses.failure == nil, let first = await queue.next() {
      let exchange = exchange(isShort: await losses.isImpatient)
      do {
        let unfinished = try await exchange.session(program: program, plan: plan) {
          conversation -> Queue.Piece? in
          var piece: Queue.Piece? = first
          while let current = piece {
            guard let outcome = try await work(current, conversation) else { return current }
            await losses.addSuccess()
            await queue.complete(current, with: outcome)
            piece = await losses.failure == nil ? await queue.next() : nil
          }
          return nil
        }
        startsLeft = restarts
        guard let unfinished else { continue }
        if exchange.wasOverdue { await losses.addSilence() }
        if exchange.wasKilledByOthers {
          await losses.addKill()
          await queue.putBack(unfinished)
        } else {
          await queue.workerDied(on: unfinished)
        }
      } catch {
        if stop.isSet { return }
        if exchange.wasKilledByOthers {
          await losses.addKill()
          await queue.putBack(first)
          continue
        }
        // The subject loaded before, so a failure to load it says nothing about the piece: the machine may be
        // short of memory or processes.
        guard error.isBeforeFirstCase, startsLeft > 0 else { return await losses.fail(error) }
        startsLeft -= 1
        await queue.putBack(first)
      }
    }
  }
}
