// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("Git repositories")
struct GitTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  /// Makes a repository of two commits; returns their names.
  private func repository() async throws -> [String] {
    try await scratch.run("git", "init", "-q", "r")
    try scratch.write("r/arch/riscv/mm/init.c", "int first;\n")
    try scratch.write("r/arch/riscv/mm/fault.c", "int fault;\n")
    try scratch.write("r/arch/riscv/include/asm/pgtable.h", "int header;\n")
    let first = try await commit()
    try scratch.write("r/arch/riscv/mm/init.c", "int second;\n")
    return [first, try await commit()]
  }

  private func commit() async throws -> String {
    try await scratch.run("git", "-C", "r", "add", "-A")
    try await scratch.run("git", "-C", "r", "commit", "-q", "--no-gpg-sign", "-m", "x")
    return try await scratch.run("git", "-C", "r", "rev-parse", "HEAD").trimmed()
  }

  private var path: String { "\(scratch.path)/r" }

  @Test("A revision is read without a checkout, and the origin names its commit")
  func revision() async throws {
    let commits = try await repository()
    let text = try await readSubject("git:\(path)@HEAD~1")
    #expect(text.kind == "git")
    #expect(text.origin == "git:\(path)@HEAD~1 (\(commits[0]))")
    #expect(text.files.first?.texts == ["int first;"])
    #expect(text.files.first?.displayName == "\(path)@HEAD~1:arch/riscv/mm/init.c")
    #expect(
      text.files.dropFirst().map(\.path) == [
        "arch/riscv/mm/fault.c", "arch/riscv/include/asm/pgtable.h",
      ])
    #expect(
      try await readSubject("git:\(path)@\(commits[1].prefix(12))").files.first?.texts == [
        "int second;"
      ])
  }

  @Test("An unknown revision, one that is no commit, and one that is an option are refused")
  func unknown() async throws {
    _ = try await repository()
    for revision in ["v9.9", "HEAD:arch", "HEAD~9"] {
      let error = await refusal { _ = try await readSubject("git:\(path)@\(revision)") }
      #expect(error.message == "\(path) has no commit \"\(revision)\"")
    }
    let option = await refusal { _ = try await readSubject("git:\(path)@--all") }
    #expect(option.message == "\"--all\" is an option, not a revision")
  }

  @Test("A folder that is no repository, and a path that is no folder, are named")
  func noRepository() async throws {
    let folder = await refusal { _ = try await readSubject("git:\(scratch.path)@HEAD") }
    #expect(folder.message == "\(scratch.path) is not a git repository")
    let missing = await refusal { _ = try await readSubject("git:\(path)/no@HEAD") }
    #expect(missing.message == "\(path)/no is not a folder, so not a git repository")
  }

  @Test("A repository of something else is named")
  func otherProject() async throws {
    try await scratch.run("git", "init", "-q", "r")
    try scratch.write("r/main.c", "int x;\n")
    _ = try await commit()
    let error = await refusal { _ = try await readSubject("git:\(path)@HEAD") }
    #expect(error.message == "revision HEAD of \(path) contains no arch/riscv/mm/init.c")
  }

  @Test("The repository's own configuration runs no program")
  func hostile() async throws {
    _ = try await repository()
    try scratch.write("r/.git/info/attributes", "*.c diff=evil filter=evil\n")
    let touch = "touch \(scratch.path)/ran"
    for key in [
      "diff.evil.textconv", "diff.external", "filter.evil.smudge", "core.fsmonitor", "core.pager",
    ] {
      try await scratch.run("git", "-C", "r", "config", key, touch)
    }
    #expect(try await readSubject("git:\(path)@HEAD").files.first?.texts == ["int second;"])
    #expect(!FileManager.default.fileExists(atPath: "\(scratch.path)/ran"))
  }

  @Test("A link in the place of init.c is not read")
  func link() async throws {
    _ = try await repository()
    try FileManager.default.removeItem(atPath: "\(path)/arch/riscv/mm/init.c")
    try FileManager.default.createSymbolicLink(
      atPath: "\(path)/arch/riscv/mm/init.c", withDestinationPath: "fault.c")
    _ = try await commit()
    let error = await refusal { _ = try await readSubject("git:\(path)@HEAD") }
    #expect(error.message == "revision HEAD of \(path) contains no arch/riscv/mm/init.c")
  }

  @Test("Without git, the error names the program")
  func noGit() async throws {
    let reader = SubjectReader(searchPath: [scratch.path])
    let error = await refusal {
      _ = try await reader.read(.git(path: scratch.path, revision: "HEAD"))
    }
    #expect(error.message == "git was not found on PATH")
  }
}
