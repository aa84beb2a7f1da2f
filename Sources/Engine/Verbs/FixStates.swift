// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The states in which upstream had a function, as what the port is held to while the function stands in
/// the latest text.
struct FixStates {
  /// A way to be without fixes in the function.
  private struct Part {
    var fix: UpstreamFixes
    /// The latest set of fixes becomes, by taking this from it or adding it, what the function was.
    var change: UpstreamFixes
  }

  private let states: [(lacking: UpstreamFixes, set: UpstreamFixes)]
  /// The fixes that the function is asked to be without; it may have either where a caller alone tells.
  private let asked: UpstreamFixes
  private let isFree: UpstreamFixes

  /// The sets of fixes, in order.
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
    // Before the fix there was nothing that a caller would have had to tell.
    isFree =
      functions.contains(.freePmdTable) ? [] : asked.intersection(.noVmemmapPmdDestructor)
  }

  /// The fixes by which what was run parts from what was asked for; nil when it does not, empty when no
  /// state of upstream accounts for it.
  func departure(of result: CaseResult) -> UpstreamFixes? {
    let fitting = zip(states, result.comparisons).filter { $0.1.difference == nil }
      .map { $0.0.lacking.symmetricDifference(asked).subtracting(isFree) }
    if fitting.contains([]) { return nil }
    return fitting.min { $0.members.count < $1.members.count } ?? []
  }
}
