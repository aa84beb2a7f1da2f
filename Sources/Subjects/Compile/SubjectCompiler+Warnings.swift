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

  /// The flags of warnings about a variable that may be read before the text sets it.
  private static let uninitialised: Set<String> = [
    "uninitialized", "sometimes-uninitialized", "conditional-uninitialized", "maybe-uninitialized",
  ]

  /// The compiler's warnings about the subject's own functions, at real geometry: one line each, with the
  /// user's file and line; their number is bounded. clang supports riscv64 on any host, so it checks the
  /// text as a kernel build would.
  public func warnings(of extraction: Extraction) async throws(Failure) -> Warnings {
    // gcc finds uninitialised variables only while it compiles.
    let isClang = try await foundCompiler().isClang
    let own: [String] =
      isClang
      ? ["-fsyntax-only", "-Wconditional-uninitialized"]
      : ["-S", "-o", "/dev/null", "-Wmaybe-uninitialized"]
    let mode: [String] =
      own + ["-Wno-error", "-Wall"] + Self.quiet.map { "-Wno-\($0)" }
      + (isClang ? ["-Wno-unknown-warning-option"] : [])
    var outcome = try await run(mode, on: extraction, isWarned: true, isForRiscv: true)
    if !outcome.isSuccess { outcome = try await run(mode, on: extraction, isWarned: true) }
    let diagnostics = CompilerDiagnostics(outcome.errors, of: extraction, isDefined: isDefined)
    let found = diagnostics.warnings
    let rest = found.count - Self.mostWarnings
    return Warnings(
      lines: Array(found.prefix(Self.mostWarnings))
        + (rest > 0 ? ["\(rest) more warning\(rest == 1 ? "" : "s")"] : []),
      uninitialised: diagnostics.functions(warnedBy: Self.uninitialised))
  }
}

/// What a compiler warns of in a subject's functions.
public struct Warnings: Sendable {
  /// One line each.
  public var lines: [String] = []
  /// The functions that may read a variable before they set it, in the order of the warnings.
  public var uninitialised: [String] = []

  public init(lines: [String] = [], uninitialised: [String] = []) {
    self.lines = lines
    self.uninitialised = uninitialised
  }
}
