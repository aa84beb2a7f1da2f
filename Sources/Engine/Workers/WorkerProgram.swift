// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Worker

/// The program that runs a subject. A shared object runs in one that has neither the reference nor the port,
/// so that the subject finds no correct code to call; the embedded reference runs in the main program, which
/// contains it.
struct WorkerProgram {
  /// The file name of the program for shared objects.
  static let name = "mhpcheck-worker"

  let path: String
  /// The arguments before the plan.
  let words: [String]

  /// The program for a plan: beside the main program, or where `make install` puts it.
  init(for plan: WorkerPlan, of program: String) {
    guard plan.subjectPath != nil else {
      (path, words) = (program, ["worker"])
      return
    }
    words = []
    let folder = program.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/")
    let installed = "\(folder)/../libexec/mhpcheck/\(Self.name)"
    let isInstalled = FileManager.default.isExecutableFile(atPath: installed)
    path = isInstalled ? installed : "\(folder)/\(Self.name)"
  }
}
