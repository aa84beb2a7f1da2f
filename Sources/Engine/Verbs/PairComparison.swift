// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port
import Worker

/// A subject that was judged alone.
struct ComparedSubject: Sendable {
  var report: Report
  /// The functions that the subject has by name.
  var present: [KernelFunction]
  /// The result of each case, compared with the port at each set of fixes; the set of all fixes comes first.
  var results: [CaseReference: CaseResult]
}

/// Compares two judged subjects case by case.
struct PairComparison: Sendable {
  let first: ComparedSubject
  let second: ComparedSubject
  /// The cases that call only functions of both.
  let cases: CaseList
  let firstSupervisor: Supervisor
  let secondSupervisor: Supervisor

  /// What the cases show of the two.
  struct Outcome: Sendable {
    /// The kinds of difference between the two.
    var differences: [SubjectComparison.Finding] = []
    /// What each case shows; none for a case that kills both workers.
    var findings: [CaseFinding] = []
  }

  func outcome(
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(ExecutionError) -> Outcome {
    let open = cases.entries.indices.filter { !isSettled(cases.entries[$0].reference) }
    let references = open.map { cases.entries[$0].reference }
    let observed = try await observations(of: references, progress: progress)
    var between: [Int: ComparisonResult] = [:]
    for (place, pair) in zip(open, observed) {
      between[place] =
        pair.map {
          $0.compared(to: $1, toleratesExtraFlush: false)
        } ?? deaths(cases.entries[place].reference)
    }
    let pairs = Dictionary(uniqueKeysWithValues: zip(open, observed))
    let asked = Set(open)
    var outcome = Outcome()
    outcome.findings = cases.entries.indices.compactMap { place -> CaseFinding? in
      let result =
        asked.contains(place) ? between[place] : settled(cases.entries[place].reference)
      return result.map { cases.finding(at: place, comparisons: [.latest: $0]) }
    }
    for group in DifferenceGroup.groups(findings: outcome.findings, reference: .latest) {
      guard let place = group.places.first else { continue }
      outcome.differences.append(
        shown(
          group, cases.entries[place], pairs[place] ?? nil,
          id: "D\(outcome.differences.count + 1)"))
    }
    return outcome
  }

  /// The observations of both in each case, in order; nil where one of them kills its worker.
  private func observations(
    of references: [CaseReference], progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(ExecutionError) -> [(Observation, Observation)?] {
    let mine = try await firstSupervisor.observations(of: references)
    let theirs = try await secondSupervisor.observations(of: references)
    progress(references.count, references.count)
    return zip(mine, theirs).map { mine, theirs in
      guard let mine, let theirs else { return nil }
      return (mine, theirs)
    }
  }

  private func shown(
    _ group: DifferenceGroup, _ entry: CaseList.Entry, _ pair: (Observation, Observation)?,
    id: String
  ) -> SubjectComparison.Finding {
    let witness = witness(entry.reference)
    let disagreeing: [ComparedSubject] =
      switch witness {
      case .first: [second]
      case .second: [first]
      case .both: []
      case .neither: [first, second]
      }
    return SubjectComparison.Finding(
      id: id, group: group, scenario: entry.scenario,
      difference: pair.flatMap {
        $0.compared(to: $1, toleratesExtraFlush: false).difference
      }, observed: pair, witness: witness,
      replays: disagreeing.map {
        "mhpcheck replay \(entry.scenario.id)@\(entry.scenario.mode) \($0.report.subject.argument)"
      })
  }

  /// Whether both behave in a case like the port at the same set of fixes, or both kill their workers.
  private func isSettled(_ reference: CaseReference) -> Bool {
    guard let mine = first.results[reference], let theirs = second.results[reference] else {
      return false
    }
    if isDeath(mine), isDeath(theirs) { return true }
    return zip(mine.comparisons, theirs.comparisons).contains {
      $0.difference == nil && $1.difference == nil
    }
  }

  /// The result of a settled case; nil where it kills both workers.
  private func settled(_ reference: CaseReference) -> ComparisonResult? {
    guard let mine = first.results[reference], !isDeath(mine) else { return nil }
    return ComparisonResult(difference: nil, rules: [])
  }

  private func isDeath(_ result: CaseResult) -> Bool {
    result.ending.kind == EndingKind.workerDied.rawValue
  }

  /// A case in which one of the two kills its worker, as a difference between them.
  private func deaths(_ reference: CaseReference) -> ComparisonResult? {
    guard let mine = first.results[reference], let theirs = second.results[reference] else {
      return nil
    }
    return ComparisonResult(
      difference: .ending(subject: mine.ending, reference: theirs.ending), rules: [])
  }

  private func witness(_ reference: CaseReference) -> SubjectComparison.Witness {
    func agrees(_ subject: ComparedSubject) -> Bool {
      subject.results[reference].map { $0.comparisons.first?.difference == nil } ?? false
    }
    return switch (agrees(first), agrees(second)) {
    case (true, true): .both
    case (true, false): .first
    case (false, true): .second
    case (false, false): .neither
    }
  }
}
