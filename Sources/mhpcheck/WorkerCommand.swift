// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine

/// `mhpcheck worker`: runs cases of the embedded reference. The program starts itself with it; an internal
/// command.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

  @Argument var plan: String

  func run() throws {
    throw ExitCode(EmbeddedReference.work(planJSON: plan))
  }
}
