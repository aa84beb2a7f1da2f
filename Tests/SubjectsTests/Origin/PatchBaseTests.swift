// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("The base of a patch")
struct PatchBaseTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let main = "arch/riscv/mm/init.c"
  private static let old = (1...40).map { "line \($0)\n" }.joined()
  private static let new = old.replacing("line 4\n", with: "four\n")
    .replacing("line 20\n", with: "line 20\nmore\n").replacing("line 36\n", with: "")

  private func write(_ folder: String, _ files: [String: String]) throws {
    for (path, text) in files { try scratch.write("\(folder)/\(path)", text) }
  }

  /// Writes the difference of two folders in git's format to `name`; returns its path.
  private func diff(_ old: String, _ new: String, to name: String) async throws -> String {
    let text = try await scratch.run(
      "sh", "-c", "git diff --no-index --no-color \(old) \(new) || true")
    return try scratch.write(
      name, text.replacing("a/\(old)/", with: "a/").replacing("b/\(new)/", with: "b/"))
  }

  @Test(
    "Any subject except a patch can be a base, with all files that the patch touches",
    arguments: ["tree", "tarball", "git", "bundle"])
  func forms(kind: String) async throws {
    let header = "include/linux/odd.h"
    try write("old", [Self.main: Self.old, header: Self.old, "arch/riscv/mm/fault.c": "int f;\n"])
    try write("new", [Self.main: Self.new, header: Self.new, "arch/riscv/mm/fault.c": "int f;\n"])
    let patch = try await diff("old", "new", to: "x.patch")
    try await scratch.run("tar", "-cf", "old.tar", "old")
    try await scratch.run("git", "-C", "old", "init", "-q")
    try await scratch.run("git", "-C", "old", "add", "-A")
    try await scratch.run("git", "-C", "old", "commit", "-qm", "x")
    try await scratch.run("git", "-C", "old", "bundle", "create", "-q", "../old.bundle", "HEAD")
    let bases = [
      "tree": "old", "tarball": "old.tar", "git": "git:\(scratch.path)/old@HEAD",
      "bundle": "old.bundle",
    ]
    let name = try #require(bases[kind])
    let base = name.hasPrefix("git:") ? name : "\(scratch.path)/\(name)"
    let text = try await readSubject(patch, base: base)
    #expect(text.kind == "patch" && text.warnings.isEmpty, "\(text.warnings)")
    for path in [Self.main, header] {
      let file = try #require(text.files.first { $0.path == path }, "\(path)")
      #expect(!file.isFragment && file.texts.joined(separator: "\n") + "\n" == Self.new)
      #expect(file.lines.filter(\.isAdded).map(\.text) == ["four", "more"])
    }
    #expect(text.files.first?.path == Self.main)
    #expect(text.files.contains { $0.path == "arch/riscv/mm/fault.c" })
    #expect(text.before?.first { $0.path == header }?.texts.count == 40)
  }

  @Test("A file is the base of the touched file of its name; others stay parts of the patch")
  func file() async throws {
    try write("old", [Self.main: Self.old, "arch/riscv/mm/fault.c": Self.old])
    try write("new", [Self.main: Self.new, "arch/riscv/mm/fault.c": Self.new])
    let patch = try await diff("old", "new", to: "x.patch")
    let text = try await readSubject(patch, base: "\(scratch.path)/old/arch/riscv/mm/fault.c")
    #expect(text.files.map(\.isFragment) == [false, true])
    #expect(text.files.map(\.path) == ["arch/riscv/mm/fault.c", Self.main])
  }

  @Test(
    "The embedded reference can be a base, a patch cannot, and a tree that lacks a file is named")
  func others() async throws {
    let reference = try scratch.write("reference.inc", Self.old)
    try write("old", [Self.main: Self.old, "include/linux/odd.h": Self.old])
    try write("new", [Self.main: Self.new, "include/linux/odd.h": Self.new])
    let patch = try await diff("old", "new", to: "x.patch")
    let text = try await readSubject(patch, base: "builtin", builtin: reference)
    #expect(text.files.first?.isFragment == false && text.files.first?.path == Self.main)
    let error = await refusal { _ = try await readSubject(patch, base: patch) }
    #expect(error.message == "\(patch) is a patch itself")
    try write("sparse", [Self.main: Self.old])
    let sparse = try await readSubject(patch, base: "\(scratch.path)/sparse")
    #expect(
      sparse.warnings == [
        "\(scratch.path)/sparse has no include/linux/odd.h: only the lines in the patch are known"
      ])
  }

  @Test(
    "A base that has the patch or a part of it is reported, and so is a reversed patch")
  func held() async throws {
    try write("old", [Self.main: Self.old])
    try write("new", [Self.main: Self.new])
    let patch = try await diff("old", "new", to: "x.patch")
    let (old, new) = ("\(scratch.path)/old/\(Self.main)", "\(scratch.path)/new/\(Self.main)")
    let whole = await refusal { _ = try await readSubject(patch, base: new) }
    #expect(whole.message == "\(new) already contains the patch")
    let half = try scratch.write(
      "half.c", Self.old.replacing("line 20\n", with: "line 20\nmore\n"))
    let part = await refusal { _ = try await readSubject(patch, base: half) }
    #expect(part.message == "\(half) already contains hunk 2 of 3 of the patch, but not the rest")
    try write("less", [Self.main: Self.old.replacing("line 20\n", with: "")])
    let removal = try await diff("old", "less", to: "v.patch")
    let less = "\(scratch.path)/less/\(Self.main)"
    let round = await refusal { _ = try await readSubject(removal, base: less) }
    #expect(round.message.contains("lacks the lines that the patch removes"), "\(round.message)")
    #expect(round.advice?.contains("reversed") == true)
    let mixed = try scratch.write(
      "mixed.patch",
      initHeader
        + "@@ -3,2 +3,3 @@\n line 3\n+new\n line 4\n@@ -19,3 +20,2 @@\n line 19\n-gone\n line 20\n")
    let some = await refusal { _ = try await readSubject(mixed, base: old) }
    #expect(
      some.message.contains("lacks the lines that hunk 2 of 2 of the patch removes"),
      "\(some.message)")
    #expect(some.advice?.contains("reversed") == true)
    #expect(try await readSubject(patch, base: old).files.first?.texts.count == 40)
  }

  @Test("A patch without context is not applied twice")
  func bare() async throws {
    let patch = try scratch.write("x.patch", initHeader + "@@ -2,0 +3,2 @@\n+one\n+two\n")
    let base = try scratch.write("base.c", "a\nb\nc\n")
    #expect(
      try await readSubject(patch, base: base).files.first?.texts == ["a", "b", "one", "two", "c"])
    let held = try scratch.write("held.c", "a\nb\none\ntwo\nc\n")
    let error = await refusal { _ = try await readSubject(patch, base: held) }
    #expect(error.message == "\(held) already contains the patch")
  }
}

