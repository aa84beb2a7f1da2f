// SPDX-License-Identifier: GPL-2.0-only

import Synchronization

/// Whether a run is to end early, with what is known by then. Set once, from anywhere.
public final class StopSignal: Sendable {
  private let flag = Atomic(false)

  /// A signal that is not set.
  public init() {}

  /// Whether the run is to end.
  public var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Ends the run: no more work is handed out, and what workers have in hand is given up.
  public func set() {
    flag.store(true, ordering: .relaxed)
    WorkerProcesses.killAll()
  }
}
