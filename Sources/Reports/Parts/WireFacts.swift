// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Engine
import Machine
import Oracle
import Port

/// Reads what a part of a check says about universes and random cases. Every case has to exist and every number has to
/// be possible.
struct WireFacts {
  let shard: Shard
  private let universes: [String: Universe]
  private let modes: Set<String>
  private let randomCases: UInt64

  init(run: PartedRun, shard: Shard) {
    self.shard = shard
    let request = run.check(jobs: 1)
    universes = Dictionary(request.universes.map { ($0.name, $0) }) { first, _ in first }
    modes = Set(run.modes.map(\.name))
    randomCases = UInt64(request.means.contains(.random) ? run.depth.randomCasesAMode : 0)
  }

  func facts(
    _ blocks: [WirePart.Block], _ random: [WirePart.Random]
  ) throws(PartError) -> CampaignFacts {
    var facts = CampaignFacts()
    for block in blocks {
      guard let universe = universes[block.universe], block.first < universe.stateCount else {
        throw PartError("a block of no universe")
      }
      let key = CampaignFacts.BlockKey(
        fixes: try fixes(block.fixes), universe: block.universe, first: block.first)
      let found = try fact(block, of: universe)
      guard facts.blocks.updateValue(found, forKey: key) == nil else {
        throw PartError("a block twice")
      }
    }
    for wire in random {
      guard modes.contains(wire.mode) else { throw PartError("another mode") }
      let key = CampaignFacts.RandomKey(fixes: try fixes(wire.fixes), mode: wire.mode)
      let found = try fact(wire)
      guard facts.random.updateValue(found, forKey: key) == nil else {
        throw PartError("a mode twice")
      }
    }
    return facts
  }

  private func fixes(_ commits: [String]) throws(PartError) -> UpstreamFixes {
    guard let fixes = UpstreamFixes(commits: commits), UpstreamFixes.latest.isSuperset(of: fixes)
    else { throw PartError("unknown fixes") }
    return fixes
  }

  private func fact(
    _ block: WirePart.Block, of universe: Universe
  ) throws(PartError) -> BlockFact {
    // No sum of possible counts is too large for a number.
    let counts = [block.cases, block.judged, block.differing, block.mended]
    guard counts.allSatisfy({ $0 <= universe.caseCount }) else {
      throw PartError("more cases than a universe has")
    }
    var result = SweepResult()
    result.cases = block.cases
    result.judged = block.judged
    result.differing = block.differing
    result.mended = block.mended
    result.isCutShort = block.isCutShort
    for word in block.examples ?? [] { result.examples.append(try place(word, in: universe)) }
    for hazard in block.hazards ?? [] {
      guard let kind = Violation.Kind(name: hazard.id) else { throw PartError("no hazard") }
      result.hazards[kind] = try place(hazard.place, in: universe)
    }
    var notes: [SweepNote] = []
    for note in block.notes ?? [] { notes.append(try self.note(note)) }
    return BlockFact(skipped: Set(try functions(block.skipped ?? [])), result: result, notes: notes)
  }

  private func place(
    _ word: String, in universe: Universe
  ) throws(PartError) -> UniverseCase {
    guard let place = UniverseCase(word: word), universe.has(place) else {
      throw PartError("a case that its universe does not have")
    }
    return place
  }

  private func note(_ cost: WirePart.Cost) throws(PartError) -> SweepNote {
    guard let name = cost.function else { throw PartError("a cost of no function") }
    let function = try function(name)
    switch cost.kind {
    case "slow": return .slow(function)
    case "deadly": return .deadly(function)
    default: throw PartError("an unknown cost")
    }
  }

  private func fact(_ random: WirePart.Random) throws(PartError) -> RandomFacts {
    var facts = RandomFacts()
    facts.left = Set(random.left)
    for telling in random.telling {
      var fact = RandomFact()
      fact.kind = telling.kind
      fact.isMended = telling.isMended
      fact.isCostly = telling.isCostly
      if let cost = telling.cost { fact.cost = try self.cost(cost) }
      facts.telling[telling.index] = fact
    }
    let indices = random.left + random.telling.map(\.index)
    guard Set(indices).count == indices.count,
      indices.allSatisfy({ $0 < randomCases && shard.has(Int($0)) })
    else { throw PartError("random cases that are not its own") }
    return facts
  }

  private func cost(_ cost: WirePart.Cost) throws(PartError) -> CaseCost {
    switch (cost.kind, cost.function) {
    case ("slow", let name?): return .slow(try function(name))
    case ("deadly", nil): return .deadly
    default: throw PartError("an unknown cost")
    }
  }

  private func function(_ name: String) throws(PartError) -> KernelFunction {
    guard let function = KernelFunction(name: name) else { throw PartError("an unknown function") }
    return function
  }

  private func functions(_ names: [String]) throws(PartError) -> [KernelFunction] {
    var found: [KernelFunction] = []
    for name in names { found.append(try function(name)) }
    return found
  }
}

extension Violation.Kind {
  /// The kind with the id of a hazard or of a rule.
  init?(name: String) {
    if let id = Hazard.ID(rawValue: name) {
      self = .listed(id)
    } else if let rule = OracleRule(rawValue: name) {
      self = .unlisted(rule)
    } else {
      return nil
    }
  }
}
