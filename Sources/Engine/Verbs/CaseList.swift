// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Worker

/// The cases of a run, in order, in the forms for workers and for users.
package struct CaseList: Sendable {
  package struct Entry: Sendable {
    package var reference: CaseReference
    package var scenario: Scenario

    /// The name of the case for `mhpcheck replay`.
    var name: String { "\(scenario.id)@\(scenario.mode)" }
  }

  package let entries: [Entry]

  /// The whole catalogue in the given modes.
  package init(catalogueIn modes: [PagingMode]) {
    entries = modes.flatMap { mode in
      Catalogue.scenarios(mode: mode).enumerated().map { index, scenario in
        Entry(reference: .catalogue(mode: mode.name, index: index), scenario: scenario)
      }
    }
  }

  /// The cases that call only the given functions.
  package func restricted(to functions: [KernelFunction]) -> CaseList {
    let present = Set(functions)
    return CaseList(
      entries.filter {
        $0.scenario.functionsCalled.isSubset(of: present)
      })
  }

  /// Cases of universes.
  package init(_ places: [(universe: Universe, place: UniverseCase)]) {
    entries = places.map { universe, place in
      Entry(
        reference: .universe(name: universe.name, place: place),
        scenario: universe.scenario(of: place))
    }
  }

  /// These cases, then the others.
  func appending(_ other: CaseList) -> CaseList { CaseList(entries + other.entries) }

  package init(_ entries: [Entry] = []) { self.entries = entries }

  /// Cases that are not in the catalogue.
  package init(_ scenarios: [Scenario]) {
    entries = scenarios.map { Entry(reference: .literal($0.jsonText()), scenario: $0) }
  }

  /// The findings for the judgement. The results belong to the cases from `first` on, in order, and
  /// comparison `n` of a case to `sets[n]`. A case without a result has no finding.
  func findings(
    _ results: [CaseResult?], from first: Int = 0, sets: [UpstreamFixes]
  ) -> [CaseFinding] {
    zip(first..., results).compactMap { place, result in
      result.map {
        finding(
          at: place,
          comparisons: Dictionary(uniqueKeysWithValues: zip(sets, $0.comparisons)),
          broken: $0.broken)
      }
    }
  }

  func finding(
    at place: Int, comparisons: [UpstreamFixes: ComparisonResult],
    broken: BrokenRules = BrokenRules()
  ) -> CaseFinding {
    let scenario = entries[place].scenario
    return CaseFinding(
      place: place, scenario: scenario.id, mode: scenario.mode,
      operations: scenario.operations.map(\.function), size: scenario.complexity,
      comparisons: comparisons, broken: broken)
  }
}
