// SPDX-License-Identifier: GPL-2.0-only

import Glibc
import Machine
import Subjects
import Subprocess

/// Another build of mhpcheck.
public struct OtherProgram: Sendable {
  /// The absolute path, because its commands run in a folder of their own.
  public let path: String
  /// The line that it prints with --version.
  public let version: String

  private static let remedy = "name another build of mhpcheck"

  /// The program at a path. Throws if there is none, or if it is not mhpcheck.
  public init(at path: String) async throws(Failure) {
    guard let found = Self.absolute(path) else {
      throw Failure(
        .unreadable, "\(path): \(String(cString: strerror(errno)))", advice: Self.remedy)
    }
    guard InputFile.kind(of: found) == .regular, access(found, X_OK) == 0 else {
      throw Failure(.unreadable, "\(path) is not a program", advice: Self.remedy)
    }
    let run = try await Tools(searchPath: nil).run(found, ["--version"])
    // Its number comes first.
    guard run.status == .exited(0), run.text.first?.isNumber == true else {
      throw Failure(.unreadable, "\(path) is not mhpcheck", advice: Self.remedy)
    }
    self.path = found
    version = Tools.plain(run.text)
  }

  /// The path without links; nil, with `errno` set, if nothing is there.
  private static func absolute(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }
}
