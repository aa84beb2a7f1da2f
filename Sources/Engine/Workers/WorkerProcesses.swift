// SPDX-License-Identifier: GPL-2.0-only

import Glibc
import Synchronization

/// The worker processes that run now. An interrupted program kills them, so that none remains.
enum WorkerProcesses {
  private static let running = Mutex<Set<pid_t>>([])

  /// A failed write reports that a worker is gone; a SIGPIPE would end the writer.
  private static let ignoresBrokenPipes: Void = { signal(SIGPIPE, SIG_IGN) }()

  static func insert(_ process: pid_t) {
    Self.ignoresBrokenPipes
    _ = running.withLock { $0.insert(process) }
  }

  static func remove(_ process: pid_t) { _ = running.withLock { $0.remove(process) } }

  /// Kills all workers of a program that is about to end. A task that waits for a worker finds it dead.
  static func killAll() {
    running.withLock { processes in
      for process in processes { kill(process, SIGKILL) }
    }
  }
}
