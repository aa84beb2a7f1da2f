// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine

/// Runs parts of a universe on a subject: the worker's side of a sweep.
package final class Sweeper {
  /// Slow cases after which a part is cut short, because more of them cost time and show nothing new.
  private let enoughSlowCases = 3
  /// The same for cases with a fault that no reference has, because the whole machine is checked after
  /// each.
  private let enoughFaults = 256

  private let side: SubjectSide
  private var walk: SweepWalk
  private var digests: [CaseDigest] = []
  private var slowCases = 0
  private var faults = 0
  /// Observations of slow cases, so that they need not run again to be shown.
  package private(set) var shown: [CaseReference: Observation] = [:]

  package var universe: Universe { walk.universe }

  package init(_ side: SubjectSide, _ universe: Universe) {
    self.side = side
    walk = SweepWalk(universe)
  }

  /// The digest of every case of a part, in order. There are fewer if too many cases are slow or fault.
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
        // A write behind the entries went unnoticed, so run the state again and compare all words.
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
    walk.setState(state)
    let image = walk.cursor.image
    let altmaps = image.altmaps.count
    machine.hold(image)
    var slowCases = slowCases
    var faults = faults
    var digests = digests
    self.digests = []
    defer {
      self.digests = digests
      self.slowCases = slowCases
      self.faults = faults
    }
    return walk.runCalls(of: part) { cursor in
      if isThorough { machine.scrub() }
      let ending = machine.run(cursor.call, on: side.subject)
      digests.append(machine.digest(ending, altmaps: altmaps, words: words))
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
  /// A case of a universe with more events than this, or another with this many more than the reference,
  /// has run away.
  static let longTrace = 2_000

  /// Whether a case with this ending and this number of events took as long as thousands of others.
  package func isCostly(events: Int) -> Bool { isSlow || events > Self.longTrace }
}
