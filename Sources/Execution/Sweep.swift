// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import HotplugPort
import MachineModel
import PageTables
import Scenarios

/// A part of a universe: every case of these states.
public struct SweepPart: Hashable, Sendable, Codable {
  /// The universe's name.
  public var universe: String
  /// Which of its states.
  public var states: Range<UInt64>

  /// Memberwise.
  public init(universe: String, states: Range<UInt64>) {
    self.universe = universe
    self.states = states
  }
}

/// What a run through a part of a universe found.
public struct SweepResult: Hashable, Sendable, Codable {
  /// Cases run.
  public var cases: UInt64 = 0
  /// Cases that differ.
  public var differing: UInt64 = 0
  /// The first cases that differ, a few of each kind and operation.
  public var examples: [UniverseCase] = []
  /// Whether it ended early, because enough cases differed to know the verdict.
  public var isCutShort = false

  /// An empty result.
  public init() {}

  /// Adds what another part found.
  public mutating func add(_ other: SweepResult) {
    cases += other.cases
    differing += other.differing
    examples += other.examples
    isCutShort = isCutShort || other.isCutShort
  }
}

/// Runs the states of universes on a runner's subject and on its first reference, a port.
final class Sweeper {
  /// Examples kept of each kind of difference and operation.
  private let examplesPerKind = 3
  /// Differing cases, and hangs among them, after which a part is cut short: more of the same costs
  /// time and says nothing new.
  private let enough = (differing: UInt64(500), hangs: 3)
  /// Words of a page that are compared in every case: the entries and the neighbourhood that the
  /// machine rewrites at every load. The rest of each page is compared once a state.
  private let wordsPerCase = 16

  private let runner: CaseRunner
  private let port: HotplugPort
  private var cursor: UniverseCursor
  private let operations: [Int]
  private var kept: [String: Int] = [:]
  private var hangs = 0

  /// What is swept.
  var universe: Universe { cursor.universe }

  /// Nil when the runner's first reference is no port.
  init?(_ runner: CaseRunner, _ universe: Universe) {
    guard case .port(let port)? = runner.references.first else { return nil }
    self.runner = runner
    self.port = port
    cursor = UniverseCursor(universe)
    let present = Set(runner.functions)
    operations = universe.operations.indices.filter {
      present.contains(universe.operations[$0].function)
    }
  }

  /// Runs every case of some states.
  func run(_ states: Range<UInt64>) -> SweepResult {
    var result = SweepResult()
    hangs = 0
    kept.removeAll(keepingCapacity: true)
    for state in states {
      let before = result
      runState(state, words: wordsPerCase, into: &result)
      if !runner.hasSameWords(as: port, words: Pool.wordsPerPage) {
        // Something wrote behind the entries, unseen: again, looking at everything.
        result = before
        runState(state, words: Pool.wordsPerPage, into: &result)
      }
      if result.differing >= enough.differing || hangs >= enough.hangs {
        result.isCutShort = state + 1 < states.upperBound
        break
      }
    }
    return result
  }

  private func runState(_ state: UInt64, words: Int, into result: inout SweepResult) {
    let machine = runner.machine
    cursor.setState(state)
    for operation in operations {
      for range in 0..<cursor.universe.rangeCount {
        cursor.setCall(operation, range: range)
        if words > wordsPerCase { machine.scrub() }
        machine.load(cursor.image)
        let ending = machine.run(cursor.image.operations, on: runner.subject)
        port.load(cursor.image)
        let portEnding = port.run()
        result.cases += 1
        if ending == portEnding,
          runner.isSame(as: port, altmaps: cursor.image.altmaps.count, words: words)
        {
          continue
        }
        note(
          UniverseCase(state: state, operation: operation, range: range), ending, portEnding,
          &result)
      }
    }
  }

  /// The slow path: the sides are not the same byte by byte.
  private func note(
    _ place: UniverseCase, _ ending: Ending, _ portEnding: Ending, _ result: inout SweepResult
  ) {
    let comparison = runner.observation(ending, cursor.image)
      .compared(to: port.observation(ending: portEnding, cursor.image))
    guard let difference = comparison.difference else { return }
    result.differing += 1
    if ending.kind == EndingKind.hang.rawValue { hangs += 1 }
    let kind = "\(place.operation) \(difference.signature)"
    guard kept[kind, default: 0] < examplesPerKind else { return }
    kept[kind, default: 0] += 1
    result.examples.append(place)
  }
}
