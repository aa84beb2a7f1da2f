// SPDX-License-Identifier: GPL-2.0-only

import Glibc
import Machine

/// A command that both programs of a comparison run.
struct TimedCommand: Hashable, Sendable {
  /// The arguments. A file that they name lies in the folder where the command runs.
  var arguments: [String]
  /// The exit status of a run that does its work.
  var status = ExitStatus.conforms
  /// Whether it prints the times of cases. Those count then, and its own time does not.
  var isBench = false

  /// The arguments in one line.
  var text: String { arguments.joined(separator: " ") }

  /// The commands of a comparison. Every build of the program has to know them.
  static func all(_ plan: ComparisonRun.Plan) -> [TimedCommand] {
    let modes = plan.modes == Architecture.riscv.modes ? [] : ["--mode"] + plan.modes.map(\.name)
    let smoke = ["--depth", "smoke"] + modes
    var commands = [TimedCommand(arguments: ["check", "builtin"] + smoke)]
    if !plan.isQuick { commands.append(TimedCommand(arguments: ["check", "builtin"] + modes)) }
    commands.append(TimedCommand(arguments: ["check", WrongText.name] + smoke, status: .differs))
    commands.append(
      TimedCommand(arguments: ["bench", "--quick", "--json", "-"] + modes, isBench: true))
    return commands
  }
}

/// A run of a command.
struct TimedRun: Sendable {
  /// The processor time of the run and of all processes that it started, in seconds.
  var processor: Double
  /// The time from its start to its end, in seconds.
  var wall: Double
  /// Its standard output.
  var output: [UInt8]
}

/// The processor time of all processes that this one has waited for, with those that they have waited for.
///
/// A comparison runs one command at a time, so the difference over a run is the time of that run.
enum ChildTime {
  /// The time so far, in seconds.
  static var now: Double {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_CHILDREN.rawValue), &usage)
    return seconds(usage.ru_utime) + seconds(usage.ru_stime)
  }

  private static func seconds(_ time: timeval) -> Double {
    Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000
  }
}
