// SPDX-License-Identifier: GPL-2.0-only

/// The cases of a run: references to cases, or the numbers of a function's variants. They are handed out in batches,
/// and returned one by one when a worker dies on them. The queue is done when each case has exactly one result or is
/// skipped as a case of a costly function. A worker slot that runs out of work takes the next batch, whichever slot
/// had the ones before it.
actor CaseQueue<Case: Sendable, Result: Sendable>: WorkQueue {
  /// Cases to run together.
  struct Batch: Sendable {
    /// Indices into the run's list of cases.
    var indices: [Int]
    /// The cases at these indices.
    var cases: [Case] = []
    /// Whether a worker died on a batch with these cases. Then each case runs alone, to find the one that
    /// kills.
    var isIsolated: Bool
    /// The number of workers that died on the case since it runs alone.
    var deaths = 0
  }

  /// A worker can die of something other than its case, e.g. when the machine runs out of memory. A case
  /// counts as deadly after this number of deaths, or, once `doubtfulCases` cases were deadly, after one.
  private let deathsToBelieve = 3
  private let doubtfulCases = 12
  private var deadlyCases = 0

  private let cases: [Case]
  private let deathResult: Result
  private let isEnough: @Sendable (Int, Result) -> Bool
  private let stop: StopSignal
  private let progress: @Sendable (Int, Int) -> Void
  private var waiting: [Batch]
  private var results: [Result?]
  private var costly: CostlyCases<Result>?
  /// Whether a result ended the run.
  private(set) var isOver = false

  /// The functions whose cases are skipped.
  var costlyFunctions: CostlyFunctions? { costly?.costly }

  /// `deathResult` is the result of a case that kills its worker. The run ends when `isEnough` is true for a
  /// case's index and result.
  init(
    cases: [Case], batchSize: Int, deathResult: Result,
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
    waiting = Self.withSamplesInFront(
      stride(from: 0, to: cases.count, by: batchSize).reversed().map { start in
        Batch(indices: Array(start..<min(start + batchSize, cases.count)), isIsolated: false)
      })
  }

  /// The batches, the next one last, with a few from all over the cases in front: neighbouring cases are alike, and
  /// a subject that differs should show it soon.
  private static func withSamplesInFront(_ batches: [Batch]) -> [Batch] {
    let samples = 6
    var batches = batches
    guard batches.count > 4 * samples else { return batches }
    for sample in 0..<samples {
      let place = (batches.count - sample) * (2 * sample + 1) / (2 * samples)
      batches.append(batches.remove(at: place))
    }
    return batches
  }

  /// Puts cases back where their turn comes: what is known by then may say to skip them.
  private func insert(_ batch: Batch) {
    let first = batch.indices[0]
    waiting.insert(
      batch, at: waiting.firstIndex { $0.indices[0] < first } ?? waiting.endIndex)
  }

  func next() -> Batch? {
    while !stop.isSet, !isOver, var batch = waiting.popLast() {
      batch.indices.removeAll { costly?.leaves($0) ?? false }
      postponeSlowCases(of: &batch)
      batch.cases = batch.indices.map { cases[$0] }
      if !batch.indices.isEmpty { return batch }
    }
    return nil
  }

  /// Puts cases back that will probably take long: the results of those before them may say to skip them. If there are
  /// no others, the first one stays.
  private func postponeSlowCases(of batch: inout Batch) {
    guard let costly, batch.indices.count > 1 else { return }
    var slow = batch
    slow.indices = batch.indices.filter { costly.isExpectedSlow($0) }
    guard !slow.indices.isEmpty else { return }
    batch.indices.removeAll { costly.isExpectedSlow($0) }
    if batch.indices.isEmpty { batch.indices.append(slow.indices.removeFirst()) }
    if !slow.indices.isEmpty { insert(slow) }
  }

  /// Takes the results of a batch, or of its first cases; the others return to the queue.
  func complete(_ batch: Batch, with found: [Result]) {
    for (index, result) in zip(batch.indices, found) where costly?.leaves(index) != true {
      costly?.see(result, at: index)
      results[index] = result
      isOver = isOver || isEnough(index, result)
    }
    if found.count < batch.indices.count {
      var rest = batch
      rest.indices.removeFirst(found.count)
      insert(rest)
    }
    costly?.settle(&results)
    progress(cases.count - open, cases.count)
  }

  /// The number of cases that have no result and are not skipped.
  var open: Int { results.count { $0 == nil } - (costly?.left ?? 0) }

  func putBack(_ batch: Batch) { waiting.append(batch) }

  /// A case that ran alone often enough gets `deathResult`; the cases of a batch are each retried alone. If
  /// the run was stopped, the stop killed the worker, and the cases have no result.
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
      for index in batch.indices.reversed() { insert(Batch(indices: [index], isIsolated: true)) }
    }
  }

  /// All results, in the order of the cases; nil where a case has none.
  func allResults() -> [Result?] { results }
}
