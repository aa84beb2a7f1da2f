// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("The repository's own series, patch by patch")
struct SeriesPatchTests {
  private static let folder = Repository.root.appending(path: "patches").path

  private static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".patch") }.sorted()
  }

  private static func text(_ name: String) throws -> String {
    let data = try #require(FileManager.default.contents(atPath: "\(folder)/\(name)"))
    return String(decoding: data, as: UTF8.self)
  }

  /// The commit of a patch, from the patch's file name.
  private static func commit(_ name: String) -> String { String(name.split(separator: "-")[1]) }

  @Test("is complete") func complete() async throws {
    let rows = try await SeriesRows.of(Self.folder, status: 0)
    #expect(rows.subject.kind == "series")
    #expect(rows.commits.allSatisfy { $0.status == "present" }, "\(rows.text)")
    let names = try Self.names()
    #expect(Set(names.map(Self.commit)) == Set(SeriesRows.commits).subtracting([SeriesRows.merge]))
  }

  @Test("lacks exactly one commit if its patch is left out, whichever it is")
  func without() async throws {
    for name in try Self.names() {
      let scratch = try PrivateFolder()
      for other in try Self.names() where other != name {
        try scratch.write(other, try Self.text(other))
      }
      let rows = try await SeriesRows.of(scratch.path, status: 1)
      let commit = Self.commit(name)
      #expect(Array(rows.lacking.keys) == [commit], "without \(name):\n\(rows.text)")
      let isMerged = !["21f1b85c8912", "a0188cc13369"].contains(commit)
      #expect(try rows[SeriesRows.merge].status == (isMerged ? "partial" : "present"))
    }
  }

  @Test("is also complete as one mailbox, and in the order of a file named series")
  func otherForms() async throws {
    let scratch = try PrivateFolder()
    let names = try Self.names()
    let box = try names.map { try Self.text($0) }.joined(separator: "\n")
    let rows = try await SeriesRows.of(scratch.write("all.mbox", box), status: 0)
    #expect(rows.subject.kind == "patch" && rows.lacking.isEmpty)
    // The names sort in the reverse order, and the order leaves out one patch.
    for (index, name) in names.enumerated() {
      try scratch.write("quilt/\(99 - index)-x.patch", try Self.text(name))
    }
    try scratch.write("quilt/00-not-in-it.patch", "no patch at all\n")
    let order = names.indices.map { "\(99 - $0)-x.patch -p1 # \(names[$0])\n" }.joined()
    try scratch.write("quilt/series", "# the order\n\n" + order)
    #expect(try await SeriesRows.of(scratch.file("quilt"), status: 0).lacking.isEmpty)
    try scratch.write("quilt/series", order + "gone.patch\n")
    try await Program.run(["series", scratch.file("quilt")])
      .isOneLine(status: 3, mentions: ["gone.patch"])
  }

  @Test(
    "A single patch has its own commit present and all others absent",
    arguments: [("0008-", "f8c2a240556e"), ("0005-", "6e6c5e21b8cb"), ("0007-", "37992b7f1097")])
  func single(beginning: String, commit: String) async throws {
    let name = try #require(try Self.names().first { $0.hasPrefix(beginning) })
    let rows = try await SeriesRows.of("\(Self.folder)/\(name)", status: 1)
    let present = rows.commits.filter { $0.status == "present" }.map(\.commit)
    #expect(present == [commit], "\(rows.text)")
  }

  @Test("A range of commits gives the patches of its commits")
  func range() async throws {
    let scratch = try PrivateFolder()
    try await scratch.run("git", ["init", "-q", "."])
    func commit(_ path: String, _ text: String) async throws {
      try scratch.write(path, text)
      try await scratch.run("git", ["add", "-A"])
      try await scratch.run("git", ["commit", "-q", "-m", "change \(path)"])
    }
    let kconfig = "config RISCV\n\tdef_bool y\n\tselect ONE\n\tselect TWO\n"
    try await commit("arch/riscv/Kconfig", kconfig)
    try await commit("arch/riscv/mm/init.c", "int x;\n")
    try await commit(
      "arch/riscv/Kconfig", kconfig + "\tselect ARCH_WANT_OPTIMIZE_DAX_VMEMMAP\n")
    let rows = try await SeriesRows.of("git:\(scratch.path)@HEAD~1..HEAD", status: 1)
    #expect(try rows["4705c1571ad3"].status == "present", "\(rows.text)")
    let empty = try await Program.run(["series", "git:\(scratch.path)@HEAD..HEAD"])
    empty.isOneLine(status: 3, mentions: ["contains no commit"])
    let odd = try await Program.run(["series", "git:\(scratch.path)@HEAD...HEAD"])
    odd.isOneLine(status: 3, mentions: ["A..B"])
  }

  @Test("The cases that it names for the fixes differ without them")
  func scenarios() async throws {
    for (commit, other) in [("21f1b85c8912", "a0188cc13369"), ("a0188cc13369", "21f1b85c8912")] {
      let scenario = try #require(SeriesCommit(rawValue: commit)?.scenario)
      let with = try await Program.run(["replay", scenario, "builtin"])
      #expect(with.status == 0, "\(with.testDescription)")
      let without = try await Program.run(["replay", scenario, "builtin", "--against", other])
      #expect(without.status == 1, "\(without.testDescription)")
    }
  }
}
