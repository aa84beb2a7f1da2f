// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("Repositories behind URLs")
struct RemoteTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  /// Makes a repository of two commits, the first of which has the tag v1; returns its URL.
  private func repository(selects: Bool = true) async throws -> String {
    try await scratch.run("git", "init", "-q", "r")
    try await scratch.run(
      "git", "-C", "r", "config", "uploadpack.allowFilter", selects ? "true" : "false")
    try scratch.write("r/arch/riscv/include/asm/pgtable.h", "int header;\n")
    try scratch.write("r/other.c", "int other;\n")
    for name in ["first", "second"] {
      try scratch.write("r/arch/riscv/mm/init.c", "int \(name);\n")
      try await scratch.run("git", "-C", "r", "add", "-A")
      try await scratch.run("git", "-C", "r", "commit", "-q", "--no-gpg-sign", "-m", name)
      if name == "first" { try await scratch.run("git", "-C", "r", "tag", "v1") }
    }
    return "file://\(scratch.path)/r"
  }

  @Test(
    "are read at a revision or at their HEAD, from servers that select files and from others",
    arguments: [true, false])
  func revisions(selects: Bool) async throws {
    let url = try await repository(selects: selects)
    let head = try await scratch.run("git", "-C", "r", "rev-parse", "HEAD").trimmed()
    let text = try await readSubject("git:\(url)@v1")
    #expect(text.kind == "git")
    #expect(text.files.first?.texts == ["int first;"])
    #expect(text.files.first?.displayName == "\(url)@v1:arch/riscv/mm/init.c")
    #expect(text.files.map(\.path).contains("arch/riscv/include/asm/pgtable.h"))
    for argument in [url, "git:\(url)", "\(url)@\(head)"] {
      #expect(try await readSubject(argument).files.first?.texts == ["int second;"])
    }
    #expect(try await readSubject(url).origin == "git:\(url)@HEAD (\(head))")
  }

  @Test("that are not there, or lack the revision or the file, are named in one line")
  func missing() async throws {
    let url = try await repository()
    let none = await refusal { _ = try await readSubject("\(url)/none") }
    #expect(none.message.hasPrefix("git cannot fetch from \(url)/none: "))
    let revision = await refusal { _ = try await readSubject("\(url)@v9") }
    #expect(revision.message.contains("v9"), "\(revision.message)")
    try await scratch.run("git", "-C", "r", "rm", "-q", "arch/riscv/mm/init.c")
    try await scratch.run("git", "-C", "r", "commit", "-q", "--no-gpg-sign", "-m", "x")
    let file = await refusal { _ = try await readSubject(url) }
    #expect(file.message == "revision HEAD of \(url) contains no arch/riscv/mm/init.c")
  }

  @Test("are told from paths, and a name of a user from a revision")
  func forms() throws {
    let forms: [(String, String, String)] = [
      ("https://example.org/linux.git", "https://example.org/linux.git", "HEAD"),
      ("git:https://example.org/linux.git@v6.12", "https://example.org/linux.git", "v6.12"),
      ("git://example.org/linux@a/b", "git://example.org/linux", "a/b"),
      ("https://me@example.org/linux", "https://me@example.org/linux", "HEAD"),
      ("http://me@example.org/linux@v1", "http://me@example.org/linux", "v1"),
      ("file:///srv/linux@v1", "file:///srv/linux", "v1"),
    ]
    for (argument, url, revision) in forms {
      #expect(
        try SubjectReference(argument: argument) == .remote(url: url, revision: revision),
        "\(argument)")
    }
  }

  @Test(
    "are not asked for what could be more than a revision",
    arguments: ["", "-x", "a:b", "+a", "a..b", "a b", "a^", "a~1", "a*"])
  func oddRevisions(revision: String) async {
    let error = await refusal {
      _ = try SubjectReference(argument: "https://example.org/linux@\(revision)")
    }
    #expect(error.message == "\"\(revision)\" cannot be fetched")
  }

  @Test("are not read through programs: other protocols are paths that do not exist")
  func protocols() async {
    for argument in ["ext::sh -c touch% ran", "ssh://example.org/linux", "git:ext::x@v1"] {
      let error = await refusal { _ = try await readSubject(argument) }
      #expect(error.status == .unreadable)
    }
  }

  @Test("and other subjects may stand in a list, one a line")
  func list() async throws {
    let path = try scratch.write(
      "list", "# trees\n\nhttps://example.org/linux@v1\r\n  a b.patch \t\n#none\ngit:r@v1")
    #expect(
      try SubjectList.read(path) == ["https://example.org/linux@v1", "a b.patch", "git:r@v1"])
    let empty = try scratch.write("empty", "# nothing\n\n")
    let none = await refusal { _ = try SubjectList.read(empty) }
    #expect(none.message == "\(empty) lists no subject")
    let input = try scratch.write("input", "a.c\n-\n")
    #expect(await refusal { _ = try SubjectList.read(input) }.message.contains("standard input"))
    #expect(await refusal { _ = try SubjectList.read("/dev/zero") }.status == .unreadable)
  }
}
