// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Lab

/// What the machine lets this program have (`ulimit`), beside what a run needs. A machine that is too short is
/// refused before anything is begun: deep within a run, who cannot open a pipe or start a thread traps or
/// waits for ever.
enum MachineLimits {
  /// Descriptors of a run, and those of one more worker.
  private static let files = (run: UInt(48), worker: UInt(8))
  /// Address space of a run with one worker, and what one more takes: pools have fixed places and are large.
  private static let space = (run: UInt(2) << 30, worker: UInt(768) << 20)
  /// Seconds of processor time, the least in which something can be compiled and run.
  private static let seconds: UInt = 10
  /// Bytes of a file: a subject's shared object is smaller.
  private static let fileSize: UInt = 1 << 20
  /// Bytes of the first thread's stack.
  private static let stack: UInt = 512 << 10
  /// Threads beside one a core: of the signals, of processes and their pipes.
  private static let threads = 6

  /// Throws a line where the machine is too short for any run; takes what the hard limits leave.
  static func check() throws(PipelineError) {
    // Whoever cannot write a file is told by the write.
    signal(SIGXFSZ, SIG_IGN)
    raise(RLIMIT_NOFILE, to: 1 << 16)
    try check(RLIMIT_NOFILE, files.run, "\(files.run) open files", "-n")
    try check(RLIMIT_AS, space.run, "\(space.run >> 10) KiB of address space", "-v")
    try check(RLIMIT_DATA, space.run, "\(space.run >> 10) KiB of data", "-d")
    try check(RLIMIT_STACK, stack, "\(stack >> 10) KiB of stack", "-s")
    try check(RLIMIT_FSIZE, fileSize, "files of \(fileSize >> 10) KiB", "-f")
    try check(RLIMIT_CPU, seconds, "\(seconds) s of processor time", "-t")
    leaveTimeToSpeak()
    let threads = 2 * sysconf(Int32(_SC_NPROCESSORS_ONLN)) + threads
    guard canStart(threads) else {
      throw PipelineError(
        .incomplete,
        "this machine lets too few threads and processes be started (ulimit -u), "
          + "\(threads) are needed")
    }
  }

  /// As many workers at a time as were asked for, or as there is room for.
  static func jobs(_ wanted: Int) -> Int {
    let rooms = [
      room(RLIMIT_NOFILE, files.run, files.worker), room(RLIMIT_AS, space.run, space.worker),
      room(RLIMIT_DATA, space.run, space.worker),
    ]
    return max(1, min(wanted, rooms.min() ?? wanted))
  }

  /// How many workers fit into a limit; what a run needs has one in it.
  private static func room(
    _ resource: __rlimit_resource, _ run: UInt, _ worker: UInt
  ) -> Int {
    let limit = limits(resource).rlim_cur
    return limit < run ? 0 : 1 + Int((limit - run) / worker)
  }

  private static func check(
    _ resource: __rlimit_resource, _ need: UInt, _ what: String, _ option: String
  ) throws(PipelineError) {
    guard limits(resource).rlim_cur < need else { return }
    throw PipelineError(
      .incomplete,
      "this machine's limits are too low for a run (ulimit \(option)): "
        + "\(what) are needed")
  }

  private static func limits(_ resource: __rlimit_resource) -> rlimit {
    var limits = rlimit(rlim_cur: .max, rlim_max: .max)
    getrlimit(__rlimit_resource_t(resource.rawValue), &limits)
    return limits
  }

  private static func raise(_ resource: __rlimit_resource, to most: UInt) {
    var limits = limits(resource)
    guard limits.rlim_cur < min(most, limits.rlim_max) else { return }
    limits.rlim_cur = min(most, limits.rlim_max)
    setrlimit(__rlimit_resource_t(resource.rawValue), &limits)
  }

  /// Beyond the hard limit the kernel kills without a word; a second before, `Interruption` has one.
  private static func leaveTimeToSpeak() {
    var limits = limits(RLIMIT_CPU)
    guard limits.rlim_max < .max, limits.rlim_cur == limits.rlim_max else { return }
    limits.rlim_cur -= 1
    setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limits)
  }

  /// What the threads of `canStart` wait at.
  nonisolated(unsafe) private static var gate = pthread_mutex_t()

  /// Whether so many threads can be there at a time. The limit is for all that the user runs, so that
  /// nothing tells but the attempt.
  private static func canStart(_ count: Int) -> Bool {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 128 << 10)
    pthread_mutex_init(&gate, nil)
    pthread_mutex_lock(&gate)
    var started: [pthread_t] = []
    for _ in 0..<count {
      var thread = pthread_t()
      let code = pthread_create(
        &thread, &attributes,
        { _ in
          pthread_mutex_lock(&MachineLimits.gate)
          pthread_mutex_unlock(&MachineLimits.gate)
          return nil
        }, nil)
      guard code == 0 else { break }
      started.append(thread)
    }
    pthread_mutex_unlock(&gate)
    for thread in started { pthread_join(thread, nil) }
    return started.count == count
  }
}
