// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("A subject on the command line")
struct ReferenceTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  @Test("Fixed forms are recognised without a look at the disk")
  func forms() throws {
    #expect(try SubjectReference(argument: "-") == .standardInput)
    #expect(try SubjectReference(argument: "builtin") == .builtin)
    #expect(
      try SubjectReference(argument: "debian:linux-source-6.1")
        == .debian(package: "linux-source-6.1"))
    #expect(
      try SubjectReference(argument: "git:a@b/c@v6.12") == .git(path: "a@b/c", revision: "v6.12"))
    #expect(try SubjectReference(argument: "git:@v1") == .git(path: ".", revision: "v1"))
  }

  @Test(
    "A git subject without a revision is refused", arguments: ["git:linux", "git:linux@", "git:"])
  func noRevision(argument: String) async {
    let error = await refusal { _ = try SubjectReference(argument: argument) }
    #expect(error.message == "\"\(argument)\" names no revision")
  }

  @Test("A folder is a tree, and a file's ending decides its kind")
  func endings() throws {
    #expect(try SubjectReference(argument: scratch.path) == .tree(path: scratch.path))
    for name in ["a.patch", "a.diff", "a.mbox", "A.PATCH"] {
      let path = try scratch.write(name, "x\n")
      #expect(try SubjectReference(argument: path) == .patch(path: path))
    }
    for name in ["a.tar", "a.tar.gz", "a.tgz", "a.tar.xz", "a.tar.zst"] {
      let path = try scratch.write(name, "x\n")
      #expect(try SubjectReference(argument: path) == .tarball(path: path))
    }
    let file = try scratch.write("init.c", initHeader)
    #expect(try SubjectReference(argument: file) == .file(path: file))
  }

  @Test("Without a known ending, the contents decide")
  func sniffed() throws {
    let patch = try scratch.write("0001", "Subject: x\n\n" + initHeader)
    #expect(try SubjectReference(argument: patch) == .patch(path: patch))
    let source = try scratch.write("init.txt", "int x;\n--- a;\n")
    #expect(try SubjectReference(argument: source) == .file(path: source))
    let packed = try scratch.write("kernel", [0x1f, 0x8b, 8, 0])
    #expect(try SubjectReference(argument: packed) == .packed(path: packed))
  }

  @Test("A missing path is refused, with the accepted forms")
  func missing() async {
    let error = await refusal { _ = try SubjectReference(argument: "no/such.patch") }
    #expect(error.message == "no/such.patch: no such file or folder")
    #expect(error.advice?.contains("git:PATH@REV") == true)
  }
}

@Suite("Files and trees")
struct FileAndTreeTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  @Test("A C file is read unchanged, even with Latin-1 characters")
  func file() async throws {
    let path = try scratch.write(
      "init.c", Array("/* \u{e9} */\r\n/* ".utf8) + [0xe9] + Array(" */\nint x;".utf8))
    let text = try await readSubject(path)
    #expect(text.kind == "file")
    #expect(text.files.first?.path == "init.c")
    #expect(text.files.first?.texts == ["/* \u{e9} */", "/* \u{e9} */", "int x;"])
    #expect(text.files.first?.lines.allSatisfy(\.isAdded) == true)
  }

  @Test("A tree gives init.c and the helpers beside it")
  func tree() async throws {
    try scratch.write("arch/riscv/mm/init.c", "int x;\n")
    try scratch.write("arch/riscv/mm/fault.c", "int f;\n")
    try scratch.write("arch/riscv/mm/binary.c", [0, 1, 2])
    try scratch.write("arch/riscv/include/asm/page.h", "int p;\n")
    let text = try await readSubject(scratch.path + "/")
    #expect(text.kind == "tree")
    #expect(
      text.files.map(\.displayName) == [
        "\(scratch.path)/arch/riscv/mm/init.c", "\(scratch.path)/arch/riscv/mm/fault.c",
        "\(scratch.path)/arch/riscv/include/asm/page.h",
      ])
  }

  @Test("A folder that is no kernel tree is named")
  func noTree() async {
    let error = await refusal { _ = try await readSubject(scratch.path) }
    #expect(error.message == "\(scratch.path) contains no arch/riscv/mm/init.c")
  }

  @Test("A pipe in the place of init.c is refused, and does not block")
  func pipe() async throws {
    try scratch.write("arch/riscv/mm/x", "")
    try await scratch.run("mkfifo", "arch/riscv/mm/init.c")
    let error = await refusal { _ = try await readSubject(scratch.path) }
    #expect(error.message.hasSuffix("init.c is not a regular file"))
  }

  @Test("Empty, binary and UTF-16 files are refused in one line")
  func noText() async throws {
    let empty = try scratch.write("a.c", "")
    #expect(await refusal { _ = try await readSubject(empty) }.message == "\(empty) is empty")
    let binary = try scratch.write("b.c", [0x69, 0, 0x0a])
    #expect(
      await refusal { _ = try await readSubject(binary) }.message == "\(binary) is binary, not text"
    )
    let wide = try scratch.write("c.patch", [0xff, 0xfe, 0x64, 0])
    #expect(await refusal { _ = try await readSubject(wide) }.advice?.contains("UTF-16") == true)
  }

  @Test("A file beyond 64 MiB is refused before all of it is read")
  func large() async throws {
    try await scratch.run("truncate", "-s", "65M", "large.c")
    let error = await refusal { _ = try await readSubject("\(scratch.path)/large.c") }
    #expect(error.message.contains("larger than any kernel source file"))
  }

  @Test("More lines than any kernel file has are refused")
  func lines() async throws {
    let path = try scratch.write("a.c", [UInt8](repeating: 10, count: 2_000_001))
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message.contains("more lines than any kernel source file"))
  }

  @Test("The reader of files refuses the built-in reference")
  func builtin() async {
    let error = await refusal { _ = try await readSubject("builtin") }
    #expect(error.message.contains("built-in"))
  }
}
