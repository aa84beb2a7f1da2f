// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Subjects

@Suite("Tarballs")
struct ArchiveTests {
  let scratch: PrivateFolder

  init() throws {
    scratch = try PrivateFolder()
    try scratch.write("linux-1/Makefile", "all:\n")
    try scratch.write("linux-1/arch/riscv/include/asm/pgtable.h", "int header;\n")
    try scratch.write("linux-1/arch/riscv/kernel/setup.c", "int setup;\n")
    try scratch.write("linux-1/arch/riscv/mm/fault.c", "int fault;\n")
    try scratch.write("linux-1/arch/riscv/mm/init.c", "int x;\nint y;\n")
    try scratch.write("linux-1/mm/sparse.c", "int sparse;\n")
  }

  @Test(
    "The tree's files are found however the archive is packed",
    arguments: [".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.zst"])
  func packed(ending: String) async throws {
    try await scratch.run("tar", "-caf", "k\(ending)", "linux-1")
    let name = "\(scratch.path)/k\(ending)"
    let text = try await readSubject(name)
    #expect(text.kind == "tarball" && text.origin == name)
    #expect(
      text.files.map(\.path) == [
        "arch/riscv/mm/init.c", "arch/riscv/mm/fault.c", "arch/riscv/include/asm/pgtable.h",
      ])
    #expect(text.files.first?.texts == ["int x;", "int y;"])
    #expect(text.files.first?.displayName == "\(name):linux-1/arch/riscv/mm/init.c")
    #expect(text.files.first?.lines.last?.number == 2)
  }

  @Test("Long member names are read in both formats", arguments: ["gnu", "pax"])
  func longNames(format: String) async throws {
    let folder = String(repeating: "deep/", count: 60)
    try scratch.write("\(folder)arch/riscv/mm/init.c", "int deep;\n")
    try await scratch.run("tar", "--format=\(format)", "-cf", "k.tar", "deep")
    let file = try await readSubject("\(scratch.path)/k.tar").files.first
    #expect(file?.texts == ["int deep;"])
    #expect(file?.path == "arch/riscv/mm/init.c")
  }

  @Test("Of several trees in an archive, the one nearest to the top is read")
  func nested() async throws {
    try scratch.write("a-vendor/linux/arch/riscv/mm/init.c", "int vendor;\n")
    try await scratch.run("tar", "-cf", "k.tar", "a-vendor", "linux-1")
    var trees = TreeMembers()
    for path in ["a-vendor/linux/arch/riscv/mm/init.c", "linux-1/arch/riscv/mm/init.c"] {
      trees.insert(TarScanner.Member(path: path, bytes: Array("int \(path.count);\n".utf8)))
    }
    #expect(try trees.files { $0 }?.first?.texts == ["int 28;"])
  }

  @Test("An archive is read to its end, because a later member replaces one of the same name")
  func damagedFarBehind() async throws {
    try scratch.write("linux-1/mm/large.c", [UInt8](repeating: 0x61, count: 3 << 20))
    try await scratch.run("tar", "--sort=name", "-cf", "k.tar", "linux-1")
    try await scratch.run("truncate", "-s", "-1M", "k.tar")
    let error = await #expect(throws: Failure.self) {
      try await readSubject("\(scratch.path)/k.tar")
    }
    #expect(error?.message.contains("is truncated") == true)
  }

  @Test(
    "A truncated archive gives one clear line",
    arguments: [".tar", ".tar.gz", ".tar.xz", ".tar.zst"])
  func truncated(ending: String) async throws {
    // Noise comes first, so that the truncated stream ends before the tree.
    var generator = SystemRandomNumberGenerator()
    let noise = (0..<(1 << 20)).map { _ in UInt8.random(in: 0...255, using: &generator) }
    try scratch.write("linux-1/a-noise", noise)
    try await scratch.run("tar", "--sort=name", "-caf", "k\(ending)", "linux-1")
    try await scratch.run("truncate", "-s", "500000", "k\(ending)")
    let error = await refusal { _ = try await readSubject("\(scratch.path)/k\(ending)") }
    #expect(error.message.hasPrefix("\(scratch.path)/k\(ending) is "), "\(error.message)")
    #expect(error.message.contains("truncated"), "\(error.message)")
    #expect(!error.message.contains("\n"))
  }

  @Test("A file that only looks like an archive is refused")
  func garbage() async throws {
    let path = try scratch.write("k.tar", String(repeating: "no archive at all\n", count: 100))
    #expect(
      await refusal { _ = try await readSubject(path) }.message == "\(path) is not a tar archive")
    let bad = try scratch.write(
      "k.tar.gz", [0x1f, 0x8b] + [UInt8](repeating: 7, count: 900))
    #expect(
      await refusal { _ = try await readSubject(bad) }.message.contains("damaged or truncated"))
    let empty = try scratch.write("e.tar", "")
    #expect(await refusal { _ = try await readSubject(empty) }.message == "\(empty) is empty")
  }

  @Test("A link in the place of init.c is not followed")
  func link() async throws {
    try scratch.write("t/real.c", "int secret;\n")
    try scratch.write("t/arch/riscv/mm/x", "")
    try FileManager.default.createSymbolicLink(
      atPath: "\(scratch.path)/t/arch/riscv/mm/init.c", withDestinationPath: "../../../real.c")
    try await scratch.run("tar", "-cf", "k.tar", "t")
    let error = await refusal { _ = try await readSubject("\(scratch.path)/k.tar") }
    #expect(error.message.hasSuffix("t/arch/riscv/mm/init.c is a link, and links are not followed"))
  }

  @Test("Members with climbing or absolute paths are not read, and nothing is written")
  func climbing() async throws {
    try await scratch.run(
      "tar", "-P", "--transform=s,^linux-1,../../linux-1,", "-cf", "up.tar", "linux-1")
    try await scratch.run(
      "tar", "-P", "--transform=s,^linux-1,/linux-1,", "-cf", "abs.tar", "linux-1")
    let before = try FileManager.default.subpathsOfDirectory(atPath: scratch.path)
    for name in ["up.tar", "abs.tar"] {
      let error = await refusal { _ = try await readSubject("\(scratch.path)/\(name)") }
      #expect(error.message == "\(scratch.path)/\(name) contains no arch/riscv/mm/init.c")
    }
    #expect(try FileManager.default.subpathsOfDirectory(atPath: scratch.path) == before)
  }

  @Test("A missing unpacker is named")
  func noUnpacker() async throws {
    try await scratch.run("tar", "-caf", "k.tar.xz", "linux-1")
    let reader = SubjectReader(searchPath: [scratch.path])
    let error = await refusal {
      _ = try await reader.read(.tarball(path: "\(scratch.path)/k.tar.xz"))
    }
    #expect(error.message == "xz was not found on PATH")
  }
}
