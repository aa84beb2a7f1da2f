// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension SubjectCompiler {
  /// The report shows at most this number of warnings.
  private static let mostWarnings = 10

  /// The warnings of -Wall that have no meaning here, because functions are cut out of their file and macros
  /// replace the kernel's; and those that the kernel turns off, too.
  private static let quiet = [
    "unused", "unused-but-set-variable", "macro-redefined", "pointer-sign", "missing-braces",
    "unknown-pragmas", "comment", "main", "format", "attributes",
  ]

  /// The compiler's warnings about the subject's own functions, at real geometry: one line each, with the
  /// user's file and line; their number is bounded. clang supports riscv64 on any host, so it checks the
  /// text as a kernel build would.
  public func warnings(of extraction: Extraction) async throws(Failure) -> [String] {
    let mode =
      ["-fsyntax-only", "-Wno-error", "-Wall", "-Wconditional-uninitialized"]
      + Self.quiet.map { "-Wno-\($0)" } + ["-Wno-unknown-warning-option"]
    var outcome = try await run(mode, on: extraction, isWarned: true, isForRiscv: true)
    if !outcome.isSuccess { outcome = try await run(mode, on: extraction, isWarned: true) }
    let found = CompilerDiagnostics(outcome.errors, of: extraction, isDefined: isDefined).warnings
    let rest = found.count - Self.mostWarnings
    return Array(found.prefix(Self.mostWarnings))
      + (rest > 0 ? ["\(rest) more warning\(rest == 1 ? "" : "s")"] : [])
  }
}
