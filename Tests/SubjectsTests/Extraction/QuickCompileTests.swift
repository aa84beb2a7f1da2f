// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Subjects

@Suite("A quick compilation")
struct QuickCompileTests {
  /// `nowhere` is not defined: only a compiler that removes dead code links this, as BUILD_BUG() wants.
  private static let text = """
    void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    {
    \textern void nowhere(void);
    \tint never = 0;

    \tif (never)
    \t\tnowhere();
    }
    """

  @Test("is repeated with optimisation if the text relies on the removal of dead code")
  func deadCode() async throws {
    let folder = try PrivateFolder()
    let stubs = try TinyStubs.write(to: folder)
    let subject = SubjectText(kind: "file", origin: "init.c", files: [source(Self.text)])
    let extraction = try Extraction.extract(from: subject, stubs: stubs)
    let compiler = SubjectCompiler(stubs: stubs)
    await #expect(throws: Failure.self) {
      try await compiler.compile(extraction, indexBits: 9, into: folder.path, isQuick: true)
    }
    let path = try await compiler.compileQuickly(extraction, indexBits: 9, into: folder.path)
    #expect(path.hasSuffix("subject-9.so"))
    withExtendedLifetime(folder) {}
  }
}
