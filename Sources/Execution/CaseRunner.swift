// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import Glibc
import HotplugPort
import MachineModel
import PageTables

/// Runs one case after another on a compiled subject and on the sides it is held against, in this
/// process, and compares.
public final class CaseRunner {
  /// What a subject is held against.
  enum Reference {
    case port(HotplugPort)
    case subject(CSubject)
  }

  /// More events than any case of a subject that does not run away has.
  private static let eventsKeptOfFullTrace = 1 << 14

  let machine: CMachine
  let subject: CSubject
  let references: [Reference]

  /// A runner for a subject (a shared object's path, or nil for the embedded reference) against the
  /// port at each of some sets of fixes, and against another subject where one is given.
  public init(
    subjectPath: String?, fixes: [UpstreamFixes], otherPath: String? = nil, other: Bool = false,
    indexBits: UInt64, confinement: Confinement? = nil
  ) throws(ExecutionError) {
    machine = try CMachine()
    let subjects = try CSubject.load(
      paths: other ? [subjectPath, otherPath] : [subjectPath], indexBits: indexBits, on: machine,
      confinement: confinement)
    subject = subjects[0]
    references =
      fixes.map { .port(HotplugPort(fixes: $0)) } + subjects.dropFirst().map { .subject($0) }
  }

  /// The functions of the surface that the subject has.
  public var functions: [SurfaceFunction] { subject.functions }

  /// Runs a case on the subject and on every reference.
  public func check(_ image: MachineImage) -> CaseResult {
    machine.load(image)
    let ending = machine.run(image.operations, on: subject)
    var observed: Observation?
    let comparisons = references.map { reference in
      switch reference {
      case .port(let port):
        port.load(image)
        let portEnding = port.run()
        if observed == nil, ending == portEnding, isSame(as: port, altmaps: image.altmaps.count) {
          return ComparisonResult(
            difference: nil, rules: EquivalenceRule.rules(for: machine.spellings))
        }
        let mine = observed ?? observation(ending, image)
        observed = mine
        return mine.compared(to: port.observation(ending: portEnding, image))
      case .subject(let other):
        let mine = observed ?? observation(ending, image)
        observed = mine
        return mine.compared(to: run(other, image), toleratesExtraFlush: false)
      }
    }
    return CaseResult(comparisons: comparisons, ending: ending)
  }

  /// Runs a case and gives back what the subject and one of the references did.
  public func observe(
    _ image: MachineImage, reference: Int
  ) -> (subject: Observation, reference: Observation) {
    let mine = run(subject, image)
    switch references[reference] {
    case .port(let port):
      port.load(image)
      let ending = port.run()
      return (mine, port.observation(ending: ending, image))
    case .subject(let other):
      return (mine, run(other, image))
    }
  }

  private func run(_ subject: CSubject, _ image: MachineImage) -> Observation {
    machine.load(image)
    return observation(machine.run(image.operations, on: subject), image)
  }

  /// Whether the machine's state and trace equal the port's, byte by byte: the common case, without
  /// making values of either. `words` of each table's page are compared: all 512, or the entries
  /// alone, which is a hundredth of the work in small geometry.
  func isSame(as port: HotplugPort, altmaps: Int, words: Int = 512) -> Bool {
    guard machine.tableCount == port.tableCount, machine.maxPFN == port.maxPFN,
      machine.maxLowPFN == port.maxLowPFN
    else { return false }
    let sameEvents = machine.withEventBytes { mine in
      port.withEvents { theirs in Self.equal(mine, UnsafeRawBufferPointer(theirs)) }
    }
    guard sameEvents else { return false }
    for table in 0..<machine.tableCount {
      guard machine.life(ofTable: table) == port.life(ofTable: table) else { return false }
    }
    return hasSameWords(as: port, words: words)
      && (altmaps == 0 || machine.altmapAllocs(altmaps) == port.altmapAllocs)
  }

  /// Whether the first `words` words of every table's page equal the port's.
  func hasSameWords(as port: HotplugPort, words: Int) -> Bool {
    for table in 0..<machine.tableCount {
      let isSame = machine.withTableBytes(table, words: words) { mine in
        port.withTable(table) { theirs in
          Self.equal(mine, UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: theirs[..<words])))
        }
      }
      guard isSame else { return false }
    }
    return true
  }

  private static func equal(_ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer) -> Bool
  {
    guard left.count == right.count else { return false }
    guard let mine = left.baseAddress, let theirs = right.baseAddress else { return true }
    return memcmp(mine, theirs, left.count) == 0
  }

  func observation(_ ending: Ending, _ image: MachineImage) -> Observation {
    let tables = 0..<machine.tableCount
    // A trace that is full stops anywhere: its beginning says as much, and a million events less.
    let isFull = ending.kind == EndingKind.traceOverflow.rawValue
    return Observation(
      ending: ending,
      events: machine.withEventBytes { bytes in
        let events = bytes.bindMemory(to: Event.self)
        return Array(isFull ? events.prefix(Self.eventsKeptOfFullTrace) : events[...])
      },
      tables: tables.map { table in
        machine.withTableBytes(table) { Array($0.bindMemory(to: UInt64.self)) }
      },
      lives: tables.map { machine.life(ofTable: $0) }, maxPFN: machine.maxPFN,
      maxLowPFN: machine.maxLowPFN, altmapAllocs: machine.altmapAllocs(image.altmaps.count),
      spellings: machine.spellings)
  }
}

extension HotplugPort {
  /// What the port did since the image was loaded, as a value.
  func observation(ending: Ending, _ image: MachineImage) -> Observation {
    let tables = 0..<tableCount
    return Observation(
      ending: ending, events: withEvents { Array($0) },
      tables: tables.map { table in withTable(table) { Array($0) } },
      lives: tables.map { life(ofTable: $0) }, maxPFN: maxPFN, maxLowPFN: maxLowPFN,
      altmapAllocs: Array(altmapAllocs.prefix(image.altmaps.count)))
  }
}
