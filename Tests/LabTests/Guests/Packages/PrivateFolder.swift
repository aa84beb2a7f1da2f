// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab

/// A folder for one test, removed when the test is over.
final class PrivateFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/mhpcheck-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes `text` to `name`, making the folders above it; returns the full path.
  @discardableResult
  func write(_ name: String, _ text: String = "") throws -> String {
    try write(name, bytes: Array(text.utf8))
  }

  /// Writes `bytes` to `name`, making the folders above it; returns the full path.
  @discardableResult
  func write(_ name: String, bytes: [UInt8]) throws -> String {
    let url = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Writes a shell script that replaces the program `name`, in the folder `bin`.
  func script(_ name: String, _ text: String) throws {
    let path = try write("bin/\(name)", "#!/bin/sh\n\(text)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
  }

  /// The paths of the regular files below `folder`, sorted.
  func files(below folder: String) -> [String] {
    let root = "\(path)/\(folder)"
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
    return paths.filter {
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\($0)")
      return attributes?[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }
}

/// The error that `body` throws; the test fails if it throws none.
func fetchFailure(_ body: () async throws -> Void) async -> GuestError {
  let error = await #expect(throws: GuestError.self) { try await body() }
  return error ?? GuestError(message: "")
}
