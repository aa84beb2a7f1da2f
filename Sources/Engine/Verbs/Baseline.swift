// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// The results of one subject. Another subject differs from it at the first case for which `mhpcheck check`
/// would report something else.
package struct Baseline: Sendable {
  /// The functions of the surface that the subject has.
  package let present: [KernelFunction]
  /// The nearest upstream state; all cases are compared with it.
  let nearest: UpstreamFixes
  /// The catalogue, in the order of the run.
  package var catalogue: CaseList
  /// The kind of difference in each case of the catalogue in which the subject differs.
  private(set) var differing: [CaseReference: String] = [:]
  /// The universes in which the subject differs; they cannot distinguish another subject.
  private(set) var differingUniverses: Set<String> = []
  /// Whether the subject differs in a random case; then random cases cannot distinguish another subject.
  let differsAtRandom: Bool

  /// Takes the findings of a campaign with all its means.
  package init(_ outcome: Campaign.Outcome, nearest: UpstreamFixes, catalogue: CaseList) {
    present = outcome.present
    self.nearest = nearest
    self.catalogue = catalogue
    differsAtRandom = outcome.random.map { $0.differing + $0.mended > 0 } ?? false
    for finding in outcome.findings {
      let reference = outcome.cases.entries[finding.place].reference
      differing[reference] = finding.comparisons[nearest]?.difference?.signature
    }
    for universe in outcome.universes where universe.differing + universe.mended > 0 {
      differingUniverses.insert(universe.name)
    }
  }

  /// Whether the result of a case differs from the result of this subject.
  func differ(_ reference: CaseReference, _ result: CaseResult) -> Bool {
    result.comparisons.first?.difference?.signature != differing[reference]
  }

  /// The first case whose result differs from the result of this subject.
  func departure(_ references: [CaseReference], _ results: [CaseResult?]) -> CaseReference? {
    zip(references, results).first { reference, result in
      result.map { differ(reference, $0) } ?? false
    }?.0
  }

  /// Whether the subject differs from the nearest upstream state.
  package var hasDifferences: Bool {
    differsAtRandom || !differing.isEmpty || !differingUniverses.isEmpty
  }

  /// Whether this subject agrees in all cases of a universe, so that a difference there reveals another
  /// subject.
  func isTold(of universe: Universe) -> Bool { !differingUniverses.contains(universe.name) }
}
