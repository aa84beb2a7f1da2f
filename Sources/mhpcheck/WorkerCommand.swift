// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine

/// `mhpcheck worker`: what the program starts itself as to run
/// cases of the embedded reference; not for people.
struct WorkerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "worker", shouldDisplay: false)

  @Argument var plan: String

  func run() throws {
    throw ExitCode(EmbeddedReference.work(planJSON: plan))
  }
}
