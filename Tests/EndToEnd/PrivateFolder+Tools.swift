// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

extension PrivateFolder {
  /// Runs a tool in it, with an identity for git; it has to end with one of `statuses`.
  @discardableResult
  func run(
    _ program: String, _ arguments: [String], statuses: Set<Int> = [0]
  ) async throws -> String {
    let outcome = try await Program.start(
      program, arguments,
      environment: [
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "A",
        "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_CONFIG_NOSYSTEM": "1",
      ], folder: path)
    try #require(
      outcome.status.map(statuses.contains) ?? false, "\(program): \(outcome.testDescription)")
    return outcome.output
  }

  /// Writes `diff -u` of two files below it, which must differ, to `name`; returns its path.
  func diff(_ old: String, _ new: String, to name: String) async throws -> String {
    try write(name, try await run("diff", ["-u", old, new], statuses: [1]))
  }
}
