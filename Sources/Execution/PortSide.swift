// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel
import PageTables

extension HotplugPort {
  /// Loads a case, runs it, and digests what it did.
  func answer(_ image: MachineImage, words: Int = Pool.wordsPerPage) -> (CaseDigest, Ending) {
    load(image)
    let ending = run()
    return (digest(ending: ending, altmaps: image.altmaps.count, words: words), ending)
  }

  /// What the port did by the end of each call of a case, the first that does not come back included.
  public func steps(_ image: MachineImage) -> [Observation] {
    var steps: [Observation] = []
    var part = image
    for count in 1...max(1, image.operations.count) {
      part.operations = Array(image.operations.prefix(count))
      let observation = observe(part)
      steps.append(observation)
      if observation.ending.kind != EndingKind.finished.rawValue { break }
    }
    return steps
  }

  /// Runs a case and gives back everything that the port did.
  public func observe(_ image: MachineImage) -> Observation {
    load(image)
    return observation(run(), of: image)
  }

  /// Runs a case up to the event after so many and gives back the state there, without the events.
  func observe(_ image: MachineImage, stoppedAfter events: Int) -> Observation {
    load(image)
    limitEvents(to: events)
    var observation = observation(run(), of: image)
    observation.events = []
    return observation
  }

  /// Everything that the port did in the case that it ran last, which ended so.
  func observation(_ ending: Ending, of image: borrowing MachineImage) -> Observation {
    let tables = 0..<tableCount
    return Observation(
      ending: ending, events: withEvents { Array($0) },
      tables: tables.map { table in withTable(table) { Array($0) } },
      lives: tables.map { life(ofTable: $0) }, maxPFN: maxPFN, maxLowPFN: maxLowPFN,
      altmapAllocs: altmapAllocs, altmapAligns: altmapAligns, sections: sections)
  }
}
