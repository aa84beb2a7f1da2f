// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Subjects

/// The places at which two texts of a function differ are tried in one object.
@Suite("The object of all places", .timeLimit(.minutes(10)))
struct HunkObjectTests {
  private static let stubs = Repository.url("CKernelShim/stubs").path

  private static func extraction(_ text: String) throws -> Extraction {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let file = SourceFile(
      path: "init.c", displayName: "init.c",
      lines: zip(1..., lines).map {
        SourceLine(text: String($1), displayName: "init.c", number: $0, isAdded: true)
      })
    return try Extraction.extract(
      from: SubjectText(kind: "file", origin: "init.c", files: [file]), stubs: stubs)
  }

  @Test("compiles for every function of a text of another shape, in both directions")
  func everyFunction() async throws {
    let reference = try Self.extraction(VariantFiles.reference())
    let rendition = try Self.extraction(Slip.rendition())
    let folder = try PrivateFolder()
    var tried = 0
    for (one, other) in [(rendition, reference), (reference, rendition)] {
      for name in Set(one.structures().map(\.name)).sorted() {
        guard let comparison = FunctionComparison(name, of: one, with: other, hybrid: one),
          !comparison.hunks.isEmpty
        else { continue }
        let object = try await SubjectCompiler(stubs: Self.stubs)
          .compileHunks(of: comparison, indexBits: 9, into: folder.path)
        #expect(object != nil, "\(name)")
        tried += object?.places.count ?? 0
      }
    }
    #expect(tried > 0)
    withExtendedLifetime(folder) {}
  }
}
