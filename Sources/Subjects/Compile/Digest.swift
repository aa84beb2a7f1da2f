// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Extraction {
  /// The SHA-256 of `extractedText` in hexadecimal, computed by coreutils' sha256sum.
  public func sha256() async throws(Failure) -> String {
    let process = CompilerProcess()
    guard let program = process.locate("sha256sum") else {
      throw Failure(.unreadable, "sha256sum was not found on PATH", advice: "install coreutils")
    }
    let outcome = try await process.run(program, [], input: extractedText)
    guard outcome.isSuccess, let digest = outcome.output.split(separator: " ").first,
      digest.count == 64
    else {
      throw Failure(.unreadable, "sha256sum failed: \(CompilerProcess.firstLine(outcome.errors))")
    }
    return String(digest)
  }
}
