// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import FoundationEssentials
import Glibc
import Lab
import Subjects

/// `mhpcheck sweep`: what an interrupted program becomes; not for people.
///
/// A program that starts compilers and makes folders in many threads cannot clear up after itself while
/// they go on. Becoming another program ends all of them at once; its children stay its children, and
/// nothing starts or makes anything any more.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "sweep", shouldDisplay: false)

  /// How long processes may take to die.
  private static let limit = Duration.seconds(3)

  /// Children that somebody else started before the program was this one.
  @Option var spare: [Int32] = []

  @Option var message: String

  @Argument var paths: [String] = []

  func run() throws {
    Self.sweep(paths, sparing: Set(spare))
    throw PipelineError(.incomplete, message)
  }

  private static func sweep(_ paths: [String], sparing spared: Set<pid_t>) {
    ChildProcesses.killAll(except: spared, within: limit)
    for path in paths where TemporaryPlaces.isOne(path) {
      try? FileManager.default.removeItem(atPath: path)
    }
  }

  /// Ends the program with a line, and with it all that it has started and made.
  static func become(sparing spared: Set<pid_t>, message: String) -> Never {
    // Whoever insists would have something left.
    for number in [SIGINT, SIGTERM, SIGHUP, SIGXCPU] { signal(number, SIG_IGN) }
    TemporaryPlaces.withAll { paths in
      let words =
        ["mhpcheck", "sweep", "--message", message] + spared.flatMap { ["--spare", "\($0)"] }
        + ["--"] + paths
      var arguments = words.map { strdup($0) }
      arguments.append(nil)
      execv("/proc/self/exe", &arguments)
      // A machine without /proc, or without room for it.
      sweep(paths, sparing: spared)
    }
    Output.complain(message)
    _exit(ExitStatus.incomplete.rawValue)
  }
}
