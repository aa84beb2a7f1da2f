// SPDX-License-Identifier: GPL-2.0-only

import Glibc

/// The time of three ways of running the same cases, in nanoseconds of this thread's CPU time.
struct Timing: Equatable {
  /// Loading and running in C.
  var subject: UInt64 = 0
  /// Loading and running in Swift.
  var port: UInt64 = 0
  /// Both, with complete observation and comparison.
  var checked: UInt64 = 0

  /// Times three ways of doing the same, in turn, round after round, and keeps the shortest time of each,
  /// because other load on the machine can only lengthen one. A round before the first is not timed.
  static func shortest(
    rounds: Int, subject: () -> Void, port: () -> Void, checked: () -> Void
  ) -> Timing {
    subject()
    port()
    checked()
    var best = Timing(subject: .max, port: .max, checked: .max)
    for _ in 0..<rounds {
      best.subject = min(best.subject, nanoseconds(subject))
      best.port = min(best.port, nanoseconds(port))
      best.checked = min(best.checked, nanoseconds(checked))
    }
    return best
  }

  static func += (sum: inout Timing, other: Timing) {
    sum.subject += other.subject
    sum.port += other.port
    sum.checked += other.checked
  }

  private static func nanoseconds(_ body: () -> Void) -> UInt64 {
    let start = now()
    body()
    return now() - start
  }

  private static func now() -> UInt64 {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
  }
}
