// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import FoundationEssentials
import Glibc
import Lab
import Machine
import Subjects

/// `mhpcheck sweep`: cleans up after an interrupted program; an internal command.
///
/// A program whose threads start compilers and create folders cannot clean up while they run. `execv` ends
/// all threads at once. The child processes remain its children, and nothing starts processes or creates
/// folders any more.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "sweep", shouldDisplay: false)

  /// The time limit for processes to exit.
  private static let limit = Duration.seconds(3)

  /// The children that another program started before it became this one by exec.
  @Option var spare: [Int32] = []

  @Option var message: String

  @Argument var paths: [String] = []

  func run() throws {
    Self.sweep(paths, sparing: Set(spare))
    throw Failure(.incomplete, message)
  }

  private static func sweep(_ paths: [String], sparing spared: Set<pid_t>) {
    ChildProcesses.killAll(except: spared, within: limit)
    for path in paths where TemporaryPlaces.isOne(path) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Ends the program with a message, kills its child processes, and removes its temporary files.
  static func become(sparing spared: Set<pid_t>, message: String) -> Never {
    // A further signal would interrupt the cleanup.
    for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] { signal(number, SIG_IGN) }
    TemporaryPlaces.withAll { paths in
      let words =
        ["mhpcheck", "sweep", "--message", message] + spared.flatMap { ["--spare", "\($0)"] }
        + ["--"] + paths
      var arguments = words.map { strdup($0) }
      arguments.append(nil)
      execv("/proc/self/exe", &arguments)
      // `execv` failed: there is no /proc, or too little memory.
      sweep(paths, sparing: spared)
    }
    Output.complain(message)
    _exit(ExitStatus.incomplete.rawValue)
  }
}
