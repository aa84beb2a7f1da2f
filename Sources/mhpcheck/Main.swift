// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser

@main
struct Mhpcheck: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "mhpcheck")
}
