// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Subjects

/// The compiler never reads a file of the host unnoticed, however the subject names it.
@Suite struct FilesReadTests {
  @Test("a rule's prerequisites are read with spaces, dollars and continued lines")
  func rule() {
    let rule = "a\\ folder/x.so: one \\\n  st\\ ubs/z.h\\\n two$$ - <stdin>\n"
    #expect(FilesRead.prerequisites(rule) == ["one", "st ubs/z.h", "two$", "-", "<stdin>"])
    #expect(FilesRead.prerequisites("x.so:\n").isEmpty)
    #expect(FilesRead.prerequisites("").isEmpty)
  }

  @Test(
    "a file outside of the folders is named, whatever its path looks like",
    arguments: ["/etc/passwd", "stubs/../../etc/passwd", "/somewhere/stubs-not/x.h"])
  func outside(file: String) throws {
    let folder = try PrivateFolder()
    let inside = "\(folder.path)/stubs"
    let path = file.replacing("stubs/..", with: "\(inside)/..")
    try folder.write("x.so: - \(inside)/linux/mm.h \(path)\n", to: "rule")
    let files = try FilesRead(rulesAt: ["\(folder.path)/rule"])
    let error = #expect(throws: Failure.self) { try files.check(within: [inside]) }
    #expect(
      error?.message.hasPrefix("the subject makes the compiler read /") == true,
      "\(String(describing: error))")
    try folder.write("x.so: - \(inside)/linux/mm.h\n", to: "rule")
    try FilesRead(rulesAt: ["\(folder.path)/rule"]).check(within: [inside])
  }

  @Test("a compiler that does not list the files that it read is an error")
  func silent() {
    let error = #expect(throws: Failure.self) { try FilesRead(rulesAt: ["/nonexistent/rule"]) }
    #expect(error?.message == "the compiler does not list the files that it read")
  }

  @Test("a section's name cannot include a file", arguments: ["clang", "gcc"])
  func sectionName(compiler: String) async throws {
    let folder = try PrivateFolder()
    try folder.write("canary-in-a-file", to: "secret")
    let result = try await CompileTests.compile(
      """
      static int leak __attribute__((used, section(
        ".data.x,\\"aw\\"\\n\\t.incbin \\"\(folder.path)/secret\\"\\n\\t.section .data.y"))) = 1;
      void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      {
      \tleak = 2;
      }
      """, compiler: compiler)
    // clang takes all of it as the name; gcc passes it to the assembler unchanged.
    guard compiler == "gcc" else { return }
    let error = try CompileTests.error(result)
    #expect(
      error.message.hasPrefix("the subject makes the compiler read \(folder.path)/secret; "),
      "\(error)")
  }

  @Test("a trigraph makes no directive", arguments: ["clang", "gcc"])
  func trigraph(compiler: String) async throws {
    let text = CompileTests.vmemmapFree + "\n"
    let included = text.replacing("{", with: "{\n??=include \"/etc/passwd\"", maxReplacements: 1)
    let error = try CompileTests.error(await CompileTests.compile(included, compiler: compiler))
    #expect(error.message.hasPrefix("init.c:"), "\(error)")
    #expect(!error.message.contains("root:"), "\(error)")
  }
}
