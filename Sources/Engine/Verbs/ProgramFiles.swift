// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Machine
import Subjects

/// The files of the program: its executable, to start workers with, the stub headers, and the text of the
/// embedded reference.
public struct ProgramFiles: Sendable {
  /// The path of the executable.
  public let program: String
  /// The folder of the stub kernel headers.
  public let stubs: String
  /// The file with the text that the embedded reference was compiled from.
  public let reference: String
  /// What the port is known to do; nil to run it for every case.
  public var answers: AnswerShelf?

  /// SHA-256 of the program, in hex: another build may find something else.
  public func digest() async throws(Failure) -> String {
    try await Digest.sha256(ofFile: program)
  }

  /// Finds the files from the running program: beside it in a build folder, under `../share/mhpcheck` once
  /// installed; the stub headers also in the folder that `MHPCHECK_STUBS` names.
  public static func locate() throws(Failure) -> ProgramFiles {
    let program =
      (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    let folder = program.split(separator: "/").dropLast().joined(separator: "/")
    func places(_ name: String, in target: String) -> [String] {
      ["/\(folder)/mhpcheck_\(target).resources/\(name)", "/\(folder)/../share/mhpcheck/\(name)"]
    }
    var candidates = places("stubs", in: "CKernelShim")
    if let named = ProcessInfo.processInfo.environment["MHPCHECK_STUBS"], !named.isEmpty {
      candidates.insert(named, at: 0)
    }
    let references = places("reference.inc", in: "CKernelReference")
    for candidate in candidates
    where FileManager.default.fileExists(atPath: "\(candidate)/mhp/prelude.h") {
      return ProgramFiles(
        program: program, stubs: candidate,
        reference: references.first { FileManager.default.fileExists(atPath: $0) } ?? references[0],
        answers: AnswerShelf(of: program))
    }
    throw Failure(
      .incomplete,
      "the stub headers are not where the program expects them (\(candidates[0])); "
        + "install it with make install, or set MHPCHECK_STUBS")
  }
}
