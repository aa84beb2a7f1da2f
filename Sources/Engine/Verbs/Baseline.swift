// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// What a subject's cases came to, so that another subject can be told from it: by the first case in
/// which `mhpcheck check` would say something else of that one.
package struct Baseline: Sendable {
  /// The functions of the surface that it has.
  package let present: [KernelFunction]
  /// The state of upstream that it comes nearest to; all cases are held against that.
  let nearest: UpstreamFixes
  /// The catalogue, in the order in which it is to be run.
  package var catalogue: CaseList
  /// The kind of difference in each case of the catalogue in which it differs.
  private(set) var differing: [CaseReference: String] = [:]
  /// The universes in which it differs: these tell nothing.
  private(set) var differingUniverses: Set<String> = []
  /// Whether it differs in a random case: then these tell nothing.
  let differsAtRandom: Bool

  /// Keeps what a campaign with all its means found.
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

  /// Whether a case came to something else than it did with this subject.
  func differ(_ reference: CaseReference, _ result: CaseResult) -> Bool {
    result.comparisons.first?.difference?.signature != differing[reference]
  }

  /// The first case that came to something else.
  func departure(_ references: [CaseReference], _ results: [CaseResult?]) -> CaseReference? {
    zip(references, results).first { reference, result in
      result.map { differ(reference, $0) } ?? false
    }?.0
  }

  /// Whether it differs from the state of upstream that it comes nearest to.
  package var hasDifferences: Bool {
    differsAtRandom || !differing.isEmpty || !differingUniverses.isEmpty
  }

  /// Whether a universe's cases all agree for this subject, so that one that does not tells another.
  func isTold(of universe: Universe) -> Bool { !differingUniverses.contains(universe.name) }
}
