// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Lab
@testable import Subjects

/// Subjects made of one function, and their mutants.
enum Subject {
  private static let stubs = Repository.url("CKernelShim/stubs").path

  /// Extracts the functions from a text whose first line has the number `first`.
  static func extraction(_ text: String, from first: Int = 1) throws -> Extraction {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let file = SourceFile(
      path: "init.c", displayName: "init.c",
      lines: lines.enumerated().map {
        SourceLine(text: String($1), displayName: "init.c", number: first + $0, isAdded: true)
      })
    return try Extraction.extract(
      from: SubjectText(kind: "file", origin: "init.c", files: [file]), stubs: stubs)
  }

  /// `vmemmap_free` with this body.
  static func text(_ body: String) -> String {
    """
    void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    {
    \(body)
    }

    """
  }

  /// The mutants of `vmemmap_free` with this body: maps ids without the function's name to mutated bodies,
  /// with single blanks.
  static func mutants(_ body: String) throws -> [String: String] {
    let extraction = try extraction(text(body))
    var found: [String: String] = [:]
    for mutant in Mutant.mutants(of: extraction) {
      let id = mutant.id.split(separator: "/").dropFirst().joined(separator: "/")
      #expect(found[id] == nil, "\(id) is there twice")
      found[id] = Self.body(extraction.edited(mutant.edits).unit)
    }
    return found
  }

  private static func body(_ unit: String) -> String {
    let start =
      unit.firstRange(of: "vmemmap_free(unsigned long start")?.lowerBound ?? unit.startIndex
    let text = unit[start...]
    let open = text.firstIndex(of: "{") ?? text.startIndex
    let close = text.firstRange(of: "\n}\n")?.lowerBound ?? text.endIndex
    return text[text.index(after: open)..<close].split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }
}
