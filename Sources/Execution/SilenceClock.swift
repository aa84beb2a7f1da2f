// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc

/// Measures how long a process has had the chance to answer and has not.
///
/// Time on the wall says little on a busy machine: a worker that waits for a processor, or for a page
/// from the disk, is not silent. While it can run, its own CPU time counts; only while it sleeps or
/// is stopped does each look count in full. Looks are counted rather than the time between them,
/// because whoever looks may have waited for a processor too.
struct SilenceClock {
  /// How often the process is to be looked at.
  static let interval = Duration.milliseconds(50)

  private let process: pid_t
  private var used: Duration

  init(process: pid_t) {
    self.process = process
    used = Self.processorTime(of: process) ?? .zero
  }

  /// What this look adds to the silence.
  mutating func look() -> Duration {
    guard let now = Self.processorTime(of: process) else { return Self.interval }
    defer { used = now }
    return Self.isWaiting(process) ? now - used : Self.interval
  }

  /// The CPU time of all of the process's threads; nil when it is gone.
  private static func processorTime(of process: pid_t) -> Duration? {
    var clock = clockid_t()
    var time = timespec()
    guard clock_getcpuclockid(process, &clock) == 0, clock_gettime(clock, &time) == 0 else {
      return nil
    }
    return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
  }

  /// Whether the process runs, could run if there were a processor, or waits for a disk
  /// (proc_pid_stat(5): the state stands behind the name, which may hold anything).
  private static func isWaiting(_ process: pid_t) -> Bool {
    guard let status = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
      let nameEnd = status.lastIndex(of: UInt8(ascii: ")"))
    else { return false }
    let state = status[nameEnd...].dropFirst(2).first
    return state == UInt8(ascii: "R") || state == UInt8(ascii: "D")
  }
}
