// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// The states of one side in a case, one at each event.
///
/// Stores of words other than zero have no events, so a trace is not enough to compute the states: the case
/// runs again for each event, up to that event. A state may be from before or after the effect of its event.
public struct EventSnapshots: Sendable {
  /// The maximum number of events that have a state.
  public static let mostEvents = 1024
  /// The maximum number of pages in all states together: 128 MiB.
  private static let mostPages = 1 << 15

  /// The observation of the whole case.
  public var whole: Observation
  /// One state, without events, for each of the first events of `whole`; at most `mostEvents`.
  public var states: [Observation]

  /// The number of events of a case that get a state.
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
  /// The subject's states in a case whose observation is `whole`. There are fewer states than events if the
  /// worker dies on the way.
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
