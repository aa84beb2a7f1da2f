// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// What came of one case: a result for each set of fixes it was held against, in order.
struct CaseResult: Hashable, Sendable {
  /// With the port at each set of fixes, in the order asked for.
  var comparisons: [ComparisonResult]
  /// How the case ended on the subject.
  var ending: Ending
  /// Whether it took as long as thousands of others: it hung, or ran away.
  var isCostly: Bool = false
  /// The rules of the oracle that the subject broke; none where that could not be seen.
  var broken: BrokenRules = BrokenRules()

  init(
    comparisons: [ComparisonResult], ending: Ending, isCostly: Bool = false,
    broken: BrokenRules = BrokenRules()
  ) {
    self.comparisons = comparisons
    self.ending = ending
    self.isCostly = isCostly
    self.broken = broken
  }

  /// Whether the subject did not do the same twice.
  var isUnsteady: Bool {
    comparisons.contains {
      guard case .ending(let ending, _)? = $0.difference else { return false }
      return ending.kind == EndingKind.unsteady.rawValue
    }
  }

  /// A case that ends its subject's worker: it differs from anything, as the port never does that.
  static func workerDied(references: Int) -> CaseResult {
    CaseResult(differing: Ending(.workerDied), from: Array(repeating: Ending(), count: references))
  }

  /// A case that ends otherwise than on the sides it is held against.
  init(differing ending: Ending, from references: [Ending]) {
    self.init(
      comparisons: references.map {
        ComparisonResult(difference: .ending(subject: ending, reference: $0), rules: [])
      }, ending: ending)
  }
}

/// Both observations of one case.
struct ObservedCase: Hashable, Sendable {
  /// What the subject did.
  var subject: Observation
  /// What the side it is held against did.
  var reference: Observation

  /// The same without most of what a subject that runs away did beyond the reference: what is kept and
  /// shown is no place in which a subject may take up memory and time as it likes. Where the sides part
  /// first stays, as that lies at most one event or table beyond the reference's.
  var bounded: ObservedCase {
    var bounded = self
    let tables = reference.tables.count + 16
    bounded.subject.tables = Array(subject.tables.prefix(tables))
    bounded.subject.lives = Array(subject.lives.prefix(tables))
    bounded.subject.events = Array(subject.events.prefix(reference.events.count + (1 << 17)))
    return bounded
  }
}
