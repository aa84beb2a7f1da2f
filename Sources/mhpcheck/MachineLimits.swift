// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Glibc
import Lab
import Machine

/// The machine's limits (`ulimit`), compared with the needs of a run. The program refuses a machine with too
/// low limits before it begins: inside a run, a failure to open a pipe or to start a thread causes a trap or
/// a hang.
enum MachineLimits {
  /// The file descriptors of a run with one worker, and those of each further worker.
  private static let files = (run: UInt(48), worker: UInt(8))
  /// The address space of a run with one worker, and that of each further worker, in bytes. Pools are large
  /// and have fixed addresses.
  private static let space = (run: UInt(2) << 30, worker: UInt(768) << 20)
  /// The least processor time to compile and run something, in seconds.
  private static let seconds: UInt = 10
  /// The necessary file size, in bytes; a subject's shared object is smaller.
  private static let fileSize: UInt = 1 << 20
  /// The necessary stack of the first thread, in bytes.
  private static let stack: UInt = 512 << 10
  /// The threads besides two per core: for signals, processes and their pipes.
  private static let threads = 6

  /// Throws a one-line error if the limits are too low for any run. Raises the limit on open files as far as
  /// the hard limit allows.
  static func check() throws(Failure) {
    // With the signal ignored, a write beyond the file-size limit fails with an error.
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
      throw Failure(
        .incomplete,
        "this machine lets too few threads and processes be started (ulimit -u), "
          + "\(threads) are needed")
    }
  }

  /// The requested number of parallel workers, or the largest that the limits allow; at least 1.
  static func jobs(_ wanted: Int) -> Int {
    let rooms = [
      room(RLIMIT_NOFILE, files.run, files.worker), room(RLIMIT_AS, space.run, space.worker),
      room(RLIMIT_DATA, space.run, space.worker),
    ]
    return max(1, min(wanted, rooms.min() ?? wanted))
  }

  /// The number of workers that fit into a limit. The need of a run includes one worker.
  private static func room(
    _ resource: __rlimit_resource, _ run: UInt, _ worker: UInt
  ) -> Int {
    let limit = limits(resource).rlim_cur
    return limit < run ? 0 : 1 + Int((limit - run) / worker)
  }

  private static func check(
    _ resource: __rlimit_resource, _ need: UInt, _ what: String, _ option: String
  ) throws(Failure) {
    guard limits(resource).rlim_cur < need else { return }
    throw Failure(
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

  /// Lowers the soft limit to one second below the hard limit, where the kernel kills without a message. At
  /// the soft limit, `Interruption` can print one.
  private static func leaveTimeToSpeak() {
    var limits = limits(RLIMIT_CPU)
    guard limits.rlim_max < .max, limits.rlim_cur == limits.rlim_max else { return }
    limits.rlim_cur -= 1
    setrlimit(__rlimit_resource_t(RLIMIT_CPU.rawValue), &limits)
  }

  /// The mutex at which the threads of `canStart` wait.
  nonisolated(unsafe) private static var gate = pthread_mutex_t()

  /// Whether `count` threads can exist at the same time. The limit covers all processes of the user, so only
  /// an attempt can show it.
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
