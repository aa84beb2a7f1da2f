// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials

/// Where the edit files and the reference are found, and what stands in them.
enum VariantFiles {
  /// The folder of `Package.swift`.
  static let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// The edit files of a kind, by name. A file that cannot be read is left out here and fails the
  /// test that reads every one of them.
  static func all(_ kind: EditFile.Kind) -> [EditFile] {
    names(kind).compactMap { try? read(kind, name: $0) }
  }

  /// The names of the files in a kind's folder, sorted.
  static func names(_ kind: EditFile.Kind) -> [String] {
    let entries =
      (try? FileManager.default.contentsOfDirectory(atPath: folder(kind).path)) ?? []
    return entries.filter { $0.hasSuffix(".edit") }.map { String($0.dropLast(5)) }.sorted()
  }

  /// Reads one file.
  static func read(_ kind: EditFile.Kind, name: String) throws(EditError) -> EditFile {
    let file = folder(kind).appending(path: name + ".edit")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw EditError(file: "\(kind.rawValue)/\(name)", complaint: "cannot be read as UTF-8")
    }
    return try EditFile(kind: kind, name: name, text: text)
  }

  /// The reference: the lines that the patches of `patches/series` add.
  static func reference() throws -> String {
    let patches = packageRoot.appending(path: "patches")
    let series = try String(contentsOf: patches.appending(path: "series"), encoding: .utf8)
    var lines: [Substring] = []
    for name in series.split(separator: "\n") where !name.hasPrefix("#") {
      let patch = try String(contentsOf: patches.appending(path: String(name)), encoding: .utf8)
      lines += addedLines(of: patch)
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The lines that a patch's hunks add; "+++" of a file's header stands before its first hunk.
  private static func addedLines(of patch: String) -> [Substring] {
    var added: [Substring] = []
    var isInHunk = false
    for line in patch.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("@@ ") {
        isInHunk = true
      } else if line.hasPrefix("diff ") || line == "-- " {
        isInHunk = false
      } else if isInHunk, line.hasPrefix("+") {
        added.append(line.dropFirst())
      }
    }
    return added
  }

  private static func folder(_ kind: EditFile.Kind) -> URL {
    packageRoot.appending(path: "Tests/Fixtures").appending(path: kind.rawValue)
  }
}
