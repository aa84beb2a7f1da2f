// SPDX-License-Identifier: GPL-2.0-only

import Worker

/// Work that waits for workers: handed out piece by piece to whoever is idle, and taken apart where a worker
/// dies of a piece.
protocol WorkQueue: Actor {
  /// What a worker is given at a time.
  associatedtype Piece: Sendable
  /// What comes of a piece.
  associatedtype Outcome: Sendable

  /// The next piece; nil when none waits, or the run was stopped or is over.
  func next() -> Piece?
  /// Takes what came of a piece.
  func complete(_ piece: Piece, with outcome: Outcome)
  /// A worker died on a piece. When the run was stopped, that was the death.
  func workerDied(on piece: Piece)
  /// Gives a piece back that says nothing about its worker's end.
  func putBack(_ piece: Piece)
}

/// What befell the workers of a run, whatever they had to do: that ends a run which gets nowhere.
actor WorkerLosses {
  private let limits: RunLimits
  private var silences = 0
  /// Workers that somebody else killed since one was done with something.
  private var killsInARow = 0
  /// What went wrong for the whole run, if anything.
  private(set) var failure: ExecutionError?

  init(_ limits: RunLimits) { self.limits = limits }

  /// How long the next worker is waited for.
  var isImpatient: Bool { silences >= limits.silences }

  /// A worker stopped answering.
  func addSilence() {
    silences += 1
    if silences >= limits.silencesInAll {
      fail(
        ExecutionError("\(silences) worker processes stopped answering; the run was given up"))
    }
  }

  /// Somebody else killed a worker.
  func addKill() {
    killsInARow += 1
    if killsInARow >= limits.killsByOthers { fail(.killed(killsInARow)) }
  }

  /// A worker is done with something.
  func addSuccess() { killsInARow = 0 }

  func fail(_ error: ExecutionError) { failure = failure ?? error }
}

extension ExecutionError {
  /// So many workers in a row were killed by somebody else.
  static func killed(_ count: Int) -> ExecutionError {
    ExecutionError(
      "\(count) worker processes in a row were killed, and not by mhpcheck; is the machine "
        + "short of memory, or processor time limited (ulimit -t)?")
  }
}

extension Supervisor {
  /// What a worker slot does with a piece; nil when the worker is gone, or says what is no answer.
  typealias Work<Queue: WorkQueue> =
    (Queue.Piece, Exchange.Conversation) async throws -> Queue.Outcome?

  /// Hands all pieces of a queue to worker slots, each with work of its own to do on them.
  func serve<Queue: WorkQueue>(
    _ queue: Queue, slots: Int, work: @escaping @Sendable () -> Work<Queue>
  ) async throws(ExecutionError) {
    let losses = WorkerLosses(limits)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<slots { group.addTask { await slot(of: queue, losses, work()) } }
    }
    if let failure = await losses.failure { throw failure }
  }

  /// One worker slot: starts a worker, and another when that dies, until no piece waits.
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
        // That the subject does not load here although it did before says nothing about a piece: the
        // machine may be short of memory or processes.
        guard error.isBeforeFirstCase, startsLeft > 0 else { return await losses.fail(error) }
        startsLeft -= 1
        await queue.putBack(first)
      }
    }
  }
}
