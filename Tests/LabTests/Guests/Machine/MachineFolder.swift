// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab

/// A folder of one test, which disappears when the test is over, with helpers for tests of machines.
final class MachineFolder: Sendable {
  let path: String

  init() throws {
    path =
      FileManager.default.temporaryDirectory.appending(path: "mhpcheck-guests-\(UUID().uuidString)")
      .path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in this folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and makes the folders above it; returns its path.
  @discardableResult
  func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let url = URL(filePath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Writes an executable shell script `name`; returns its path.
  @discardableResult
  func script(_ name: String, _ lines: String) throws -> String {
    let path = try write(name, "#!/bin/sh\n\(lines)\n".utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  /// The contents of the file `name`, as text.
  func text(_ name: String) throws -> String {
    String(decoding: try #require(FileManager.default.contents(atPath: file(name))), as: UTF8.self)
  }
}

/// The error that `body` throws; nil if it throws none.
func refusal<Value>(
  of body: () async throws(GuestError) -> Value
) async -> GuestError? {
  do {
    _ = try await body()
    return nil
  } catch { return error }
}
