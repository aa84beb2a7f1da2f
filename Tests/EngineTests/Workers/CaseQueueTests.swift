// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("The queue of cases")
struct CaseQueueTests {
  private typealias Queue = CaseQueue<CaseReference, Int>

  private static func reference(_ index: Int) -> CaseReference {
    .catalogue(mode: "sv39", index: index)
  }

  private static func queue(_ count: Int, batchSize: Int = 4) -> Queue {
    CaseQueue(
      cases: (0..<count).map(reference), batchSize: batchSize, deathResult: -1,
      isEnough: { _, _ in false }, stop: StopSignal(), progress: { _, _ in })
  }

  /// All batches, in the order in which the queue hands them out.
  private static func batches(_ queue: Queue) async -> [Queue.Batch] {
    var handed: [Queue.Batch] = []
    while let batch = await queue.next() { handed.append(batch) }
    return handed
  }

  @Test(
    "hands out a batch from each sixth of a long list first, then the others in order",
    arguments: [100, 101, 397, 400, 1975])
  func samples(count: Int) async {
    let handed = await Self.batches(Self.queue(count))
    let starts = handed.map { $0.indices[0] }
    #expect(Set(starts.prefix(6).map { $0 * 6 / count }) == Set(0..<6))
    #expect(starts.dropFirst(6).elementsEqual(starts.dropFirst(6).sorted()))
    #expect(handed.flatMap(\.indices).sorted() == Array(0..<count))
    for batch in handed {
      #expect(batch.cases == batch.indices.map(Self.reference) && !batch.isIsolated)
    }
  }

  @Test("hands out whatever its cases are") func othersThanReferences() async {
    let queue = CaseQueue<UInt32, Bool>(
      cases: [7, 9], batchSize: 4, deathResult: false, isEnough: { _, _ in false },
      stop: StopSignal(), progress: { _, _ in })
    #expect(await queue.next()?.cases == [7, 9])
  }

  @Test("hands out a short list in order", arguments: [0, 1, 4, 96])
  func short(count: Int) async {
    let handed = await Self.batches(Self.queue(count))
    #expect(handed.flatMap(\.indices) == Array(0..<count))
  }

  @Test(
    "gives each case one result, whatever order workers answer in and whatever they die of",
    arguments: UInt64(1)...20)
  func everyCase(seed: UInt64) async {
    var random = SplitMix64(seed: seed)
    let count = 40 + Int(random.next() % 200)
    let deadly = Set((0..<3).map { _ in Int(random.next() % UInt64(count)) })
    let queue = Self.queue(count)
    var answered = [Int](repeating: 0, count: count)
    var open: [Queue.Batch] = []
    while true {
      while open.count < 3, let batch = await queue.next() { open.append(batch) }
      guard !open.isEmpty else { break }
      let batch = open.remove(at: Int(random.next() % UInt64(open.count)))
      if batch.indices.contains(where: { deadly.contains($0) }) {
        await queue.workerDied(on: batch)
        continue
      }
      // A worker may answer for the first cases alone.
      let first = 1 + Int(random.next() % UInt64(batch.indices.count))
      let done = Array(batch.indices.prefix(first))
      for index in done { answered[index] += 1 }
      await queue.complete(batch, with: done)
    }
    let results = await queue.allResults()
    for index in 0..<count {
      let isDeadly = deadly.contains(index)
      #expect(results[index] == (isDeadly ? -1 : index), "seed \(seed), case \(index)")
      #expect(answered[index] == (isDeadly ? 0 : 1), "seed \(seed), case \(index)")
    }
    #expect(await queue.open == 0)
  }
}
