// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Reports
import Worker

/// Adds mutants and their fates to a report.
struct MutationTally {
  let equivalents: Equivalents
  let cases: CaseList

  func add(_ mutants: [Mutant], _ fates: [MutantFate?], to report: inout MutationReport) {
    let names = Dictionary(
      cases.entries.map { ($0.reference, "\($0.scenario.id)@\($0.scenario.mode)") }
    ) { first, _ in first }
    for (mutant, fate) in zip(mutants, fates) {
      switch fate {
      case nil: report.uncounted.notRun += 1
      case .uncompilable?: report.uncounted.uncompilable += 1
      case .identical?: report.uncounted.identical += 1
      case .duplicate?: report.uncounted.duplicates += 1
      case .killed(let reference)?:
        add(mutant, .killed(by: names[reference] ?? Self.name(of: reference)), to: &report)
      case .alive?:
        add(
          mutant, equivalents.reason(for: mutant).map { .equivalent(reason: $0) } ?? .survived,
          to: &report)
      }
    }
  }

  private func add(
    _ mutant: Mutant, _ fate: MutationReport.Fate, to report: inout MutationReport
  ) {
    report.mutants.append(
      MutationReport.Mutant(
        id: mutant.id, function: mutant.function, what: mutant.operation.phrase,
        file: mutant.position.displayName, line: mutant.position.line, diff: mutant.diff,
        fingerprint: mutant.fingerprint, fate: fate))
  }

  private static func name(of reference: CaseReference) -> String {
    switch reference {
    case .catalogue(let mode, let index): "case \(index) of the catalogue@\(mode)"
    case .universe(let name, let place):
      "universe/\(name)/\(place.state)-\(place.operation)-\(place.range)"
    case .random(let mode, let seed, let index): "random/\(mode)/\(seed)/\(index)"
    case .literal, .beginning, .stopped: "a case of the run"
    }
  }
}
