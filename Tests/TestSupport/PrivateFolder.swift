// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// A folder of one test, removed when the test is over.
package final class PrivateFolder: Sendable {
  package let path: String

  package init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "mhpcheck-test-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of `name` in it.
  package func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Makes a folder below it; returns its path.
  package func folder(_ name: String) throws -> String {
    try FileManager.default.createDirectory(
      atPath: file(name), withIntermediateDirectories: true)
    return file(name)
  }

  /// Writes a file below it, and the folders above that; returns its path.
  @discardableResult
  package func write(_ name: String, _ bytes: some Sequence<UInt8>) throws -> String {
    let url = URL(filePath: file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
    return url.path
  }

  /// Writes text to a file below it; returns its path.
  @discardableResult
  package func write(_ name: String, _ text: String = "") throws -> String {
    try write(name, text.utf8)
  }

  /// Writes a shell script that can be run as `name`; returns its path.
  @discardableResult
  package func script(_ name: String, _ lines: String) throws -> String {
    let path = try write(name, "#!/bin/sh\n\(lines)\n")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    return path
  }

  /// The content of a file in it, as text.
  package func text(_ name: String) throws -> String {
    try String(contentsOf: URL(filePath: file(name)), encoding: .utf8)
  }

  /// The paths of the regular files below `folder`, sorted.
  package func files(below folder: String) -> [String] {
    let root = file(folder)
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: root)) ?? []
    return paths.filter {
      let attributes = try? FileManager.default.attributesOfItem(atPath: "\(root)/\($0)")
      return attributes?[.type] as? FileAttributeType == .typeRegular
    }.sorted()
  }
}
