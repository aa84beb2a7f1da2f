// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel

/// The cases of a run: handed out in batches, given back one by one when a worker dies on them, and
/// done when each has exactly one result.
actor CaseQueue {
  /// Some cases to run together.
  struct Batch: Sendable {
    /// Places in the run's list of cases.
    var indices: [Int]
    /// Whether a worker died on a batch that held these: one case at a time, so that the culprit
    /// shows.
    var isIsolated: Bool
  }

  private let cases: [CaseReference]
  private var waiting: [Batch]
  private var results: [CaseResult?]
  private var done = 0
  private var silences = 0
  private let progress: @Sendable (Int, Int) -> Void
  /// What went wrong for the whole run, if anything.
  private(set) var failure: ExecutionError?

  init(
    cases: [CaseReference], batchSize: Int, progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.cases = cases
    self.progress = progress
    results = Array(repeating: nil, count: cases.count)
    waiting = stride(from: 0, to: cases.count, by: batchSize).reversed().map { start in
      Batch(indices: Array(start..<min(start + batchSize, cases.count)), isIsolated: false)
    }
  }

  /// The next batch and its cases; nil when none waits.
  func next() -> (Batch, [CaseReference])? {
    guard failure == nil, let batch = waiting.popLast() else { return nil }
    return (batch, batch.indices.map { cases[$0] })
  }

  /// Takes a batch's results.
  func complete(_ batch: Batch, with found: [CaseResult]) {
    for (index, result) in zip(batch.indices, found) { results[index] = result }
    done += batch.indices.count
    progress(done, cases.count)
  }

  /// Gives a batch back that no worker has seen.
  func putBack(_ batch: Batch) { waiting.append(batch) }

  /// Takes note of a worker that stopped answering; answers how many have so far.
  func workerFellSilent() -> Int {
    silences += 1
    return silences
  }

  /// How many workers stopped answering so far.
  func silentWorkers() -> Int { silences }

  /// A worker died on a batch. A case that was alone gets its death as its observation; of others,
  /// each is tried alone.
  func workerDied(on batch: Batch, references: Int) {
    if batch.isIsolated {
      let ending = Ending(.workerDied)
      let comparison = ComparisonResult(
        difference: .ending(subject: ending, reference: Ending()), rules: [])
      complete(
        batch,
        with: [
          CaseResult(
            comparisons: Array(repeating: comparison, count: references), ending: ending)
        ])
    } else {
      waiting += batch.indices.reversed().map { Batch(indices: [$0], isIsolated: true) }
    }
  }

  func fail(_ error: ExecutionError) { failure = failure ?? error }

  /// All results, in the order of the cases; nil where a case has none.
  func allResults() -> [CaseResult?] { results }
}
