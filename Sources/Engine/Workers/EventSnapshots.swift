// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// The states of one side in a case, each as the side comes to an event.
///
/// Stores of words other than zero are no events, so states cannot be made from a trace: the case is
/// run again for each event, up to it. What the event itself does may be done by then or not.
public struct EventSnapshots: Sendable {
  /// The most events that are gone through one by one.
  public static let mostEvents = 1024
  /// The most pages that all states hold together: 128 MiB.
  private static let mostPages = 1 << 15

  /// Everything that the side did.
  public var whole: Observation
  /// Without events: one for each of the events of the whole, the first `mostEvents` at most.
  public var states: [Observation]

  /// How many of a case's events are gone through.
  static func count(for whole: Observation) -> Int {
    min(whole.events.count, mostEvents, max(16, mostPages / max(1, whole.tables.count)))
  }

  public init(whole: Observation, states: [Observation]) {
    self.whole = whole
    self.states = states
  }
}

extension Side {
  /// The side's states in a case.
  public func snapshots(_ image: MachineImage) -> EventSnapshots {
    let whole = observe(image)
    let count = EventSnapshots.count(for: whole)
    return EventSnapshots(
      whole: whole, states: (0..<count).map { observe(image, stoppedAfter: $0) })
  }
}

extension Supervisor {
  /// The subject's states in a case of which everything is known that it did; fewer than it has events
  /// where its worker dies on the way.
  func snapshots(
    of reference: CaseReference, whole: Observation
  ) async throws(ExecutionError) -> EventSnapshots {
    let count = EventSnapshots.count(for: whole)
    let stopped = (0..<count).map { CaseReference.stopped(reference, afterEvents: $0) }
    var states: [Observation] = []
    for state in try await observations(of: stopped) {
      guard let state else { break }
      states.append(state)
    }
    return EventSnapshots(whole: whole, states: states)
  }
}
