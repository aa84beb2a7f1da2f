// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The upstream states of a function. Each is a set of fixes for the port: the comparison is with the latest
/// text in which only this function is replaced.
struct FixStates {
  /// A fix that the function may lack.
  private struct Part {
    var fix: UpstreamFixes
    /// The change of the latest set of fixes to the older function: the fixes to add or to remove.
    var change: UpstreamFixes
  }

  private let states: [(lacking: UpstreamFixes, set: UpstreamFixes)]
  /// The fixes that the request leaves out of the function. Those in `isFree` only concern the information
  /// that a caller passes, so the function may have them or not.
  private let asked: UpstreamFixes
  private let isFree: UpstreamFixes

  /// The sets of fixes, in the order of the comparisons.
  var sets: [UpstreamFixes] { states.map(\.set) }

  init(of functions: Set<KernelFunction>, against: UpstreamFixes) {
    var parts: [Part] = []
    if functions.contains(.freePmdTable) || functions.contains(.removePudMapping) {
      parts.append(Part(fix: .noVmemmapPmdDestructor, change: .noVmemmapPmdDestructor))
    }
    if functions.contains(.removePudMapping) {
      parts.append(Part(fix: .foldedEntryIsBase, change: .pudAsBefore))
    }
    if functions.contains(.removeP4dMapping) {
      parts.append(Part(fix: .foldedEntryIsBase, change: .p4dAsBefore))
    }
    var states: [(lacking: UpstreamFixes, set: UpstreamFixes)] = [([], .latest)]
    for part in parts {
      states += states.map {
        ($0.lacking.union(part.fix), $0.set.symmetricDifference(part.change))
      }
    }
    self.states = states
    let held = UpstreamFixes(parts.map(\.fix))
    asked = held.subtracting(against)
    // Before the fix, a caller had no information to pass.
    isFree =
      functions.contains(.freePmdTable) ? [] : asked.intersection(.noVmemmapPmdDestructor)
  }

  /// The fixes by which the result departs from the request: nil when it does not depart, empty when no
  /// upstream state explains it.
  func departure(of result: CaseResult) -> UpstreamFixes? {
    let fitting = zip(states, result.comparisons).filter { $0.1.difference == nil }
      .map { $0.0.lacking.symmetricDifference(asked).subtracting(isFree) }
    if fitting.contains([]) { return nil }
    return fitting.min { $0.members.count < $1.members.count } ?? []
  }
}
