// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Reports
import Subjects

/// The configuration for which a subject is compiled. The compiler gets these arguments, so the command
/// refuses everything that the compiler could take for an option or a file of options.
struct ConfigurationArguments: ParsableArguments {
  @Option(
    name: [.customShort("D"), .customLong("define")], parsing: .singleValue,
    help: ArgumentHelp("Define a configuration symbol.", valueName: "name[=value]"))
  var defines: [String] = []

  @Option(
    name: [.customShort("U"), .customLong("undefine")], parsing: .singleValue,
    help: ArgumentHelp("Leave a configuration symbol undefined.", valueName: "name"))
  var undefines: [String] = []

  mutating func validate() throws {
    if let word = defines.first(where: { !KernelConfiguration.isDefinition($0) }) {
      throw ValidationError(
        "-D \(SafeText.line(word)) defines nothing; write NAME, NAME=VALUE or NAME(PARAMETERS)=VALUE"
      )
    }
    if let word = undefines.first(where: { !KernelConfiguration.isName($0[...]) }) {
      throw ValidationError("-U \(SafeText.line(word)) names nothing; write NAME")
    }
  }
}