@Suite("Ranges and bundles")
struct GitRangeTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let main = "arch/riscv/mm/init.c"
  private static let text = (1...40).map { "line \($0)\n" }.joined()

  private func git(_ arguments: String...) async throws {
    try await scratch.run("sh", "-c", "git -C r \(arguments.joined(separator: " "))")
  }

  /// Makes a repository of three commits, tagged a, b and c, and a branch beside them.
  private func repository() async throws -> String {
    try await scratch.run("git", "init", "-q", "r")
    for (tag, text) in [
      ("a", Self.text), ("b", Self.text.replacing("line 4\n", with: "four\n")),
      ("c", Self.text.replacing("line 4\n", with: "four\n").replacing("line 20\n", with: "")),
    ] {
      try scratch.write("r/\(Self.main)", text)
      try await git("add", "-A")
      try await git("commit", "-qm", tag)
      try await git("tag", tag)
    }
    try await git("branch", "'topic@with-at'", "b")
    return "\(scratch.path)/r"
  }

  @Test("A range gives the text at its end, with its changes marked, and the text before")
  func range() async throws {
    let path = try await repository()
    let text = try await readSubject("git:\(path)@a..c")
    #expect(text.kind == "git" && !text.isFragment)
    let file = try #require(text.files.first)
    #expect(file.lines.count == 39)
    #expect(file.lines.filter(\.isAdded).map(\.text) == ["four"])
    #expect(file.lines.filter(\.followsRemoved).map(\.text) == ["four", "line 21"])
    #expect(text.before?.first?.texts.count == 40)
    for empty in ["c..c", "c..a"] {
      let error = await refusal { _ = try await readSubject("git:\(path)@\(empty)") }
      #expect(error.message.hasPrefix("\(path)@\(empty) contains no commit that changes"))
    }
  }

  @Test("A range from a branch begins at the merge base")
  func parted() async throws {
    let path = try await repository()
    try await git("checkout", "-q", "-b", "other", "a")
    try scratch.write("r/\(Self.main)", Self.text.replacing("line 30\n", with: "thirty\n"))
    try await git("commit", "-qam", "other")
    let text = try await readSubject("git:\(path)@other..b")
    #expect(text.files.first?.lines.filter(\.isAdded).map(\.text) == ["four"])
    #expect(text.before?.first?.texts.contains("thirty") == false)
  }

  @Test("Paths and revisions can hold an @")
  func marks() async throws {
    let path = try await repository()
    let branch = try await readSubject("git:\(path)@topic@with-at")
    #expect(branch.files.first?.texts.contains("four") == true)
    try await scratch.run("cp", "-r", "r", "odd@name")
    let odd = "\(scratch.path)/odd@name"
    #expect(try await readSubject("git:\(odd)@a").files.first?.texts.contains("four") == false)
    #expect(
      try await readSubject("git:\(odd)@topic@with-at").files.first?.texts.contains("four") == true)
    #expect(try await readSubject("git:\(path)@HEAD@{0}").files.first?.lines.count == 39)
  }

  @Test("A bundle is read by its only head, by a revision, and by a range")
  func bundle() async throws {
    _ = try await repository()
    try await git("bundle", "create", "-q", "../all.bundle", "--all")
    try await git("bundle", "create", "-q", "../one.bundle", "b")
    try await git("bundle", "create", "-q", "../part.bundle", "b..c")
    try await git("bundle", "create", "-q", "../tags.bundle", "a", "b")
    let all = "\(scratch.path)/all.bundle"
    let one = try await readSubject("\(scratch.path)/one.bundle")
    #expect(one.kind == "git" && one.files.first?.lines.count == 40)
    #expect(one.files.first?.displayName.hasPrefix("\(scratch.path)/one.bundle@") == true)
    for argument in ["\(all)@c", "git:\(all)@c", "\(all)@refs/tags/c"] {
      #expect(try await readSubject(argument).files.first?.lines.count == 39, "\(argument)")
    }
    #expect(
      try await readSubject("\(all)@topic@with-at").files.first?.texts.contains("four") == true)
    let range = try await readSubject("\(all)@a..c")
    #expect(range.files.first?.lines.filter(\.isAdded).map(\.text) == ["four"])
    let several = await refusal { _ = try await readSubject("\(scratch.path)/tags.bundle") }
    #expect(several.message.hasSuffix("tags.bundle has several heads"))
    let part = await refusal { _ = try await readSubject("\(scratch.path)/part.bundle") }
    #expect(part.message.hasSuffix("depends on commits that it does not contain"))
    let bytes = try Data(contentsOf: URL(filePath: all))
    let cut = try scratch.write("cut.bundle", Array(bytes.prefix(bytes.count / 2)))
    let damaged = await refusal { _ = try await readSubject(cut) }
    #expect(damaged.message.hasPrefix("\(cut) is damaged or truncated"), "\(damaged.message)")
  }
}
