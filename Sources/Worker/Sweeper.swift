// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

/// Runs parts of a universe on a subject: the worker's side of a sweep.
package final class Sweeper {
  /// Slow cases after which a part is cut short: more of the same costs time and says nothing new.
  private let enoughSlowCases = 3
  /// The same of cases that fault as no reference does: after each, the whole machine is looked through.
  private let enoughFaults = 256

  private let side: SubjectSide
  private var walk: SweepWalk
  private var digests: [CaseDigest] = []
  private var slowCases = 0
  private var faults = 0
  /// What the subject did in these: they are not run again to be shown.
  package private(set) var shown: [CaseReference: Observation] = [:]

  /// What is swept.
  package var universe: Universe { walk.universe }

  package init(_ side: SubjectSide, _ universe: Universe) {
    self.side = side
    walk = SweepWalk(universe)
  }

  /// The digest of every case of a part, in order; of fewer when too many are slow or fault.
  package func run(_ part: SweepPart) -> [CaseDigest] {
    digests.removeAll(keepingCapacity: true)
    slowCases = 0
    faults = 0
    shown.removeAll()
    _ = side.machine.hasStrays()
    for state in part.states {
      let before = digests.count
      var goesOn = runState(state, part, words: walk.wordsPerCase)
      if side.machine.hasStrays() || !side.machine.isClean(behind: walk.wordsPerCase) {
        // Something wrote behind the entries, unseen: again, looking at everything.
        digests.removeSubrange(before...)
        goesOn = runState(state, part, words: Pool.wordsPerPage)
      }
      if !goesOn { break }
    }
    return digests
  }

  private func runState(_ state: UInt64, _ part: SweepPart, words: Int) -> Bool {
    let side = side
    let isThorough = words > walk.wordsPerCase
    let machine = side.machine
    return walk.runState(state, of: part) { cursor in
      if isThorough { machine.scrub() }
      let ending = side.run(cursor.image)
      digests.append(side.digest(ending, of: cursor.image, words: words))
      if ending.isCostly(events: machine.eventCount) {
        slowCases += 1
        let place = part.place(digests.count - 1)
        shown[.universe(name: part.universe, place: place)] = side.observation(
          ending, of: cursor.image)
      }
      if ending.isOfCode { faults += 1 }
      return slowCases < enoughSlowCases && faults < enoughFaults
    }
  }
}

extension Ending {
  /// Events beyond which a case of a universe has run away, or another with so many more than the
  /// reference.
  static let longTrace = 2_000

  /// Whether a case that ended so after so many events took as long as thousands of others.
  package func isCostly(events: Int) -> Bool { isSlow || events > Self.longTrace }
}
