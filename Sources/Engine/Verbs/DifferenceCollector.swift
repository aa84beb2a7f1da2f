// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle
import Port
import Worker

/// Takes the first case of each group, shrinks it, and keeps the observations of both sides.
struct DifferenceCollector: Sendable {
  let workshop: SubjectRunners
  let cases: CaseList
  /// The subject as the user named it.
  let subject: String
  let shrinks: Bool
  let progress: RunProgress
  let stop: StopSignal

  func collect(
    _ groups: [DifferenceGroup], nearest: UpstreamFixes
  ) async throws(ExecutionError) -> [ReportedDifference] {
    let shown = groups.compactMap { group in
      group.places.first.map { (group: group, entry: cases.entries[$0]) }
    }
    var shrunk: [Int: ShrunkCase] = [:]
    if shrinks, !shown.isEmpty {
      progress.step("making cases smaller")
      let stage = ShrinkStage(
        workshop: workshop, nearest: nearest, jobs: workshop.real.jobs, stop: stop)
      shrunk = await stage.shrink(shown) { done, all in
        progress.step("making cases smaller: \(done) of \(all) kinds of difference")
      }
    }
    let told = try await told(shown, shrunk)
    let pairs = try await pairs(
      shown.indices.filter { told[$0].isWhole }.map { ($0, shown[$0].entry) },
      against: shown.map(\.group.reference))
    var reported: [ReportedDifference] = []
    for (place, (group, entry)) in shown.enumerated() {
      let told = told[place]
      let against = group.reference == .latest ? "" : " --against \(group.reference.name)"
      let smaller = told.isWhole ? nil : shrunk[place]
      let pair = smaller.map(\.observed) ?? pairs[place]
      // A case that no longer runs would look like one that kills its worker.
      if stop.isSet, pair == nil { break }
      var group = group
      if let broken = told.broken {
        group.rules = Set(broken.map(\.rule)).sorted()
        if !group.rules.isEmpty { group.mended = [] }
      }
      reported.append(
        ReportedDifference(
          id: "D\(place + 1)", group: group, scenario: smaller?.scenario ?? entry.scenario,
          difference: pair.flatMap { $0.subject.compared(to: $0.reference).difference },
          subject: pair?.subject, reference: pair?.reference,
          madeFrom: smaller == nil ? nil : entry.scenario.id,
          isMinimal: smaller?.isMinimal ?? false,
          // Replay the case as it was found, because every installation has it.
          replay: "mhpcheck replay \(entry.name) \(subject)\(against)",
          violations: told.broken ?? []))
    }
    return reported
  }

  /// How a group is shown.
  private struct Told {
    /// Whether the case as it was found is shown, not the smaller one.
    var isWhole: Bool
    /// What the subject breaks in the case beyond what the reference breaks; nil if that is not known.
    var broken: [Violation]?
  }

  /// How each group is shown: by its smaller case, unless this breaks no rule and the case as it was found does.
  private func told(
    _ shown: [(group: DifferenceGroup, entry: CaseList.Entry)], _ shrunk: [Int: ShrunkCase]
  ) async throws(ExecutionError) -> [Told] {
    let smaller = shown.indices.compactMap { place in
      shrunk[place].flatMap { shrunk in
        shrunk.scenario == shown[place].entry.scenario ? nil : (place, shrunk.scenario)
      }
    }
    let references = shown.map(\.group.reference)
    let broken = try await broken(smaller, against: references)
    var told = shown.map { _ in Told(isWhole: true) }
    for (place, _) in smaller {
      told[place] = Told(isWhole: false, broken: broken[place])
    }
    let whole = shown.indices.filter { place in
      told[place].isWhole
        || (told[place].broken ?? []).isEmpty && !shown[place].group.rules.isEmpty
    }
    let wholeBroken = try await self.broken(
      whole.map { ($0, shown[$0].entry.scenario) }, against: references)
    for place in whole where told[place].isWhole || !(wholeBroken[place] ?? []).isEmpty {
      told[place] = Told(isWhole: true, broken: wholeBroken[place])
    }
    return told
  }

  /// What the subject breaks in each scenario beyond what the reference of its place breaks, by the place; none where
  /// this is not known.
  private func broken(
    _ scenarios: [(place: Int, scenario: Scenario)], against references: [UpstreamFixes]
  ) async throws(ExecutionError) -> [Int: [Violation]] {
    var broken: [Int: [Violation]] = [:]
    for (reference, some) in Dictionary(grouping: scenarios, by: { references[$0.place] })
      .sorted(by: { $0.key.rawValue < $1.key.rawValue })
    {
      let list = CaseList(some.map(\.scenario))
      let results = try await workshop.check(list.entries[...], against: [reference])
      for (one, result) in zip(some, results) { broken[one.place] = result?.broken.own }
    }
    return broken
  }

  /// The observations of both sides in each case, by its place; none where the subject kills its worker.
  private func pairs(
    _ entries: [(place: Int, entry: CaseList.Entry)], against references: [UpstreamFixes]
  ) async throws(ExecutionError) -> [Int: ObservedCase] {
    let observed = try await workshop.observe(entries.map(\.entry))
    var pairs: [Int: ObservedCase] = [:]
    for ((place, entry), subject) in zip(entries, observed) {
      guard let subject else { continue }
      pairs[place] = try workshop.pair(subject, in: entry, against: references[place])
    }
    return pairs
  }
}
