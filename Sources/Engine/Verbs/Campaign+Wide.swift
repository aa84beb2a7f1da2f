// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// The sources that run many cases and keep a few. Each compares with one set of fixes and returns cases that
/// differ, to be run against all sets.
extension Campaign {
  /// The maximum number of examples to keep of all random cases, and of each universe.
  private static let examplesKept = 24
  /// The number of random scenarios in memory at a time.
  private static let randomCasesAtOnce = 2_000

  /// Runs the random cases of all modes, except those that call a function which is `costly` or becomes so.
  func runRandom(
    against fixes: UpstreamFixes, leaving costly: CostlyFunctions, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    let count = UInt64(request.randomCasesAMode)
    guard count > 0, !stop.isSet, known?.differsAtRandom != true else { return CaseList() }
    progress.step("running random cases")
    let present = Set(outcome.present)
    let own = (0..<count).filter { work.shard?.has(Int($0)) ?? true }
    var examples: [CaseList.Entry] = []
    var random = RandomOutcome(seed: request.seed, drawn: 0, cases: 0, differing: 0)
    var costly = costly
    for mode in request.modes {
      let campaign = RandomCampaign(mode: mode, seed: request.seed)
      var kept: [String: Int] = [:]
      var rest = own[...]
      while !rest.isEmpty, !stop.isSet, outcome.departure == nil {
        var chunk = rest.prefix(Self.randomCasesAtOnce).map { RandomCase(campaign, $0) }
        rest = rest.dropFirst(Self.randomCasesAtOnce)
        // Only a subject that lacks functions has fewer cases.
        chunk.removeAll { !$0.functions.isSubset(of: present) }
        random.drawn += chunk.count
        if let known {
          let references = chunk.map(\.entry.reference)
          let results = try await workshop.real.check(
            references, against: [fixes], until: { known.differ(references[$0], $1) })
          outcome.departure = known.departure(references, results)
          continue
        }
        let key = CampaignFacts.RandomKey(fixes: fixes, mode: mode.name)
        let facts = try await facts(of: chunk, key, leaving: &costly)
        if work.shard != nil { outcome.facts.add(zip(chunk.map(\.index), facts), key) }
        for (drawn, fact) in zip(chunk, facts) {
          guard let fact else { continue }
          random.cases += 1
          guard let kind = fact.kind else { continue }
          if fact.isMended { random.mended += 1 } else { random.differing += 1 }
          guard kept[kind, default: 0] < (fact.isCostly ? 1 : 3),
            examples.count < Self.examplesKept
          else { continue }
          kept[kind, default: 0] += 1
          examples.append(drawn.entry)
        }
        progress.cases(random.drawn, own.count * request.modes.count)
      }
    }
    random.left = costly.functions.sorted()
    outcome.random = random
    return CaseList(examples)
  }

  /// What random cases say, nil for those that are skipped: as the shards found it, else by a run. A shard that
  /// skipped what this run does not skip makes it run the cases.
  private func facts(
    of chunk: [RandomCase], _ key: CampaignFacts.RandomKey, leaving costly: inout CostlyFunctions
  ) async throws(ExecutionError) -> [RandomFact?] {
    let calls = chunk.map(\.calls)
    let modes = chunk.map(\.entry.scenario.mode)
    if let merged = work.facts {
      let cases = CostlyCases<RandomFact>(calls: calls, modes: modes, costly: costly) {
        fact, calls, costly in costly.note(fact.cost, calling: calls)
      }
      if let known = cases.settled(chunk.map { merged.random(key, $0.index) }) {
        costly = known.costly
        return known.results
      }
    }
    let results = try await workshop.real.check(
      chunk.map(\.entry.reference), calling: calls, in: modes, leaving: &costly,
      against: [key.fixes])
    return zip(results, calls).map { result, calls in
      result.map { RandomFact($0, calling: calls) }
    }
  }

  /// Runs complete universes, except for cases of functions that are `costly` or become so.
  func sweep(
    against fixes: UpstreamFixes, leaving costly: CostlyFunctions, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    outcome.universes = []
    var costly = costly
    var examples = CaseList()
    let byWidth = Dictionary(grouping: request.universes, by: \.indexBits)
    for (width, universes) in byWidth.sorted(by: { $0.key < $1.key }) {
      guard let supervisor = workshop.supervisor(width), !stop.isSet, outcome.departure == nil
      else { continue }
      // The long ones run last, because the others then give an estimate of their time.
      let comparable = universes.filter { known?.isTold(of: $0) ?? true }
      let (short, long) = comparable.partitioned { $0.isDeep }
      for group in [short, long] where !group.isEmpty {
        examples = examples.appending(
          try await sweep(
            group, with: supervisor, against: fixes, costly: &costly, into: &outcome))
      }
    }
    outcome.leftOfUniverses = costly.functions.sorted()
    return examples
  }

