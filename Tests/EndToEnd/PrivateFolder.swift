// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

/// A folder of one test, which disappears when the test is over.
final class PrivateFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "mhpcheck-endtoend-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in this folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a subfolder; returns its path.
  func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: file(name), withIntermediateDirectories: true)
    return file(name)
  }

  /// Writes a file and makes the folders above it; returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let url = URL(filePath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Writes a text file; returns its path.
  @discardableResult
  func write(_ name: String, _ text: String) throws -> String { try write(name, text.utf8) }

  /// Writes an executable shell script `name`; returns its path.
  @discardableResult
  func script(_ name: String, _ lines: String) throws -> String {
    let path = try write(name, "#!/bin/sh\n\(lines)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  /// Runs a tool in this folder, with an identity for git; its exit status must be one of `statuses`.
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

  /// Writes `diff -u` of two files in this folder, which must differ, to `name`; returns its path.
  func diff(_ old: String, _ new: String, to name: String) async throws -> String {
    try write(name, try await run("diff", ["-u", old, new], statuses: [1]))
  }
}
