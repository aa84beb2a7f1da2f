// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Subprocess
import TestSupport
import Testing

/// Ends programs with a signal while compilers, unpackers and workers run.
@Suite("A program that is told to end", .timeLimit(.minutes(10)))
struct SignalAttacks {
  /// A run to interrupt: its name, and the arguments of the program; `{}` is the folder.
  private struct Victim {
    var name: String
    var words: [String]
  }

  private static let victims = [
    Victim(name: "cases", words: ["check", "builtin", "--mode", "sv39", "--only", "universes"]),
    Victim(name: "compilers", words: ["check", "{}/s.c", "--cc", "{}/slow-cc"]),
    Victim(name: "marks", words: ["mutate", "{}/s.c", "--mode", "sv39", "--depth", "smoke"]),
    Victim(name: "unpackers", words: ["check", "{}/x.tar.xz"]),
    Victim(name: "a bundle", words: ["check", "{}/x.bundle", "--depth", "smoke"]),
  ]

  /// An interruption: its number, the signal, and the delay from the start of a victim's run, in
  /// milliseconds.
  struct Moment: Sendable, CustomTestStringConvertible {
    let number: Int
    let signal: Int32
    let delay: Int
    var testDescription: String { "\(number): signal \(signal) after \(delay) ms" }
  }

  /// Twenty random interruptions, the same in every run of the test.
  static let moments: [Moment] = {
    var state: UInt64 = 0x5eed
    return (0..<20).map { number in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Moment(
        number: number, signal: number % 4 == 3 ? SIGHUP : SIGTERM,
        delay: 20 + Int(state >> 33) % 1000)
    }
  }()

  /// Makes slow programs in PATH, as slow disks and large files would make them; a word in the command line
  /// identifies their children.
  private func prepare(_ scratch: PrivateFolder) async throws {
    try scratch.write("s.c", try VariantFiles.reference())
    // A compiler that ignores signals, with a child process of its own.
    try scratch.script(
      "slow-cc",
      "trap '' TERM HUP\nsleep 300.\(scratch.word) &\nsleep 0.1\nclang \"$@\"\ns=$?\nkill -9 $!\nexit $s"
    )
    try scratch.write("linux/\(KernelSource.mainPath)", try VariantFiles.reference())
    try await scratch.run("tar", ["-cJf", "x.tar.xz", "linux"])
    try scratch.script(
      "bin/xz",
      "trap '' TERM\nsleep 300.\(scratch.word) &\nsleep 0.2\n/usr/bin/xz \"$@\"\ns=$?\nkill -9 $!\nexit $s"
    )
    try await scratch.run("git", ["init", "-q", "linux"])
    try await scratch.run("git", ["-C", "linux", "add", "."])
    try await scratch.run("git", ["-C", "linux", "commit", "-qm", "riscv: mm: x"])
    try await scratch.run("git", ["-C", "linux", "bundle", "create", "-q", "../x.bundle", "HEAD"])
    _ = try scratch.folder("tmp")
  }

  @Test("leaves no process and no folder behind", arguments: moments)
  func leavesNothing(moment: Moment) async throws {
    let scratch = try PrivateFolder()
    try await prepare(scratch)
    let victim = Self.victims[moment.number % Self.victims.count]
    let place = "\(moment.testDescription), \(victim.name)"
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    let words = victim.words.map { $0.replacing("{}", with: scratch.path) }
    let status = try await ProgramThrottle.shared.hold {
      try await Subprocess.run(
        .path(.init(try VariantProgram.path())), arguments: Arguments(words),
        environment: .inherit.updating([
          "TMPDIR": .some(scratch.file("tmp")), "PATH": .some("\(scratch.file("bin")):\(path)"),
        ]), input: .none, output: .discarded, error: .discarded
      ) { process in
        try await Task.sleep(for: .milliseconds(moment.delay))
        try? process.send(signal: moment.signal == SIGHUP ? .terminalClosed : .terminate)
      }
    }.terminationStatus
    // The program may have ended before, or not have begun to handle signals.
    #expect(
      [.exited(4), .exited(0), .exited(1), .signaled(moment.signal)].contains(status),
      "\(place): \(status)")
    let processes = Self.processes(with: [scratch.path, scratch.word])
    #expect(processes.isEmpty, "\(place): still there: \(processes)")
    try await Task.sleep(for: .milliseconds(100))
    let left = try FileManager.default.contentsOfDirectory(atPath: scratch.file("tmp"))
    #expect(left.isEmpty, "\(place): left behind: \(left)")
  }

  @Test("does not kill what the shell had started before it became the program")
  func leavesOthers() async throws {
    let scratch = try PrivateFolder()
    let program = try VariantProgram.path()
    let outcome = try await Program.start(
      "bash",
      [
        "-c",
        """
        bash -c 'sleep 30 & echo $! > other; exec "$0" check builtin --only universes' "$0" >/dev/null 2>&1 &
        sleep 0.7; kill -TERM $!; wait $!; echo $?; kill -0 $(cat other) && kill $(cat other)
        """, program,
      ], folder: scratch.path)
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    #expect(outcome.output == "4\n", "\(outcome.testDescription)")
  }

  @Test("resumes a worker that somebody stopped, and blames nobody")
  func stoppedWorker() async throws {
    let scratch = try PrivateFolder()
    let outcome = try await Program.start(
      "bash",
      [
        "-c",
        """
        "$0" check builtin --mode sv39 --only universes --quiet --jobs 2 & p=$!
        for i in 1 2 3 4 5 6; do
          sleep 0.2
          for c in $(cat /proc/$p/task/*/children 2>/dev/null); do kill -STOP $c 2>/dev/null; done
        done
        wait $p
        """, try VariantProgram.path(),
      ], folder: scratch.path)
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    #expect(outcome.output.hasPrefix("conforms"), "\(outcome.testDescription)")
  }

  /// The command lines of all processes that contain one of the words.
  private static func processes(with words: [String]) -> [String] {
    let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return all.filter { Int($0) != nil }.compactMap { process in
      guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/cmdline") else {
        return nil
      }
      let line = String(decoding: bytes, as: UTF8.self).replacing("\0", with: " ")
      return words.contains(where: line.contains) ? line : nil
    }
  }
}

extension PrivateFolder {
  /// A number that identifies this folder.
  fileprivate var word: String {
    String(path.utf8.reduce(UInt64(5381)) { $0 &* 33 &+ UInt64($1) } % 1_000_000_000)
  }
}
