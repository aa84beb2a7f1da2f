// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Synchronization

/// The reaction to an interruption by the user, or to the end of the processor time. A run that listens is
/// stopped, and gets 900 ms to report its results. Then, at a second signal, or without such a run, the
/// program kills its child processes, removes its temporary files, prints one line, and exits with the status
/// of a run without a verdict.
///
/// A signal handler may do almost nothing, so it passes the signal to a thread through a pipe.
/// Child processes do not inherit handlers, but they would inherit blocked signals.
enum Interruption {
  /// The pipe's write end. It is set once, before the handlers.
  nonisolated(unsafe) private static var bell: Int32 = -1

  /// The time for a stopped run to report its results, in milliseconds.
  private static let grace: Int32 = 900

  private static let running = Mutex<StopSignal?>(nil)

  private static let timeIsUp =
    "the processor time that this machine allows is used up (ulimit -t)"

  /// The child processes that a shell started before it became this program by exec.
  private static let inherited = Mutex<Set<pid_t>>([])

  /// Makes interruptions set this stop signal from now on.
  static func stops(_ signal: StopSignal) { running.withLock { $0 = signal } }

  /// The value of `SIG_IGN`, because Swift cannot compare functions.
  private static let ignored = 1

  /// Installs the handlers. Call it once, before the program starts any process.
  static func watch() {
    let children = ChildProcesses.ofThread
    inherited.withLock { $0 = children }
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    bell = ends[1]
    let listener = UnsafeMutableRawPointer(bitPattern: Int(ends[0]) + 1)
    var thread = pthread_t()
    let started = pthread_create(
      &thread, nil,
      { argument in
        Interruption.listen(on: Int32(Int(bitPattern: argument) - 1))
        return nil
      }, listener)
    guard started == 0 else { return }
    for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] {
      // A parent that ignores the signal (nohup) wants it to remain ignored.
      let before = signal(number) { Interruption.ring($0) }
      if unsafeBitCast(before, to: Int.self) == ignored { signal(number, SIG_IGN) }
    }
  }

  private static func ring(_ number: Int32) {
    let before = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = Glibc.write(bell, &byte, 1)
    errno = before
  }

  private static func listen(on descriptor: Int32) {
    var byte: UInt8 = 0
    while read(descriptor, &byte, 1) != 1 {
      if errno != EINTR { return }
    }
    let isTimeUp = Int32(byte) == SIGXCPU
    if let stop = running.withLock({ $0 }) {
      if isTimeUp { Output.complain("\(timeIsUp); the run is stopped") }
      stop.set()
      var bell = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      while poll(&bell, 1, grace) < 0, errno == EINTR {}
    }
    StepTerminal.leave()
    Output.endProgress()
    SweepCommand.become(
      sparing: inherited.withLock { $0 },
      message: "\(isTimeUp ? timeIsUp : "interrupted"); there is no verdict")
  }
}
