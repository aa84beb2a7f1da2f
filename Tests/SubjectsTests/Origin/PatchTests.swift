// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Subjects

@Suite("Patches")
struct PatchTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  @Test("A patch gives its added and context lines, with their lines in the patch file")
  func single() async throws {
    let path = try scratch.write(
      "a.patch",
      "A commit message.\n\n" + initHeader + """
        @@ -10,4 +10,4 @@ static void f(void)
         one
        -two
        +TWO
         three
         four
        -- 
        2.39.5

        """)
    let text = try await readSubject(path)
    #expect(text.kind == "patch")
    #expect(text.origin == path)
    let file = try #require(text.files.first)
    #expect(file.path == "arch/riscv/mm/init.c")
    #expect(file.texts == ["one", "TWO", "three", "four"])
    #expect(file.lines.map(\.isAdded) == [false, true, false, false])
    #expect(file.lines.map(\.number) == [7, 9, 10, 11])
    #expect(file.lines.allSatisfy { $0.displayName == path })
  }

  @Test("A patch with CRLF line ends reads like one without")
  func carriageReturns() async throws {
    let patch = initHeader + "@@ -1,2 +1,3 @@\n one\n+two\n three\n"
    let path = try scratch.write("a.patch", patch.replacing("\n", with: "\r\n"))
    #expect(try await readSubject(path).files.first?.texts == ["one", "two", "three"])
  }

  @Test("An empty context line may have lost its blank in the mail")
  func strippedContext() async throws {
    let path = try scratch.write("a.patch", initHeader + "@@ -1,3 +1,4 @@\n one\n\n+two\n three\n")
    #expect(try await readSubject(path).files.first?.texts == ["one", "", "two", "three"])
  }

  @Test("init.c comes first, then C files under arch/riscv and mm, and no other files")
  func order() async throws {
    func change(_ path: String) -> String {
      "--- a/\(path)\n+++ b/\(path)\n@@ -0,0 +1 @@\n+int x;\n"
    }
    let paths = [
      "mm/sparse.c", "arch/arm64/mm/mmu.c", "drivers/mm/x.c", "arch/riscv/Kconfig",
      "arch/riscv/include/asm/pgtable.h", "arch/riscv/mm/init.c",
    ]
    let path = try scratch.write("a.diff", paths.map(change).joined())
    #expect(
      try await readSubject(path).files.map(\.path) == [
        "arch/riscv/mm/init.c", "arch/riscv/include/asm/pgtable.h", "mm/sparse.c",
      ])
  }

  @Test("Renames, mode changes and binary patches are skipped")
  func gitExtras() async throws {
    let path = try scratch.write(
      "a.patch",
      """
      diff --git a/mm/old.c b/mm/new.c
      similarity index 100%
      rename from mm/old.c
      rename to mm/new.c
      diff --git a/x.png b/x.png
      index 123..456 100644
      GIT binary patch
      literal 4
      LcmZQzU|?VZ00961

      diff --git a/scripts/x b/scripts/x
      old mode 100644
      new mode 100755

      """ + initHeader + "@@ -0,0 +1 @@\n+int x;\n")
    #expect(try await readSubject(path).files.map(\.path) == ["arch/riscv/mm/init.c"])
  }

  @Test("Paths are recognised with no prefix, one folder before them, or a whole path")
  func prefixes() async throws {
    for name in ["arch/riscv/mm/init.c", "b/arch/riscv/mm/init.c", "/k/linux/arch/riscv/mm/init.c"]
    {
      let path = try scratch.write(
        "a.patch", "--- /dev/null\n+++ \(name)\t2024-01-01\n@@ -0,0 +1 @@\n+int x;\n")
      #expect(try await readSubject(path).files.map(\.path) == ["arch/riscv/mm/init.c"], "\(name)")
    }
  }

  @Test("A diff of two bare C files is read, because it can mean nothing else")
  func bareFile() async throws {
    let path = try scratch.write("a.patch", "--- init.c.orig\n+++ init.c\n@@ -1 +1,2 @@\n a\n+b\n")
    #expect(try await readSubject(path).files.map(\.path) == ["init.c"])
  }

  @Test("A patch to other parts of the kernel is refused")
  func unrelated() async throws {
    let path = try scratch.write(
      "a.patch", "--- a/arch/arm64/mm/mmu.c\n+++ b/arch/arm64/mm/mmu.c\n@@ -0,0 +1 @@\n+int x;\n")
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message == "\(path) touches no C file under arch/riscv, mm or include")
  }

  @Test(
    "A damaged hunk is an error that names its line",
    arguments: [
      ("@@ -1,2 +1,3 @@\n one\n+two\n", 4, "truncated"),
      ("@@ -1,2 +1,3 @@\n one\n+two\n*three\n", 7, "not a hunk line"),
      ("@@ -1,2 +1,x @@\n one\n", 4, "garbled hunk header"),
      ("@@ -1,2 +1,99999999999999999999 @@\n one\n", 4, "garbled hunk header"),
      ("@@ -1,1 +1,2 @@\n one\n+two\n+three\n", 7, "more lines than its header announces"),
      ("@@ -1,1 +1,2 @@\n one\n-two\n+three\n", 6, "fewer lines than its header announces"),
      ("@@@ -1,1 -1,1 +1,2 @@@\n  one\n", 4, "combined diff"),
    ])
  func damaged(hunk: String, line: Int, what: String) async throws {
    let path = try scratch.write("a.patch", initHeader + hunk)
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message.hasPrefix("\(path):\(line): "), "\(error.message)")
    #expect(error.message.contains(what), "\(error.message)")
  }

  @Test("A hunk without a file before it is an error")
  func orphan() async throws {
    let path = try scratch.write("a.patch", "@@ -1 +1,2 @@\n one\n+two\n")
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message.contains("belongs to no file"))
  }

  @Test("A patch with too many hunks is refused")
  func busy() async throws {
    let hunks = (1...2_001).map { "@@ -\($0 * 9) +\($0 * 9) @@\n-a\n+b\n" }
    let path = try scratch.write("a.patch", initHeader + hunks.joined())
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message.contains("in more places or lines than any kernel patch does"))
  }

  @Test("Text without any diff is refused")
  func noDiff() async throws {
    let path = try scratch.write("a.patch", "int x;\n")
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message == "\(path) contains no patch")
  }
}

