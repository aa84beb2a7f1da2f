// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport

/// Where the edit files and the reference are found, and what stands in them.
enum VariantFiles {
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

  /// The reference, as the patches of `patches/series` make it (`make test-reference` holds the file to
  /// them), without the glue behind its functions.
  static func reference() throws -> String {
    let file = Repository.root.appending(path: "CKernelShim/subject/reference.inc")
    let text = try String(contentsOf: file, encoding: .utf8)
    var lines: [Substring] = []
    var isInGlue = false
    // The first two lines say where it comes from.
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
