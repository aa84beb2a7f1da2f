// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc

/// The files that belong to the program: itself, to start workers with, and the stub headers.
public struct ProgramFiles: Sendable {
  /// The program's own path.
  public let program: String
  /// The folder of the stub kernel headers.
  public let stubs: String

  /// Memberwise.
  public init(program: String, stubs: String) {
    self.program = program
    self.stubs = stubs
  }

  /// Finds them from the running program: beside it in a build folder, under `../share/mhpcheck`
  /// once installed, or where `MHPCHECK_STUBS` says.
  public static func locate() throws(PipelineError) -> ProgramFiles {
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folder = program.split(separator: "/").dropLast().joined(separator: "/")
    var candidates = [
      "/\(folder)/mhpcheck_CKernelShim.resources/stubs", "/\(folder)/../share/mhpcheck/stubs",
    ]
    if let named = ProcessInfo.processInfo.environment["MHPCHECK_STUBS"], !named.isEmpty {
      candidates.insert(named, at: 0)
    }
    for candidate in candidates
    where FileManager.default.fileExists(atPath: "\(candidate)/mhp/prelude.h") {
      return ProgramFiles(program: program, stubs: candidate)
    }
    throw PipelineError(
      .incomplete,
      "the stub headers are not where the program expects them (\(candidates[0])); "
        + "install it with make install, or set MHPCHECK_STUBS")
  }
}
