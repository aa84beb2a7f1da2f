// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine

/// The option for commands that `git bisect run` runs.
struct BisectOptions: ParsableArguments {
  /// The status with which git skips a revision (git-bisect(1)).
  private static let cannotTell = ExitCode(125)

  @Flag(
    help: """
      For git bisect run: exit with 125, so that git skips the revision, where the subject \
      cannot be judged.
      """)
  var gitBisect = false

  /// Runs a command that judges a subject. With --git-bisect, a subject that cannot be judged gives status
  /// 125.
  func run(_ command: () async throws -> Void) async throws {
    do {
      try await command()
    } catch let error as Failure where gitBisect && error.status != .usage {
      Output.complain(error)
      throw Self.cannotTell
    } catch let code as ExitCode where gitBisect && code.rawValue == ExitStatus.incomplete.rawValue
    {
      throw Self.cannotTell
    }
  }
}
