// SPDX-License-Identifier: GPL-2.0-only

extension SubjectCompiler {
  /// Warnings that are shown; who has more has enough to begin with.
  private static let mostWarnings = 10

  /// What of -Wall says nothing here: functions are cut out of their file, and macros stand for the kernel's.
  /// The rest is what the kernel turns off, too.
  private static let quiet = [
    "unused", "unused-but-set-variable", "macro-redefined", "pointer-sign", "missing-braces",
    "unknown-pragmas", "comment", "main", "format", "attributes",
  ]

  /// What the compiler warns of in the subject's own functions, at real geometry: a line each, of a bounded
  /// number, with the user's file and line.
  /// clang knows riscv64 whatever host it is for, and looks at the text as a kernel's build would.
  public func warnings(of extraction: Extraction) async throws(SubjectError) -> [String] {
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
