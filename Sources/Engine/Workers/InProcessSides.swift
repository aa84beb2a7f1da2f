// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Cases
import Machine
import Port
import Worker

/// The embedded reference and the port in this process, without a worker: for measuring the cost of each
/// alone, and of a case that runs on both and is compared. Use one instance per process, on one thread.
public final class InProcessSides {
  /// The time limit of a measured operation; the largest takes a fifth of a second.
  private static let limitInMilliseconds: UInt32 = 10_000

  private let side: SubjectSide
  private let port: HotplugPort
  private let cases: CaseChecker
  private let sweeps = SweepChecker(fixes: .latest)
  private var sweeper: Sweeper?
  private var walk: SweepWalk?

  /// Both sides, at an index width that the reference is compiled for.
  public init(indexBits: UInt64) throws(ExecutionError) {
    mhp_guard_set_limit(Self.limitInMilliseconds)
    side = try SubjectSide(try EmbeddedReference.subject(indexBits: indexBits))
    port = HotplugPort(fixes: .latest)
    cases = CaseChecker(fixes: [.latest], asksOracle: false)
  }

  /// Whether the reference has all functions that a case calls.
  public func hasFunctions(of scenario: Scenario) -> Bool {
    scenario.operations.allSatisfy { side.functions.contains($0.function) }
  }

  /// Loads a case and runs it in C; nothing else.
  @discardableResult public func runSubject(_ image: MachineImage) -> Ending { side.run(image) }

  /// Loads a case and runs it in Swift; nothing else.
  @discardableResult public func runPort(_ image: MachineImage) -> Ending { port.run(image) }

  /// The digest of the last case that ran in C.
  public func digestSubject(_ ending: Ending, _ image: MachineImage) -> CaseDigest {
    side.digest(ending, of: image, words: Pool.wordsPerPage)
  }

  /// Runs a case on both sides and compares them, as a check does for a case without a difference. Returns
  /// whether there is none.
  public func check(_ image: MachineImage) -> Bool {
    cases.result(of: image, answered: side.shortAnswer(image).answer) != nil
  }

  /// Runs every case of a part of a universe in C, like `runSubject(_:)`.
  public func runSubject(_ part: SweepPart, of universe: Universe) {
    run(part, of: universe, on: side)
  }

  /// Runs every case of a part of a universe in Swift, like `runPort(_:)`.
  public func runPort(_ part: SweepPart, of universe: Universe) {
    run(part, of: universe, on: port)
  }

  /// Runs every case of a part of a universe on both sides and compares: first the worker's part, then the
  /// supervisor's. Returns the number of cases that agree.
  public func check(_ part: SweepPart, of universe: Universe) -> Int {
    let sweeper = self.sweeper?.universe == universe ? self.sweeper : nil
    let current = sweeper ?? Sweeper(side, universe)
    self.sweeper = current
    let digests = current.run(part)
    return digests.count - sweeps.mismatches(part, universe, digests).count
  }

  private func run(_ part: SweepPart, of universe: Universe, on side: some Side) {
    var current = SweepWalk.taken(from: &walk, for: universe)
    for state in part.states {
      _ = current.runState(state, of: part) { cursor in
        side.run(cursor.image)
        return true
      }
    }
    walk = current
  }
}
