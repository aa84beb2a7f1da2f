// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// The results of a shard for each block of universes and each random case. A verdict needs the facts of all shards.
package struct CampaignFacts: Hashable, Sendable {
  /// A block of a universe, by its first state, compared with a set of fixes.
  package struct BlockKey: Hashable, Sendable {
    package var fixes: UpstreamFixes
    package var universe: String
    package var first: UInt64

    package init(fixes: UpstreamFixes, universe: String, first: UInt64) {
      self.fixes = fixes
      self.universe = universe
      self.first = first
    }
  }

  /// The random cases of a mode, compared with a set of fixes.
  package struct RandomKey: Hashable, Sendable {
    package var fixes: UpstreamFixes
    package var mode: String

    package init(fixes: UpstreamFixes, mode: String) {
      self.fixes = fixes
      self.mode = mode
    }
  }

  package var blocks: [BlockKey: BlockFact] = [:]
  package var random: [RandomKey: RandomFacts] = [:]

  package init() {}
}

/// What one block of a universe showed.
package struct BlockFact: Hashable, Sendable {
  /// The functions whose cases it skipped from its start.
  package var skipped: Set<KernelFunction>
  package var result: SweepResult
  /// What its cases say about costly functions, in order.
  package var notes: [SweepNote]

  package init(skipped: Set<KernelFunction>, result: SweepResult, notes: [SweepNote]) {
    self.skipped = skipped
    self.result = result
    self.notes = notes
  }
}

/// What the random cases of a shard showed.
package struct RandomFacts: Hashable, Sendable {
  /// The cases that were skipped because of a costly function.
  package var left: Set<UInt64> = []
  /// The cases that have something to say; all others ran and did what the port does.
  package var telling: [UInt64: RandomFact] = [:]

  package init() {}

  /// What a case says; nil if it did not run.
  func fact(of index: UInt64) -> RandomFact? {
    left.contains(index) ? nil : telling[index] ?? RandomFact()
  }
}

/// What a random case says.
package struct RandomFact: Hashable, Sendable {
  /// The kind by which examples are kept; nil when the subject did what the port does.
  package var kind: String?
  /// Whether the difference is a mend.
  package var isMended = false
  /// Whether the case took as long as thousands of others.
  package var isCostly = false
  /// What it says about costly functions.
  package var cost: CaseCost?

  package init() {}
}

/// The facts of all shards, for the run that takes them in place of the work.
package struct MergedFacts: Sendable {
  private let shards: [CampaignFacts]
  private let blocks: [CampaignFacts.BlockKey: BlockFact]

  /// Takes the facts of each shard, in order.
  package init(_ shards: [CampaignFacts]) {
    self.shards = shards
    blocks = shards.reduce(into: [:]) { all, shard in
      all.merge(shard.blocks) { first, _ in first }
    }
  }

  /// What a shard found in a block; nil if none ran it.
  func block(_ key: CampaignFacts.BlockKey) -> BlockFact? { blocks[key] }

  /// What a random case says; nil if its shard did not run it.
  func random(_ key: CampaignFacts.RandomKey, _ index: UInt64) -> RandomFact? {
    guard !shards.isEmpty else { return nil }
    return shards[Int(index % UInt64(shards.count))].random[key]?.fact(of: index)
  }
}

/// The part of the wide means' work that a campaign does itself.
package enum CampaignWork: Sendable {
  /// All of it.
  case whole
  /// What belongs to a shard; the outcome has the facts.
  case shard(Shard)
  /// What the shards did not do.
  case merge(MergedFacts)

  var shard: Shard? { if case .shard(let shard) = self { shard } else { nil } }

  var facts: MergedFacts? { if case .merge(let facts) = self { facts } else { nil } }
}
