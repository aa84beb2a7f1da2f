// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension SubjectCompiler {
  /// Compiles an extraction into an object file with the kernel's sections, for inspection only: the kernel
  /// frees `.init.text` and `.init.data` after boot. The compiler inlines nothing, so that the object shows
  /// every reference between functions.
  ///
  /// - Returns: the object file's path.
  public func compileObject(
    _ extraction: Extraction, into folder: String, named name: String
  ) async throws(Failure) -> String {
    let output = "\(folder)/\(name).o"
    let headers = "\(output).headers"
    let outcome = try await run(
      ["-DMHP_SECTIONS", "-O1", "-fno-inline", "-c", "-MD", "-MF", headers, "-o", output],
      on: extraction)
    guard outcome.isSuccess else {
      throw CompilerDiagnostics(outcome.errors, of: extraction, isDefined: isDefined).error
    }
    try FilesRead(rulesAt: [headers]).check(within: [stubs, folder])
    return output
  }
}
