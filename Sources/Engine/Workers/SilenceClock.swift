// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc

/// Measures the time in which a process could have answered and did not.
///
/// Wall-clock time says little on a busy machine: a worker that waits for a processor, or for a page from the
/// disk, is not silent. While it can run, its own CPU time counts; only while it sleeps does each look count
/// in full. The clock counts looks and not the time between them, because the task that looks may have waited
/// for a processor, too.
///
/// A subject cannot stop its worker. If a worker is stopped, another process did that: this is not silence,
/// and the clock makes the worker continue.
struct SilenceClock {
  /// The interval between two looks.
  static let interval = Duration.milliseconds(50)

  private let process: pid_t
  private var used: Duration

  init(process: pid_t) {
    self.process = process
    used = Self.processorTime(of: process) ?? .zero
  }

  /// The silence that this look adds.
  mutating func look() -> Duration {
    guard let now = Self.processorTime(of: process) else { return Self.interval }
    defer { used = now }
    switch Self.state(of: process) {
    // Time that a hypervisor gave to another machine counts as the process's own.
    case UInt8(ascii: "R"), UInt8(ascii: "D"): return min(now - used, Self.interval * 2)
    case UInt8(ascii: "T"), UInt8(ascii: "t"):
      kill(process, SIGCONT)
      return .zero
    default: return Self.interval
    }
  }

  /// Whether a process has ended; it may still be a zombie.
  static func isGone(_ process: pid_t) -> Bool {
    state(of: process).map { $0 == UInt8(ascii: "Z") || $0 == UInt8(ascii: "X") } ?? true
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

  /// The state of the process: runs or can run (R), waits for a disk (D), is stopped (T, t), sleeps
  /// (proc_pid_stat(5): the letter is behind the name, which may hold any character).
  private static func state(of process: pid_t) -> UInt8? {
    guard let status = FileManager.default.contents(atPath: "/proc/\(process)/stat"),
      let nameEnd = status.lastIndex(of: UInt8(ascii: ")"))
    else { return nil }
    return status[nameEnd...].dropFirst(2).first
  }
}
