// SPDX-License-Identifier: GPL-2.0-only

import Glibc
import Synchronization

/// The worker processes that run now, so that an interrupted program leaves none behind.
enum WorkerProcesses {
  private static let running = Mutex<Set<pid_t>>([])

  /// A worker that is gone is told by the write that fails, not by a signal that ends whoever writes.
  private static let ignoresBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

  static func insert(_ process: pid_t) {
    Self.ignoresBrokenPipes
    _ = running.withLock { $0.insert(process) }
  }

  static func remove(_ process: pid_t) { _ = running.withLock { $0.remove(process) } }

  /// Kills all of them. For a program that is about to end: whoever waits for one finds it dead.
  static func killAll() {
    running.withLock { processes in
      for process in processes { kill(process, SIGKILL) }
    }
  }
}
