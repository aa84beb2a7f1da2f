// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// Says whether cases can tell a fix of upstream: whether the port does something else with it than
/// without. No subject is asked. A subject that behaves as the port with the fix in all of such cases is
/// known to have it. One belongs to one task at a time.
final class FixDetector {
  private let with: HotplugPort
  private let without: HotplugPort

  /// A witness of a fix that a set of fixes has.
  init(_ fix: UpstreamFixes, of fixes: UpstreamFixes) {
    with = HotplugPort(fixes: fixes)
    without = HotplugPort(fixes: fixes.subtracting(fix))
  }

  /// Whether a case shows the fix.
  func isShown(by image: MachineImage) -> Bool {
    with.answer(image).0 != without.answer(image).0
      && without.observe(image).compared(to: with.observe(image)).difference != nil
  }

  /// Whether a case of a universe that calls only some functions shows the fix. Looks until one does, or
  /// its task is cancelled.
  func isShown(by universe: Universe, calling functions: Set<KernelFunction>) -> Bool {
    let operations = universe.operations.indices.filter {
      functions.contains(universe.operations[$0].function)
    }
    var walk = SweepWalk(universe)
    let words = walk.wordsPerCase
    let part = SweepPart(universe, states: 0..<universe.stateCount, operations: operations)
    for state in part.states where !Task.isCancelled {
      let isOver = !walk.runState(state, of: part) { cursor in
        with.answer(cursor.image, words: words).0 == without.answer(cursor.image, words: words).0
          || !isShown(by: cursor.image)
      }
      if isOver { return true }
    }
    return false
  }
}
