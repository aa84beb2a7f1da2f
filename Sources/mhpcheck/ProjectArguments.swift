// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Machine
import Reports

/// The option for the file of options that belongs to a kernel's folder.
struct ProjectArguments: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: """
      Use what .mhpcheck.yaml sets, in the folder of the subject or above it: define, undefine, mode, expect.
      """)
  var config = true

  /// The file for a subject; nil if there is none. It says that the file is used.
  func file(for subject: String) throws(Failure) -> ProjectFile? {
    guard config, let file = try ProjectFile.find(for: subject) else { return nil }
    Output.complain("\(file.sentence); --no-config leaves it out")
    return file
  }
}

extension SubjectOptions {
  /// The options with those of a file; what the command line says of a symbol counts.
  func with(_ file: ProjectFile?) -> SubjectOptions {
    guard let file else { return self }
    func name(_ definition: String) -> Substring { definition.prefix { $0 != "=" && $0 != "(" } }
    let own = Set((defines + undefines).map(name))
    var options = self
    options.defines = file.defines.filter { !own.contains(name($0)) } + defines
    options.undefines = file.undefines.filter { !own.contains(name($0)) } + undefines
    return options
  }
}
