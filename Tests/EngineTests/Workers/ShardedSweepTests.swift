// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Worker

@Suite("A sweep in shards")
struct ShardedSweepTests {
  /// The shards of a run.
  private func shards(_ count: Int) throws -> [Shard] {
    try (1...count).map { try #require(Shard(number: $0, count: count)) }
  }

  /// The facts of all shards. `workers` of each are ready in an order that the seed decides.
  private func facts(
    _ sweep: MadeUpSweep, _ behaviour: MadeUpSweep.Behaviour, count: Int, seed: UInt64
  ) async throws -> [[String: [UInt64: BlockFact]]] {
    var facts: [[String: [UInt64: BlockFact]]] = []
    for shard in try shards(count) {
      facts.append(await sweep.run(behaviour, workers: 3, seed: seed, shard: shard).facts)
    }
    return facts
  }

  private func union(
    _ facts: [[String: [UInt64: BlockFact]]]
  ) -> [String: [UInt64: BlockFact]] {
    facts.reduce(into: [:]) { all, some in
      all.merge(some) { $0.merging($1) { first, _ in first } }
    }
  }

  @Test("has each block in one shard, for any number of shards", arguments: [1, 2, 3, 7])
  func partition(count: Int) async throws {
    let sweep = try MadeUpSweep.several()
    let facts = try await facts(sweep, .init(), count: count, seed: 5)
    let blocks = facts.map { one in one.values.reduce(0) { $0 + $1.count } }
    #expect(blocks.reduce(0, +) == sweep.blockCount)
    #expect(union(facts).values.reduce(0) { $0 + $1.count } == sweep.blockCount)
    #expect((blocks.max() ?? 0) - (blocks.min() ?? 0) <= 1)
    let cases = union(facts).values.flatMap(\.values).reduce(0) { $0 + $1.result.cases }
    #expect(cases == sweep.universes.reduce(0) { $0 + $1.caseCount })
  }

  @Test("comes to what one run comes to, for every kind of subject", arguments: [UInt64](1...4))
  func merge(seed: UInt64) async throws {
    let sweep = try MadeUpSweep.several()
    for (number, behaviour) in MadeUpSweep.Behaviour.all(seed: seed).enumerated() {
      let whole = await sweep.run(behaviour)
      for count in [2, 3, 7] {
        let known = union(try await facts(sweep, behaviour, count: count, seed: seed))
        let merged = await sweep.run(behaviour, workers: 2, seed: seed, known: known)
        #expect(merged.outcome == whole.outcome, "behaviour \(number), \(count) shards")
      }
    }
  }

  @Test("runs nothing again where no function is costly")
  func nothingTwice() async throws {
    let sweep = try MadeUpSweep.several()
    for behaviour in MadeUpSweep.Behaviour.all(seed: 3).prefix(2) {
      let known = union(try await facts(sweep, behaviour, count: 3, seed: 3))
      let merged = await sweep.run(behaviour, workers: 2, known: known)
      #expect(merged.cases == 0 && merged.deaths == 0)
    }
  }

  @Test("runs what no shard has run")
  func missing() async throws {
    let sweep = try MadeUpSweep.several()
    let behaviour = MadeUpSweep.Behaviour.all(seed: 3)[1]
    let whole = await sweep.run(behaviour)
    let known = try await facts(sweep, behaviour, count: 3, seed: 3)[1]
    let merged = await sweep.run(behaviour, known: known)
    #expect(merged.outcome == whole.outcome)
    #expect(merged.cases > 0)
  }
}
