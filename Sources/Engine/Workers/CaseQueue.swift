// SPDX-License-Identifier: GPL-2.0-only

import Worker

/// The cases of a run: handed out in batches, given back one by one when a worker dies on them, and
/// done when each has exactly one result or is left as one of a costly function. A worker slot that runs out
/// of work takes the next batch, whoever had the ones before it.
actor CaseQueue<Result: Sendable>: WorkQueue {
  /// Some cases to run together.
  struct Batch: Sendable {
    /// Places in the run's list of cases.
    var indices: [Int]
    /// The cases there.
    var cases: [CaseReference] = []
    /// Whether a worker died on a batch that held these: one case at a time, so that the culprit
    /// shows.
    var isIsolated: Bool
    /// Workers that died on the case since it is alone.
    var deaths = 0
  }

  /// A worker can die of something else than its case, such as a machine that runs out of memory. A
  /// case is believed to be deadly when as many workers died of it; once so many cases were, at once.
  private let deathsToBelieve = 3
  private let doubtfulCases = 12
  private var deadlyCases = 0

  private let cases: [CaseReference]
  private let deathResult: Result
  private let isEnough: @Sendable (Int, Result) -> Bool
  private let stop: StopSignal
  private let progress: @Sendable (Int, Int) -> Void
  private var waiting: [Batch]
  private var results: [Result?]
  private var costly: CostlyCases<Result>?
  /// Whether a result was enough to end the run.
  private(set) var isOver = false

  /// The functions whose cases are left.
  var costlyFunctions: CostlyFunctions? { costly?.costly }

  /// `deathResult` is the result of a case that its worker dies of; a case's place and result for which
  /// `isEnough` is true end the run.
  init(
    cases: [CaseReference], batchSize: Int, deathResult: Result,
    leaving costly: CostlyCases<Result>? = nil, isEnough: @escaping @Sendable (Int, Result) -> Bool,
    stop: StopSignal,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.cases = cases
    self.deathResult = deathResult
    self.costly = costly
    self.isEnough = isEnough
    self.stop = stop
    self.progress = progress
    results = Array(repeating: nil, count: cases.count)
    waiting = stride(from: 0, to: cases.count, by: batchSize).reversed().map { start in
      Batch(indices: Array(start..<min(start + batchSize, cases.count)), isIsolated: false)
    }
  }

  func next() -> Batch? {
    while !stop.isSet, !isOver, var batch = waiting.popLast() {
      batch.indices.removeAll { costly?.leaves($0) ?? false }
      batch.cases = batch.indices.map { cases[$0] }
      if !batch.indices.isEmpty { return batch }
    }
    return nil
  }

  /// Takes the results of a batch, or of its first cases: the others wait again.
  func complete(_ batch: Batch, with found: [Result]) {
    for (index, result) in zip(batch.indices, found) where costly?.leaves(index) != true {
      results[index] = result
      isOver = isOver || isEnough(index, result)
    }
    if found.count < batch.indices.count {
      var rest = batch
      rest.indices.removeFirst(found.count)
      waiting.append(rest)
    }
    costly?.settle(&results)
    progress(cases.count - open, cases.count)
  }

  /// How many cases have no result and are not left.
  var open: Int { results.count { $0 == nil } - (costly?.left ?? 0) }

  func putBack(_ batch: Batch) { waiting.append(batch) }

  /// A case that was alone often enough gets its death as its result; of
  /// others, each is tried alone. When the run was stopped, that was the death, and the cases have no result.
  func workerDied(on batch: Batch) {
    if stop.isSet { return }
    if batch.isIsolated {
      var again = batch
      again.deaths += 1
      if again.deaths < deathsToBelieve, deadlyCases < doubtfulCases {
        waiting.append(again)
      } else {
        deadlyCases += 1
        complete(batch, with: [deathResult])
      }
    } else {
      waiting += batch.indices.reversed().map { Batch(indices: [$0], isIsolated: true) }
    }
  }

  /// All results, in the order of the cases; nil where a case has none.
  func allResults() -> [Result?] { results }
}
