// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Extraction {
  /// The SHA-256 of `extractedText` in hexadecimal, computed by coreutils' sha256sum.
  public func sha256() async throws(Failure) -> String {
    try await Digest.sha256([], input: extractedText)
  }
}

/// SHA-256 by coreutils.
package enum Digest {
  /// The digest of a file in hexadecimal.
  package static func sha256(ofFile path: String) async throws(Failure) -> String {
    try await sha256(["--", path])
  }

  /// The digests of files in hexadecimal, in their order.
  package static func sha256(ofFiles paths: [String]) async throws(Failure) -> [String] {
    paths.isEmpty ? [] : try await all(["--"] + paths, count: paths.count)
  }

  fileprivate static func sha256(
    _ arguments: [String], input: String = ""
  ) async throws(Failure) -> String {
    try await all(arguments, input: input, count: 1)[0]
  }

  private static func all(
    _ arguments: [String], input: String = "", count: Int
  ) async throws(Failure) -> [String] {
    let process = CompilerProcess()
    guard let program = process.locate("sha256sum") else {
      throw Failure(.unreadable, "sha256sum was not found on PATH", advice: "install coreutils")
    }
    let outcome = try await process.run(program, arguments, input: input)
    // A backslash precedes the digest of a file whose name has one.
    let digests = outcome.output.split(whereSeparator: \.isNewline).compactMap { line in
      line.drop { $0 == "\\" }.split(separator: " ").first.map(String.init)
    }
    guard outcome.isSuccess, digests.count == count, digests.allSatisfy({ $0.count == 64 }) else {
      throw Failure(.unreadable, "sha256sum failed: \(CompilerProcess.firstLine(outcome.errors))")
    }
    return digests
  }
}
