// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Worker

/// The findings of one part of a universe.
package struct SweepResult: Hashable, Sendable {
  /// The number of cases that ran.
  package var cases: UInt64 = 0
  /// The number of cases that the oracle judged.
  package var judged: UInt64 = 0
  /// The first case that shows each kind of hazard.
  package var hazards: [Violation.Kind: UniverseCase] = [:]
  /// The number of cases that differ, without mends.
  package var differing: UInt64 = 0
  /// The number of cases in which the difference is a mend; the oracle judges each of them.
  package var mended: UInt64 = 0
  /// The first cases that differ, a few of each kind and operation.
  package var examples: [UniverseCase] = []
  /// Whether the part ended early, because enough cases differed to know the verdict.
  package var isCutShort = false
  /// The function of each differing case that took long.
  var slow: [KernelFunction] = []
  /// The parts that did not run, because cases took long.
  var rest: [SweepPart] = []

  package init() {}

  /// Whether a case differs, or is a mend.
  var hasFindings: Bool { differing + mended > 0 }

  /// Adds the result of another part.
  mutating func add(_ other: SweepResult) {
    cases += other.cases
    differing += other.differing
    mended += other.mended
    examples += other.examples
    isCutShort = isCutShort || other.isCutShort
    judged += other.judged
    hazards.merge(other.hazards) { min($0, $1) }
  }
}
