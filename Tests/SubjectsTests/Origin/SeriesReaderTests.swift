// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("The source of a series")
struct SeriesReaderTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private func read(_ argument: String) async throws -> SubjectText {
    try await SeriesReader(cacheFolder: scratch.path).read(SubjectReference(argument: argument))
  }

  private static func patch(_ path: String, _ line: String) -> String {
    "--- a/\(path)\n+++ b/\(path)\n@@ -1,0 +2 @@\n+\(line)\n"
  }

  @Test("A tree gives its Kconfig and ptdump files in addition to those of a subject")
  func tree() async throws {
    for path in [
      "arch/riscv/mm/init.c", "arch/riscv/mm/ptdump.c", "arch/riscv/Kconfig",
      "arch/riscv/Kconfig.socs", "arch/riscv/kvm/Kconfig", "arch/arm64/Kconfig", "mm/Kconfig",
      "mm/ptdump.c", "mm/sparse-vmemmap.c", "mm/memory.c", "drivers/virtio/Kconfig",
    ] {
      try scratch.write("tree/\(path)", "x\n")
    }
    let expected: Set = [
      "arch/riscv/mm/init.c", "arch/riscv/mm/ptdump.c", "arch/riscv/Kconfig",
      "arch/riscv/Kconfig.socs", "mm/Kconfig", "mm/ptdump.c", "mm/sparse-vmemmap.c",
      "drivers/virtio/Kconfig",
    ]
    let text = try await read("\(scratch.path)/tree")
    #expect(Set(text.files.map(\.path)) == expected)
    #expect(text.kind == "tree" && !text.isFragment)
    #expect(text.files.first?.path == "arch/riscv/mm/init.c")
    try await scratch.run("tar", "-cf", "tree.tar", "tree")
    #expect(Set(try await read("\(scratch.path)/tree.tar").files.map(\.path)) == expected)
    try await scratch.run("git", "-C", "tree", "init", "-q")
    try await scratch.run("git", "-C", "tree", "add", "-A")
    try await scratch.run("git", "-C", "tree", "commit", "-qm", "x")
    let revision = try await read("git:\(scratch.path)/tree@HEAD")
    #expect(Set(revision.files.map(\.path)) == expected)
    #expect(try await readSubject("\(scratch.path)/tree").files.count == 3)
  }

  @Test("A folder of patches is read in the order of its names, each line with its own patch")
  func folder() async throws {
    try scratch.write("p/0002-b.patch", Self.patch("mm/Kconfig", "two"))
    try scratch.write("p/0001-a.patch", Self.patch("arch/riscv/Kconfig", "one"))
    try scratch.write("p/notes.txt", "no patch\n")
    try scratch.write("p/defects/0003-c.patch", Self.patch("mm/Kconfig", "three"))
    let text = try await read("\(scratch.path)/p")
    #expect(text.kind == "series" && text.isFragment)
    #expect(text.files.map(\.path) == ["arch/riscv/Kconfig", "mm/Kconfig"])
    #expect(text.files.map(\.texts) == [["one"], ["two"]])
    #expect(text.files[1].lines[0].displayName == "\(scratch.path)/p/0002-b.patch")
    #expect(text.files[1].lines[0].number == 4)
  }

  @Test("A folder with neither a tree nor a patch, and an order that leaves it, are refused")
  func refused() async throws {
    try scratch.write("none/x.txt", "x\n")
    let none = await refusal { _ = try await read("\(scratch.path)/none") }
    #expect(none.message.hasSuffix("contains no arch/riscv/mm/init.c"))
    try scratch.write("climb/series", "../x.patch\n")
    let climb = await refusal { _ = try await read("\(scratch.path)/climb") }
    #expect(climb.message.hasSuffix("../x.patch points outside the folder"))
    try scratch.write("empty/series", "# nothing\n")
    let empty = await refusal { _ = try await read("\(scratch.path)/empty") }
    #expect(empty.message.hasSuffix("contains neither arch/riscv/mm/init.c nor a patch"))
    try FileManager.default.createDirectory(
      atPath: "\(scratch.path)/odd/x.patch", withIntermediateDirectories: true)
    let odd = await refusal { _ = try await read("\(scratch.path)/odd") }
    #expect(odd.message.hasSuffix("nor a patch"))
  }

  @Test(
    "A range needs two ends", arguments: ["x..", "..x", "x...y", "x..y..z", "x..-o"])
  func ranges(text: String) async {
    let error = await refusal { _ = try SubjectReference(argument: "git:here@\(text)") }
    #expect(error.message.contains("not a range of two revisions"))
  }

  @Test("The programs that a repository's attributes and settings name do not run for its patches")
  func repositoryPrograms() async throws {
    try scratch.write("r/arch/riscv/Kconfig", "one\n")
    try scratch.write("r/arch/riscv/mm/init.c", "int x;\n")
    try await scratch.run("git", "-C", "r", "init", "-q")
    try await scratch.run("git", "-C", "r", "add", "-A")
    try await scratch.run("git", "-C", "r", "commit", "-qm", "x")
    try scratch.write("r/arch/riscv/Kconfig", "one\ntwo\n")
    try scratch.write("r/.gitattributes", "* diff=evil\n")
    try await scratch.run("git", "-C", "r", "add", "-A")
    try await scratch.run("git", "-C", "r", "commit", "-qm", "y")
    for key in ["diff.evil.command", "diff.evil.textconv", "diff.external"] {
      try await scratch.run("git", "-C", "r", "config", key, "touch \(scratch.path)/ran; true")
    }
    try await scratch.run("git", "-C", "r", "config", "diff.noprefix", "true")
    let text = try await read("git:\(scratch.path)/r@HEAD~1..HEAD")
    #expect(text.files.map(\.path) == ["arch/riscv/mm/init.c", "arch/riscv/Kconfig"])
    #expect(text.files.map { $0.lines.count(where: \.isAdded) } == [0, 1])
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/ran"))
  }
}
