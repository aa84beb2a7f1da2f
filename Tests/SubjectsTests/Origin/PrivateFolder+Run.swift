// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import Subprocess
import TestSupport
import Testing

@testable import Subjects

extension PrivateFolder {
  @discardableResult
  func write(_ text: String, to name: String) throws -> String { try write(name, text) }

  /// Runs a program in this folder; it must succeed.
  @discardableResult
  func run(_ program: String, _ arguments: String...) async throws -> String {
    let result = try await Subprocess.run(
      .name(program), arguments: Arguments(arguments),
      environment: .inherit.updating([
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null",
      ]),
      workingDirectory: .init(path), output: .string(limit: 1 << 20),
      error: .string(limit: 1 << 20))
    try #require(result.terminationStatus.isSuccess, "\(program): \(result.standardError)")
    return result.standardOutput
  }
}

/// Reads the subject `argument` as the command line does.
func readSubject(
  _ argument: String, base: String? = nil, builtin: String? = nil, cache: String? = nil
) async throws -> SubjectText {
  let reader = SubjectReader(cacheFolder: cache, base: base, builtin: builtin)
  return try await reader.read(SubjectReference(argument: argument))
}

/// The error that `body` throws; the test fails if it throws none.
func refusal(_ body: () async throws -> Void) async -> Failure {
  let error = await #expect(throws: Failure.self) { try await body() }
  return error ?? Failure(.unreadable, "")
}

extension SourceFile {
  var texts: [String] { lines.map(\.text) }
}

/// The header lines of a change to init.c.
let initHeader = """
  diff --git a/arch/riscv/mm/init.c b/arch/riscv/mm/init.c
  --- a/arch/riscv/mm/init.c
  +++ b/arch/riscv/mm/init.c

  """
