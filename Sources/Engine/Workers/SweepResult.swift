// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Worker

/// The findings of one part of a universe.
struct SweepResult: Hashable, Sendable {
  /// Cases run.
  var cases: UInt64 = 0
  /// Cases that the oracle judged.
  var judged: UInt64 = 0
  /// The first case that shows each kind of hazard.
  var hazards: [Violation.Kind: UniverseCase] = [:]
  /// Cases that differ, mends apart.
  var differing: UInt64 = 0
  /// Cases in which the difference is a mend, as the oracle says of each.
  var mended: UInt64 = 0
  /// The first cases that differ, a few of each kind and operation.
  var examples: [UniverseCase] = []
  /// Whether it ended early, because enough cases differed to know the verdict.
  var isCutShort = false
  /// The function of each differing case that took long.
  var slow: [KernelFunction] = []
  /// What was not run, because cases took long.
  var rest: [SweepPart] = []

  /// Adds what another part found.
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
