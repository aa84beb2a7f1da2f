// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Lab
@testable import Reports

/// Checks many subjects and compares them in one table.
@Suite("A fleet")
struct FleetTests {
  private static let destructorFix = "21f1b85c8912"
  private static let foldingFix = "a0188cc13369"

  /// The reference without the given fixes.
  static func reference(without fixes: Set<String>) throws -> String {
    var text = try VariantFiles.reference()
    func replace(_ old: String, _ new: String) throws {
      try #require(text.ranges(of: old).count == 1, "\(old)")
      text = text.replacing(old, with: new)
    }
    if fixes.contains(destructorFix) {
      try replace("\tif (!is_vmemmap)\n\t\tpagetable_pmd_dtor(", "\tpagetable_pmd_dtor(")
    }
    if fixes.contains(foldingFix) {
      try replace(
        "pgtable_l4_enabled ? &pud_base[pud_index(addr)] : pud_base", "&pud_base[pud_index(addr)]")
      try replace(
        "pgtable_l5_enabled ? &p4d_base[p4d_index(addr)] : p4d_base", "&p4d_base[p4d_index(addr)]")
    }
    return text
  }

  /// The subjects in a fleet's JSON, by their names on the command line.
  private static func subjects(_ path: String) throws -> [String: [String: JSON]] {
    let data = try #require(FileManager.default.contents(atPath: path))
    let fleet = try #require(try JSONDecoder().decode(JSON.self, from: data).object)
    #expect(fleet["schema"]?.string == "mhpcheck.fleet/1")
    let rows = try #require(fleet["subjects"]?.array).compactMap(\.object)
    return Dictionary(uniqueKeysWithValues: rows.map { ($0["subject"]?.string ?? "", $0) })
  }

  @Test(
    "distinguishes two kernels, the reference, and texts without one of the fixes",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func bar() async throws {
    let scratch = try PrivateFolder()
    try scratch.write("no-dtor-fix.c", Self.reference(without: [Self.destructorFix]))
    try scratch.write("no-folding-fix.c", Self.reference(without: [Self.foldingFix]))
    let outcome = try await Program.run(
      [
        "fleet", "debian:linux-source-6.1", "debian:linux-source-6.12", "builtin", "no-dtor-fix.c",
        "no-folding-fix.c", "--json", "fleet.json", "--markdown", "fleet.md", "--html",
        "fleet.html",
      ], folder: scratch.path)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(outcome.errors.isEmpty)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.allSatisfy { $0.count <= 100 }, "\(outcome.output)")
    let subjects = try Self.subjects(scratch.file("fleet.json"))
    let expected: [(String, String, String, String)] = [
      ("debian:linux-source-6.1", "absent", "absent", "absent"),
      ("debian:linux-source-6.12", "conforms", "present", "present"),
      ("builtin", "conforms", "present", "present"),
      ("no-dtor-fix.c", "missing-fixes", "missing", "present"),
      ("no-folding-fix.c", "missing-fixes", "present", "missing"),
    ]
    for (name, verdict, destructor, folding) in expected {
      let subject = try #require(subjects[name])
      #expect(subject["verdict"]?.string == verdict, "\(name)")
      let fixes = try #require(subject["fixes"]?.object)
      #expect(fixes[Self.destructorFix]?.string == destructor, "\(name)")
      #expect(fixes[Self.foldingFix]?.string == folding, "\(name)")
    }
    #expect(outcome.words.contains("lacks the surface"))
    for file in ["fleet.md", "fleet.html"] {
      let text = try String(contentsOfFile: scratch.file(file), encoding: .utf8)
      for (name, verdict, _, _) in expected {
        #expect(text.contains(name) && text.contains(verdict), "\(file), \(name)")
      }
    }
  }

