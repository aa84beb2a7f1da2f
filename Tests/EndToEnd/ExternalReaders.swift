// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A Python with third-party readers of our formats, as independent witnesses.
///
/// It stays in the user's cache folder, so that packages are fetched once.
enum ExternalReaders {
  /// Packages of PyPI, each in a fixed version.
  private static let packages = [
    "jsonschema==4.26.0", "junitparser==5.0.3", "pydantic-sarif==0.1.1", "cmarkgfm==2025.10.22",
  ]

  /// The interpreter's path. If the packages are not available, it is nil and a line is printed.
  static let path = Task { () -> String? in
    guard let cache = try? KernelSource.cache() else { return nil }
    let folder = "\(cache)/tests/python-" + packages.joined(separator: "-")
    let python = "\(folder)/bin/python"
    if FileManager.default.fileExists(atPath: "\(folder)/complete") { return python }
    try? FileManager.default.removeItem(atPath: folder)
    for command in [
      ["python3", "-m", "venv", folder],
      [python, "-m", "pip", "install", "--quiet"] + packages,
    ] {
      guard (try? await Program.start(command[0], Array(command.dropFirst())))?.status == 0 else {
        print("SKIPPED: \(packages.joined(separator: ", ")) cannot be had: formats have no witness")
        return nil
      }
    }
    try? Data().write(to: URL(filePath: "\(folder)/complete"))
    return python
  }

  /// Runs a script on files and returns its lines; the script must succeed. Returns nil where there is no
  /// Python.
  static func lines(
    _ script: String, _ arguments: [String], sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String]? {
    guard let python = await path.value else { return nil }
    let outcome = try await Program.start(python, ["-c", script] + arguments)
    #expect(outcome.status == 0, "\(outcome.testDescription)", sourceLocation: sourceLocation)
    return outcome.output.split(separator: "\n").map(String.init)
  }

  /// The same over one outcome, written in a format.
  static func lines(
    _ script: String, of outcome: SnapshotOutcome, as format: SnapshotFormat,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> [String]? {
    let file = try SnapshotFile(outcome, format)
    defer { withExtendedLifetime(file) {} }
    return try await lines(script, [file.path], sourceLocation: sourceLocation)
  }
}
