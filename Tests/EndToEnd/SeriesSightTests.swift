// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("A series whose subject shows only part of the text")
struct SeriesSightTests {
  private static let main = KernelSource.mainPath

  /// A repository with two commits: 6.12 without the changes of small hunks of the series, then 6.12.
  private func history() async throws -> SeriesTree {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    let data = try #require(FileManager.default.contents(atPath: tree.folder.file(Self.main)))
    try tree.edit(
      Self.main, /vmemmap_populate_hugepages\(start, end, node, altmap\)/
    ) { _ in "vmemmap_populate_hugepages(start, end, node, NULL)" }
    try tree.edit(
      Self.main, /\tif \(IS_ENABLED\(CONFIG_MEMORY_HOTPLUG\)\) \{\n(?s:.*?)\n\t\}\n/
    ) { _ in "" }
    try tree.edit(Self.main, /, const pgprot_t \*pgprot\)/) { _ in ")" }
    try tree.edit(Self.main, /pgprot \? \*pgprot : pgprot_from_va/) { _ in "pgprot_from_va" }
    try await commit(tree, "before")
    try tree.folder.write(Self.main, [UInt8](data))
    try await commit(tree, "after")
    return tree
  }

  private func commit(_ tree: SeriesTree, _ title: String) async throws {
    try await tree.folder.run("git", ["init", "-q", "."])
    try await tree.folder.run("git", ["add", "-A"])
    try await tree.folder.run("git", ["commit", "-q", "-m", title])
  }

  @Test(
    "A function that a hunk shows in part is unknown: in a mailbox, a folder or a range",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func parts() async throws {
    let tree = try await history()
    let patches = try PrivateFolder()
    try await tree.folder.run("git", ["format-patch", "-q", "-o", patches.path, "HEAD~1"])
    let mail = try #require(
      try FileManager.default.contentsOfDirectory(atPath: patches.path).first)
    for subject in [patches.path, patches.file(mail)] {
      let rows = try await SeriesRows.of(subject, status: 1)
      for commit in ["e3ecf2fdc8f3", "66673099f734", "007480fe84a9"] {
        let row = try rows[commit]
        #expect(row.word == "unknown", "\(subject):\n\(rows.text)")
        #expect(row.evidence.contains("only in part"), "\(row)")
        #expect(row.evidence.contains("give a base"), "\(row)")
      }
      // A patch does not bring what it does not touch.
      #expect(try rows["0546d7043e55"].word == "absent", "\(rows.text)")
    }
    let range = try await Program.run([
      "series", "git:\(tree.path)@HEAD~1..HEAD", "--json", "-",
    ])
    let rows = try JSONDecoder().decode(SeriesRows.self, from: Data(range.output.utf8))
    for commit in ["e3ecf2fdc8f3", "66673099f734", "007480fe84a9"] {
      #expect(try ["present", "unknown"].contains(rows[commit].word), "\(rows.text)")
    }
  }

  @Test(
    "A fix's own patch has the fix",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() },
    arguments: ["21f1b85c8912", "a0188cc13369"])
  func fix(commit: String) async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    let data = try #require(FileManager.default.contents(atPath: tree.folder.file(Self.main)))
    if commit == "21f1b85c8912" {
      try tree.edit(Self.main, /if \(!is_vmemmap\)\n\t\tpagetable_pmd_dtor/) { _ in
        "pagetable_pmd_dtor"
      }
      try tree.edit(Self.main, /(pmd_t \*pmd_start, pud_t \*pud), bool is_vmemmap/) {
        String($0.output.1)
      }
      try tree.edit(Self.main, /(free_pmd_table\(pmd_base, pudp), is_vmemmap/) {
        String($0.output.1)
      }
    } else {
      try tree.edit(
        Self.main, /pgtable_l[45]_enabled \? (p.d_base \+ p.d_index\(addr\)) : p.d_base/
      ) {
        String($0.output.1)
      }
    }
    try await self.commit(tree, "before")
    try tree.folder.write(Self.main, [UInt8](data))
    try await self.commit(tree, "the fix")
    let patches = try PrivateFolder()
    try await tree.folder.run("git", ["format-patch", "-q", "-o", patches.path, "HEAD~1"])
    let rows = try await SeriesRows.of(patches.path, status: 1)
    #expect(try rows[commit].word == "present", "\(rows.text)")
    // The patch shows only parts of the functions that it changes.
    #expect(try rows["c75a74f4ba19"].word == "unknown", "\(rows.text)")
    // The reverse patch removes the fix.
    try await tree.folder.run("git", ["revert", "--no-edit", "HEAD"])
    try await tree.folder.run("git", ["format-patch", "-q", "-o", patches.file("back"), "HEAD~1"])
    let back = try await SeriesRows.of(patches.file("back"), status: 1)
    #expect(try back[commit].word == "absent", "\(back.text)")
  }

  @Test(
    "What a lone file cannot show is unknown, and there is no advice to pick it",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func lone() async throws {
    let folder = try PrivateFolder()
    try folder.write("init.c", try await KernelSource.new.value.text)
    let rows = try await SeriesRows.of(folder.file("init.c"), status: 1)
    let unseen: Set = [
      "6e6c5e21b8cb", "37992b7f1097", "f8c2a240556e", "0546d7043e55", "216e04bf1e4d",
      "4705c1571ad3",
    ]
    #expect(Set(rows.lacking.keys) == unseen, "\(rows.text)")
    for commit in unseen {
      let row = try rows[commit]
      #expect(row.word == "unknown" && row.evidence.contains("does not include"), "\(row)")
    }
    #expect(try rows[SeriesRows.merge].word == "unknown", "\(rows.text)")
    let text = try await Program.run(["series", folder.file("init.c"), "-q"])
    #expect(text.output.hasPrefix("undecided: 7 commits present; 6 cannot be seen"))
  }

  @Test(
    "A sparse tree without the file of a commit has that commit as unknown, not as absent",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() },
    arguments: [
      ("mm/ptdump.c", "37992b7f1097"), ("drivers/virtio/Kconfig", "0546d7043e55"),
      ("arch/riscv/include/asm/page.h", "6e6c5e21b8cb"), ("arch/riscv/mm/ptdump.c", "37992b7f1097"),
    ])
  func sparse(path: String, commit: String) async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    try FileManager.default.removeItem(atPath: tree.folder.file(path))
    let rows = try await SeriesRows.of(tree.path, status: 1)
    #expect(rows.lacking == [commit: "unknown"], "\(rows.text)")
    #expect(try rows[commit].evidence.contains("this subject does not include"), "\(rows.text)")
  }
}
