// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// Detects whether cases show an upstream fix: whether the port behaves differently with and without it. No
/// subject runs. A subject that behaves like the port with the fix in all such cases has the fix. Only one
/// task may use an instance at a time.
final class FixDetector {
  private let with: HotplugPort
  private let without: HotplugPort

  /// A detector of a fix that is in a set of fixes.
  init(_ fix: UpstreamFixes, of fixes: UpstreamFixes) {
    with = HotplugPort(fixes: fixes)
    without = HotplugPort(fixes: fixes.subtracting(fix))
  }

  /// Whether a case shows the fix.
  func isShown(by image: MachineImage) -> Bool {
    with.answer(image).0 != without.answer(image).0
      && without.observe(image).compared(to: with.observe(image)).difference != nil
  }

  /// Whether a case of a universe that calls only the given functions shows the fix. The search ends at the
  /// first such case, or when its task is cancelled.
  func isShown(by universe: Universe, calling functions: Set<KernelFunction>) -> Bool {
    let operations = universe.operations(calling: functions)
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