  private func sweep(
    _ universes: [Universe], with supervisor: Supervisor, against fixes: UpstreamFixes,
    costly: inout CostlyFunctions, into outcome: inout Outcome
  ) async throws(ExecutionError) -> CaseList {
    let present = Set(outcome.present)
    announce(universes, after: outcome)
    progress.step("running \(universes.count) universes")
    let start = ContinuousClock.now
    // A mutant ends at its first difference, and has nothing to keep.
    let swept =
      if known == nil {
        try await sweepInGroups(
          universes, calling: present, with: supervisor, against: fixes, costly: &costly)
      } else {
        try await supervisor.sweep(
          universes, calling: present, against: fixes, costly: &costly, untilOneDiffers: true,
          work: work, progress: progress.cases)
      }
    for found in swept {
      for (first, fact) in found.facts {
        let key = CampaignFacts.BlockKey(
          fixes: fixes, universe: found.universe.name, first: first)
        outcome.facts.blocks[key] = fact
      }
    }
    if known != nil {
      let first = swept.first { $0.result.differing + $0.result.mended > 0 }
      outcome.departure = first.flatMap { found in
        found.result.examples.min().map { .universe(name: found.universe.name, place: $0) }
      }
    }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    outcome.universeSeconds += seconds
    outcome.universes += swept.map { found in
      let universe = found.universe
      return UniverseOutcome(
        name: universe.name, definition: universe.definition,
        size: universe.caseCount(calling: present),
        cases: found.result.cases, differing: found.result.differing,
        mended: found.result.mended, judged: found.result.judged, isKept: found.isKept)
    }
    return CaseList(
      swept.flatMap { found in
        found.result.examples.sorted().prefix(Self.examplesKept).map { (found.universe, $0) }
      } + Self.newHazards(in: swept, besides: outcome))
  }

  /// One case of each kind of hazard that no case has shown so far.
  private static func newHazards(
    in swept: [Supervisor.SweepOutcome], besides outcome: Outcome
  ) -> [(Universe, UniverseCase)] {
    var known = Set(outcome.findings.flatMap { $0.broken.shared.map(\.kind) })
    return swept.flatMap { found in
      found.result.hazards.filter { known.insert($0.key).inserted }.values.sorted()
        .map { (found.universe, $0) }
    }
  }

  /// Announces the duration of a long sweep, estimated from the short ones.
  private func announce(_ universes: [Universe], after outcome: Outcome) {
    let done = outcome.universes.reduce(0) { $0 + ($1.isKept ? 0 : $1.cases) }
    guard universes.contains(where: \.isDeep), done > 0, outcome.universeSeconds > 0,
      work.facts == nil
    else { return }
    let cases = universes.reduce(0) { $0 + $1.caseCount } / UInt64(work.shard?.count ?? 1)
    let seconds = Double(cases) / (Double(done) / outcome.universeSeconds)
    progress.note(
      "deep: \(cases) more cases in \(universes.count) universes, about "
        + "\(DurationText.rounded(seconds)) with \(request.jobs) worker(s)")
  }
}

extension Array {
  /// The elements for which `isSo` is false, then those for which it is true, in order.
  fileprivate func partitioned(_ isSo: (Element) -> Bool) -> ([Element], [Element]) {
    (filter { !isSo($0) }, filter(isSo))
  }
}

/// A random case; its scenario is made once.
private struct RandomCase {
  let index: UInt64
  var entry: CaseList.Entry
  /// The function that each operation calls.
  var calls: [KernelFunction] { entry.scenario.operations.map(\.function) }
  /// All functions that its operations reach.
  var functions: Set<KernelFunction>

  init(_ campaign: RandomCampaign, _ index: UInt64) {
    self.index = index
    entry = CaseList.Entry(
      reference: .random(mode: campaign.mode.name, seed: campaign.seed, index: index),
      scenario: campaign.scenario(index))
    functions = entry.scenario.functionsCalled
  }
}

extension RandomFact {
  /// What a case says whose operations call these functions.
  fileprivate init(_ result: CaseResult, calling functions: [KernelFunction]) {
    self.init()
    let comparison = result.comparisons[0]
    kind = comparison.kind
    isMended = !comparison.mends.isEmpty
    isCostly = result.isCostly
    cost = result.cost(calling: functions)
  }
}

extension CampaignFacts {
  /// Keeps what random cases say, nil for those that were skipped.
  fileprivate mutating func add(
    _ facts: Zip2Sequence<[UInt64], [RandomFact?]>, _ key: RandomKey
  ) {
    for (index, fact) in facts {
      guard let fact else {
        random[key, default: RandomFacts()].left.insert(index)
        continue
      }
      // A shard whose cases all do what the port does says that it ran them.
      random[key, default: RandomFacts()].telling[index] = fact.kind == nil ? nil : fact
    }
  }
}

extension ComparisonResult {
  /// The kind by which examples are kept: the signature of the difference, or the mends.
  fileprivate var kind: String? {
    mends.isEmpty
      ? difference?.signature : mends.map { "\($0.id) \($0.rule.rawValue)" }.joined()
  }
}
