// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport

/// Finds and reads the edit files and the reference.
enum VariantFiles {
  /// The edit files of a kind, by name. This list omits an unreadable file, and the test that reads every
  /// file fails.
  static func all(_ kind: EditFile.Kind) -> [EditFile] {
    names(kind).compactMap { try? read(kind, name: $0) }
  }

  /// The names of the files in a kind's folder, sorted.
  static func names(_ kind: EditFile.Kind) -> [String] {
    let entries =
      (try? FileManager.default.contentsOfDirectory(atPath: folder(kind).path)) ?? []
    return entries.filter { $0.hasSuffix(".edit") }.map { String($0.dropLast(5)) }.sorted()
  }

  static func read(_ kind: EditFile.Kind, name: String) throws(EditError) -> EditFile {
    let file = folder(kind).appending(path: name + ".edit")
    guard let text = try? String(contentsOf: file, encoding: .utf8) else {
      throw EditError(file: "\(kind.rawValue)/\(name)", complaint: "cannot be read as UTF-8")
    }
    return try EditFile(kind: kind, name: name, text: text)
  }

  /// The reference, as the patches of `patches/series` make it, without the glue after its functions.
  /// `make test-reference` compares the file with the patches.
  static func reference() throws -> String {
    let file = Repository.root.appending(path: "CKernelShim/subject/reference.inc")
    let text = try String(contentsOf: file, encoding: .utf8)
    var lines: [Substring] = []
    var isInGlue = false
    // The first two lines name the origin.
    for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(2) {
      let isGlue = isInGlue || line.hasPrefix("#define MHP_")
      isInGlue = isGlue && line.hasSuffix("\\")
      if !isGlue { lines.append(line) }
    }
    return lines.joined(separator: "\n")
  }

  private static func folder(_ kind: EditFile.Kind) -> URL {
    Repository.root.appending(path: "Tests/Fixtures").appending(path: kind.rawValue)
  }
}
