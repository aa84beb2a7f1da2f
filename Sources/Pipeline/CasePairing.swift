// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import Reporting

/// A subject that was judged by itself.
struct JudgedSubject: Sendable {
  var report: Report
  /// The functions that it has by name.
  var present: [SurfaceFunction]
  /// What came of each case, held against the port at each set of fixes, all fixes first.
  var results: [CaseReference: CaseResult]
}

/// Two judged subjects case by case.
struct CasePairing: Sendable {
  let first: JudgedSubject
  let second: JudgedSubject
  /// The cases that call only what both have.
  let cases: CaseList
  /// Runs a case on the first subject, and on the second as its only reference.
  let supervisor: Supervisor

  /// The kinds of difference between the two.
  func differences(
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(ExecutionError) -> [SubjectComparison.Difference] {
    let open = cases.entries.indices.filter { !isSettled(cases.entries[$0].reference) }
    let runnable = open.filter { !isDeadly(cases.entries[$0].reference) }
    let results = try await supervisor.run(
      runnable.map { cases.entries[$0].reference }, progress: progress)
    var between = Dictionary(uniqueKeysWithValues: zip(runnable, results.map(\.comparisons[0])))
    for place in open where between[place] == nil {
      between[place] = deaths(cases.entries[place].reference)
    }
    let findings = open.compactMap { place -> CaseFinding? in
      guard let result = between[place] else { return nil }
      return cases.finding(at: place, comparisons: [.latest: result])
    }
    var differences: [SubjectComparison.Difference] = []
    for group in DifferenceGroup.groups(findings: findings, reference: .latest) {
      guard let place = group.places.first else { continue }
      differences.append(
        try await shown(group, cases.entries[place], id: "D\(differences.count + 1)"))
    }
    return differences
  }

  private func shown(
    _ group: DifferenceGroup, _ entry: CaseList.Entry, id: String
  ) async throws(ExecutionError) -> SubjectComparison.Difference {
    let witness = witness(entry.reference)
    let pair =
      isDeadly(entry.reference)
      ? nil : try await supervisor.observe(entry.reference, against: 0)
    let disagreeing: [JudgedSubject] =
      switch witness {
      case .first: [second]
      case .second: [first]
      case .both: []
      case .neither: [first, second]
      }
    return SubjectComparison.Difference(
      id: id, group: group, scenario: entry.scenario,
      difference: pair.flatMap {
        $0.subject.compared(to: $0.reference, toleratesExtraFlush: false).difference
      }, observed: pair.map { ($0.subject, $0.reference) }, witness: witness,
      replays: disagreeing.map {
        "mhpcheck replay \(entry.scenario.id)@\(entry.scenario.mode) \($0.report.subject.argument)"
      })
  }

  /// Whether both behave in a case as the port does at the same set of fixes, or both kill their
  /// workers.
  private func isSettled(_ reference: CaseReference) -> Bool {
    guard let mine = first.results[reference], let theirs = second.results[reference] else {
      return false
    }
    if isDeath(mine), isDeath(theirs) { return true }
    return zip(mine.comparisons, theirs.comparisons).contains {
      $0.difference == nil && $1.difference == nil
    }
  }

  private func isDeath(_ result: CaseResult) -> Bool {
    result.ending.kind == EndingKind.workerDied.rawValue
  }

  private func isDeadly(_ reference: CaseReference) -> Bool {
    [first, second].contains { $0.results[reference].map(isDeath) ?? false }
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
    func agrees(_ subject: JudgedSubject) -> Bool {
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
