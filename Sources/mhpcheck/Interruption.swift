// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Synchronization

/// What happens when the user stops the program, or its processor time is used up: a run that can be stopped
/// is, and has most of a second to say what it knows; else, or when the user insists, all that the program
/// started and made goes, one line says so, and the status is that of a run without a verdict.
///
/// A signal handler may do next to nothing, so it hands the signal to a thread through a pipe.
/// Handlers, unlike blocked signals, do not reach the processes that the program starts.
enum Interruption {
  /// The pipe's write end; set once, before the handlers are.
  nonisolated(unsafe) private static var bell: Int32 = -1

  /// How long a stopped run may take to say what it knows, in milliseconds.
  private static let grace: Int32 = 900

  private static let running = Mutex<StopSignal?>(nil)

  private static let timeIsUp =
    "the processor time that this machine allows is used up (ulimit -t)"

  /// What a shell had started before it became this program.
  private static let inherited = Mutex<Set<pid_t>>([])

  /// From now on the user stops the run that listens to this signal.
  static func stops(_ signal: StopSignal) { running.withLock { $0 = signal } }

  /// `SIG_IGN`, which is no function that could be compared with one.
  private static let ignored = 1

  /// Installs the handlers; to be called once, before anything is started.
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
      // Whoever started the program with the signal ignored (nohup) wants it so.
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