  @Test("shows an unreadable subject as a row with the reason, and keeps all other rows")
  func unreadable() async throws {
    let scratch = try PrivateFolder()
    try scratch.write("good.c", VariantFiles.reference())
    try scratch.write(
      "bad.c", VariantFiles.reference().replacing("flush_tlb_all();", with: "no();"))
    let outcome = try await Program.run(
      [
        "fleet", "bad.c", "missing.c", "good.c", "--mode", "sv39", "--json", "fleet.json",
      ], folder: scratch.path)
    #expect(outcome.status == 3, "\(outcome.testDescription)")
    let subjects = try Self.subjects(scratch.file("fleet.json"))
    #expect(subjects["good.c"]?["verdict"]?.string == "conforms")
    for name in ["bad.c", "missing.c"] {
      #expect(subjects[name]?["verdict"]?.string == "unbuildable")
      #expect(subjects[name]?["what"]?.string?.contains(name) == true)
    }
    #expect(outcome.words.contains("unbuildable: missing.c: no such file or folder"))
  }

  @Test("exits with 0 if all conform, and with 1 if one differs")
  func statuses() async throws {
    let scratch = try PrivateFolder()
    try scratch.write("none.c", Self.reference(without: [Self.destructorFix, Self.foldingFix]))
    let options = ["--mode", "sv48", "--quiet"]
    let fine = try await Program.run(["fleet", "builtin", "builtin"] + options)
    #expect(fine.status == 0, "\(fine.testDescription)")
    let lacking = try await Program.run(
      ["fleet", "builtin", "none.c"] + options, folder: scratch.path)
    #expect(lacking.status == 1, "\(lacking.testDescription)")
    #expect(lacking.output.hasPrefix("1 of 2 conforms to latest "))
    let older = try await Program.run(
      ["fleet", "none.c", "--against", "as-merged"] + options, folder: scratch.path)
    #expect(older.status == 0, "\(older.testDescription)")
  }

  @Test(
    "answers wrong usage in one line: no subject, standard input twice, two documents on stdout")
  func usage() async throws {
    try await Program.run(["fleet"]).isOneLine(status: 2)
    try await Program.run(["fleet", "-", "-"]).isOneLine(status: 2, mentions: ["standard input"])
    try await Program.run(["fleet", "builtin", "--json", "-", "--html", "-"])
      .isOneLine(status: 2, mentions: ["standard output"])
    try await Program.run(["fleet", "builtin", "--base", "x.c"])
      .isOneLine(status: 2, mentions: ["--base"])
  }

  @Test("escapes a hostile file name on a terminal, in Markdown and in HTML")
  func hostileName() async throws {
    let scratch = try PrivateFolder()
    let name = "a|`b`<script>alert(1)<\u{1b}[31m>\n| x | y |\u{202e}.c"
    try scratch.write(name, Self.reference(without: [Self.destructorFix]))
    let outcome = try await Program.run(
      ["fleet", name, "--mode", "sv48", "--markdown", "f.md", "--html", "f.html"],
      folder: scratch.path)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(!outcome.output.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    #expect(!outcome.output.contains("\n| x | y |"))
    let markdown = try String(contentsOfFile: scratch.file("f.md"), encoding: .utf8)
    #expect(!markdown.contains("\n| x | y |"))
    let rows = markdown.split(separator: "\n").filter { $0.contains("alert(1)") }
    // A code span with more backticks than the name contains; its bars are escaped.
    #expect(rows.allSatisfy { $0.contains("``a\\|`b`<script>alert(1)") }, "\(rows)")
    let html = try String(contentsOfFile: scratch.file("f.html"), encoding: .utf8)
    #expect(!html.contains("<script>alert") && html.contains("&lt;script&gt;"))
    #expect(!html.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
  }

  @Test("writes its comparison as Markdown and as HTML with the content of the text")
  func comparison() async throws {
    let scratch = try PrivateFolder()
    try scratch.write("older.c", Self.reference(without: [Self.destructorFix]))
    let outcome = try await Program.run(
      [
        "compare", "builtin", "older.c", "--mode", "sv48", "--markdown", "c.md", "--html", "c.html",
      ], folder: scratch.path)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(outcome.words.contains("different: in free_pmd_table"))
    for file in ["c.md", "c.html"] {
      let text = try String(contentsOfFile: scratch.file(file), encoding: .utf8)
      #expect(text.contains("older.c") && text.contains("free_pmd_table"), "\(file)")
      #expect(text.contains("the port agrees with A"), "\(file)")
      #expect(text.contains("mhpcheck replay "), "\(file)")
    }
  }
}
