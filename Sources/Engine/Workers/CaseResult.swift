// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// The result of one case: a comparison with each set of fixes, in order.
struct CaseResult: Hashable, Sendable {
  /// The comparison with the port at each set of fixes, in the requested order.
  var comparisons: [ComparisonResult]
  /// The ending of the case on the subject.
  var ending: Ending
  /// Whether the case took as long as thousands of others, because it hung or ran away.
  var isCostly: Bool = false
  /// The oracle rules that the subject broke; none where this could not be observed.
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

  /// Whether two runs of the subject differed.
  var isUnsteady: Bool {
    comparisons.contains {
      guard case .ending(let ending, _)? = $0.difference else { return false }
      return ending.kind == EndingKind.unsteady.rawValue
    }
  }

  /// The result of a case that kills the subject's worker. It differs from any reference, because the port
  /// never does that.
  static func workerDied(references: Int) -> CaseResult {
    CaseResult(differing: Ending(.workerDied), from: Array(repeating: Ending(), count: references))
  }

  /// The result of a case whose ending differs from those of the references.
  init(differing ending: Ending, from references: [Ending]) {
    self.init(
      comparisons: references.map {
        ComparisonResult(difference: .ending(subject: ending, reference: $0), rules: [])
      }, ending: ending)
  }
}

struct ObservedCase: Hashable, Sendable {
  var subject: Observation
  var reference: Observation

  /// The same, without most of what a subject that runs away did beyond the reference, so that it cannot use
  /// up memory and time. The first difference remains, because it is at most one event or table beyond the
  /// reference's.
  var bounded: ObservedCase {
    var bounded = self
    let tables = reference.tables.count + 16
    bounded.subject.tables = Array(subject.tables.prefix(tables))
    bounded.subject.lives = Array(subject.lives.prefix(tables))
    bounded.subject.events = Array(subject.events.prefix(reference.events.count + (1 << 17)))
    return bounded
  }
}
