// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Worker

/// The port's digest and hazards for the cases of one operation in a block of a universe.
struct KeptAnswer: Hashable, Sendable, Codable {
  /// The digest of the cases' digests: `SweepPart.folds`.
  var fold: CaseDigest = 0
  /// The number of cases that the oracle judged.
  var judged: UInt64 = 0
  /// The first case of each kind of hazard among those.
  var hazards: [Hazard] = []

  struct Hazard: Hashable, Sendable, Codable {
    var kind: Violation.Kind
    var place: UniverseCase
  }

  /// Adds the judgement of one case; cases come in order.
  mutating func judge(_ violations: [Violation], in place: UniverseCase) {
    judged += 1
    for violation in violations where !hazards.contains(where: { $0.kind == violation.kind }) {
      hazards.append(Hazard(kind: violation.kind, place: place))
    }
  }
}

extension SweepResult {
  /// Adds what the oracle says about the port, valid for every subject that does the same.
  mutating func add(_ answer: KeptAnswer) {
    judged += answer.judged
    for hazard in answer.hazards {
      hazards[hazard.kind] = min(hazards[hazard.kind] ?? hazard.place, hazard.place)
    }
  }
}
