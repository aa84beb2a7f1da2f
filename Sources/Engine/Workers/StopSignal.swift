// SPDX-License-Identifier: GPL-2.0-only

import Synchronization

/// Ends a run early, with its results so far. Any thread may set it, once.
public final class StopSignal: Sendable {
  private let flag = Atomic(false)

  public init() {}

  /// Whether the run is to end.
  public var isSet: Bool { flag.load(ordering: .relaxed) }

  /// Ends the run: no more work is handed out, and all workers are killed.
  public func set() {
    flag.store(true, ordering: .relaxed)
    WorkerProcesses.killAll()
  }
}