@Suite("Patches applied to a base")
struct BasePatchTests {
  let scratch: PrivateFolder
  let base: String

  init() throws {
    scratch = try PrivateFolder()
    base = try scratch.write("base.c", (1...20).map { "line \($0)\n" }.joined())
  }

  private func patch(at line: Int, _ hunk: String) throws -> String {
    try scratch.write("a.patch", initHeader + "@@ -\(line),3 +\(line),3 @@\n" + hunk)
  }

  @Test("Lines of the base keep their name and number, added ones have the patch's")
  func origins() async throws {
    let path = try patch(at: 4, " line 4\n-line 5\n+five\n line 6\n")
    let file = try #require(try await readSubject(path, base: base).files.first)
    #expect(file.lines.count == 20)
    #expect(file.displayName == base)
    #expect(file.lines.filter(\.isAdded).map(\.text) == ["five"])
    #expect(file.lines[3].displayName == base && file.lines[3].number == 4)
    #expect(file.lines[4].text == "five" && file.lines[4].displayName == path)
    #expect(file.lines[4].number == 7)
    #expect(file.lines[5].text == "line 6" && file.lines[5].number == 6)
  }

  @Test("A hunk is found where its lines are, however far its header is off")
  func offset() async throws {
    let path = try patch(at: 900, " line 14\n-line 15\n+fifteen\n line 16\n")
    #expect(try await readSubject(path, base: base).files.first?.texts[14] == "fifteen")
  }

  @Test("Of several matching places, the one nearest to the header is used")
  func nearest() async throws {
    let twice = try scratch.write("twice.c", String(repeating: "a\nb\nc\n\n", count: 6))
    let path = try patch(at: 10, " a\n-b\n+B\n c\n")
    #expect(try await readSubject(path, base: twice).files.first?.texts.firstIndex(of: "B") == 9)
  }

  @Test("A hunk whose lines are not in the base is refused by number and line")
  func mismatch() async throws {
    let path = try patch(at: 4, " line 4\n-line five\n+five\n line 6\n")
    let error = await refusal { _ = try await readSubject(path, base: base) }
    #expect(error.message == "hunk 1 (line 4 of the patch) does not apply to \(base)")
  }

  @Test("The same patch a second time does not apply")
  func twice() async throws {
    let hunk = initHeader + "@@ -4,3 +4,3 @@\n line 4\n-line 5\n+five\n line 6\n"
    let path = try scratch.write("a.patch", hunk + hunk)
    let error = await refusal { _ = try await readSubject(path, base: base) }
    #expect(
      error.message
        == "arch/riscv/mm/init.c, after the earlier patches, already contains the patch \(path):10"
    )
  }

  @Test("Hunks after one that changed the number of lines are found")
  func shifted() async throws {
    let path = try scratch.write(
      "a.patch",
      initHeader + """
        @@ -2,2 +2,4 @@
         line 2
        +x
        +y
         line 3
        @@ -10,3 +12,2 @@
         line 10
        -line 11
         line 12

        """)
    let texts = try #require(try await readSubject(path, base: base).files.first?.texts)
    #expect(texts[2...3] == ["x", "y"])
    #expect(texts.count == 21 && !texts.contains("line 11"))
  }

  @Test("A base file stands for init.c, or for the only file that the patch touches")
  func target() async throws {
    func change(_ path: String) -> String {
      "--- a/\(path)\n+++ b/\(path)\n@@ -4,3 +4,3 @@\n line 4\n-line 5\n+five\n line 6\n"
    }
    let only = try scratch.write("only.patch", change("mm/sparse.c"))
    #expect(try await readSubject(only, base: base).files.first?.texts.count == 20)
    let beside = try scratch.write(
      "beside.patch", change("mm/sparse.c") + change("arch/riscv/mm/init.c"))
    #expect(try await readSubject(beside, base: base).files.map(\.lines.count) == [20, 3])
    let several = try scratch.write("several.patch", change("mm/sparse.c") + change("mm/x.c"))
    let error = await refusal { _ = try await readSubject(several, base: base) }
    #expect(
      error.message == "\(several) touches 2 files and none of them is arch/riscv/mm/init.c")
  }

  @Test("A base for a subject that is no patch is refused")
  func pointless() async throws {
    let error = await refusal { _ = try await readSubject(base, base: base) }
    #expect(error.message == "--base needs a patch")
  }

  @Test("A missing base is named")
  func missing() async throws {
    let path = try patch(at: 4, " line 4\n-line 5\n+five\n line 6\n")
    let error = await refusal { _ = try await readSubject(path, base: "\(base).no") }
    #expect(error.message == "\(base).no: no such file or folder")
  }
}
