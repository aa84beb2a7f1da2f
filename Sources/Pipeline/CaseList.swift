// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Execution
import HotplugPort
import MachineModel
import PageTables
import Scenarios

/// The cases of a run, in order: what to tell workers and what to tell people.
struct CaseList: Sendable {
  /// One case.
  struct Entry: Sendable {
    var reference: CaseReference
    var scenario: Scenario
  }

  let entries: [Entry]

  /// The whole catalogue in some modes.
  init(catalogueIn modes: [PagingMode]) {
    entries = modes.flatMap { mode in
      Catalogue.scenarios(mode: mode).enumerated().map { index, scenario in
        Entry(reference: .catalogue(mode: mode.name, index: index), scenario: scenario)
      }
    }
  }

  /// The cases that call only functions that a subject has.
  func restricted(to functions: [SurfaceFunction]) -> CaseList {
    let present = Set(functions)
    return CaseList(
      entries: entries.filter {
        $0.scenario.operations.allSatisfy { present.contains($0.function) }
      })
  }

  /// Cases of universes.
  init(_ places: [(universe: Universe, place: UniverseCase)]) {
    entries = places.map { universe, place in
      Entry(
        reference: .universe(name: universe.name, place: place),
        scenario: universe.scenario(of: place))
    }
  }

  /// These cases, then others.
  func appending(_ other: CaseList) -> CaseList { CaseList(entries: entries + other.entries) }

  private init(entries: [Entry]) { self.entries = entries }

  /// Findings for the judgement, from results in the order of the cases: the result for reference
  /// `n` of a case goes with `sets[n]`.
  func findings(
    _ results: [CaseResult], sets: [UpstreamFixes]
  ) -> [CaseFinding] {
    zip(entries.indices, results).map { place, result in
      finding(
        at: place,
        comparisons: Dictionary(uniqueKeysWithValues: zip(sets, result.comparisons)))
    }
  }

  /// The finding of one case.
  func finding(at place: Int, comparisons: [UpstreamFixes: ComparisonResult]) -> CaseFinding {
    let scenario = entries[place].scenario
    return CaseFinding(
      place: place, scenario: scenario.id, mode: scenario.mode,
      operations: scenario.operations.map(\.function), size: scenario.complexity,
      comparisons: comparisons)
  }
}
