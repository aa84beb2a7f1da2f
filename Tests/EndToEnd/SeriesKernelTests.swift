// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("The series in real kernels")
struct SeriesKernelTests {
  /// The status of each commit in each of Debian's kernels, read by hand, in the order of
  /// `SeriesRows.commits`: `+` present, `-` absent, `0` not needed.
  static let kernels = [
    ("debian:\(KernelSource.withHotplug)", "++++++++++++++"),
    ("debian:\(KernelSource.without)", "------0---0---"),
  ]

  @Test(
    "Each commit has the status that a reader of the kernel's text finds",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() },
    arguments: kernels)
  func table(subject: String, expected: String) async throws {
    let rows = try await SeriesRows.of(subject, status: expected.contains("-") ? 1 : 0)
    let signs = ["present": "+", "absent": "-", "not-needed": "0", "partial": "/", "unknown": "?"]
    let found = rows.commits.map { signs[$0.word] ?? $0.word }.joined()
    #expect(found == expected, "\(rows.text)")
  }

  @Test(
    "linux-source-6.12 has every commit",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func new() async throws {
    let rows = try await SeriesRows.of("debian:linux-source-6.12", status: 0)
    #expect(rows.subject.kind == "debian")
    #expect(rows.commits.allSatisfy { $0.status == "present" }, "\(rows.text)")
    let behaving: Set = [
      "e3ecf2fdc8f3", "66673099f734", "007480fe84a9", "6e6c5e21b8cb", "c75a74f4ba19",
      "37992b7f1097", "216e04bf1e4d", "21f1b85c8912", "a0188cc13369",
    ]
    for row in rows.commits where behaving.contains(row.commit) {
      #expect(row.judgedBy == "behaviour", "\(row)")
    }
    // In 6.12 the generic walk takes the dump's lock, and the program built and examined the object.
    #expect(try rows["37992b7f1097"].evidence.contains("mm/ptdump.c"))
    #expect(try rows["fe122b89da67"].evidence.contains("object"), "\(rows.text)")
  }

  @Test(
    "linux-source-6.1 has none, and the commits that it does not need are not called missing",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func old() async throws {
    let rows = try await SeriesRows.of("debian:linux-source-6.1", status: 1)
    #expect(rows.commits.allSatisfy { ["absent", "not-needed"].contains($0.status) })
    let unneeded = rows.commits.filter { $0.status == "not-needed" }.map(\.commit)
    // 6.1 has no hotplug that a dump could meet, and no DAX optimisation. The commit that lacks the fixes
    // comes first.
    #expect(unneeded == ["37992b7f1097", "4705c1571ad3"], "\(rows.text)")
    #expect(rows.picks.suffix(2) == ["21f1b85c8912", "a0188cc13369"], "\(rows.text)")
    #expect(try rows["e3ecf2fdc8f3"].judgedBy == "behaviour", "\(rows.text)")
  }

  @Test(
    "6.1 with only the removal block pasted in lacks the prerequisites, which are named",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func pasted() async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.without)
    let reference = try DefectPatch.file("0006-c75a74f4ba19-add-memory-hotplugging-support.patch")
    let block = reference.split(separator: "\n", omittingEmptySubsequences: false)
      .drop { !$0.hasPrefix("@@") }.filter { $0.hasPrefix("+") }.map { $0.dropFirst() }
      .joined(separator: "\n")
    let main = KernelSource.mainPath
    let text = try #require(FileManager.default.contents(atPath: tree.folder.file(main)))
    try tree.folder.write(main, String(decoding: text, as: UTF8.self) + "\n" + block + "\n")
    let rows = try await SeriesRows.of(tree.path, status: 1)
    #expect(try rows["c75a74f4ba19"].status == "present", "\(rows.text)")
    for commit in [
      "e3ecf2fdc8f3", "66673099f734", "fe122b89da67", "007480fe84a9", "6e6c5e21b8cb",
      "f8c2a240556e", "0546d7043e55", "216e04bf1e4d",
    ] {
      #expect(try rows[commit].status == "absent", "\(rows.text)")
    }
    #expect(try rows["fe122b89da67"].evidence.contains("create_pgd_mapping"), "\(rows.text)")
    // The block is as merged, and so is the dump's lock: 6.1's own generic walk has it.
    #expect(try rows["21f1b85c8912"].status == "absent", "\(rows.text)")
    #expect(try rows["a0188cc13369"].status == "absent", "\(rows.text)")
    #expect(try rows[SeriesRows.merge].status == "partial")
    let outcome = try await Program.run(["series", tree.path])
    for commit in ["66673099f734", "fe122b89da67"] {
      #expect(outcome.words.contains("pick: git cherry-pick -x \(commit)"))
    }
    #expect(outcome.words.contains("without it: hot-add calls functions whose memory was freed"))
  }

  @Test(
    "The repository's patches apply to 6.12 once their content is removed from it",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func apply() async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    try tree.edit(
      "arch/riscv/include/asm/page.h", /static __always_inline void \*pfn_to_kaddr[^}]*}\n\n/
    ) { _ in "" }
    for symbol in [
      "ARCH_ENABLE_MEMORY_HOTPLUG", "ARCH_ENABLE_MEMORY_HOTREMOVE", "ARCH_HAS_PTE_DEVMAP",
      "ARCH_WANT_OPTIMIZE_DAX_VMEMMAP",
    ] {
      try tree.edit("arch/riscv/Kconfig", try Regex("\tselect \(symbol)( .*)?\n")) { _ in "" }
    }
    try tree.edit("drivers/virtio/Kconfig", /\ \|\| RISCV/) { _ in "" }
    try tree.edit("arch/riscv/include/asm/pgtable-bits.h", /#define _PAGE_DEVMAP .*\n/) { _ in "" }
    try tree.edit(
      "arch/riscv/include/asm/pgtable.h", /#ifdef CONFIG_ARCH_HAS_PTE_DEVMAP\n[^#]*#endif\n\n/
    ) { _ in "" }
    try tree.edit(
      "arch/riscv/include/asm/pgtable.h", /static inline p.d_t p.d_mkdevmap[^}]*}\n\n/
    ) { _ in "" }
    try tree.edit(
      "arch/riscv/include/asm/pgtable.h", /static inline pte_t pte_mkdevmap[^}]*}\n\n/
    ) { _ in "" }
    try tree.edit(
      "arch/riscv/include/asm/pgtable-64.h",
      /#ifdef CONFIG_TRANSPARENT_HUGEPAGE\nstatic inline int pte_devmap[^#]*#endif\n\n/
    ) { _ in "" }
    let before = try await SeriesRows.of(tree.path, status: 1)
    #expect(
      Set(before.lacking.keys) == [
        "6e6c5e21b8cb", "f8c2a240556e", "0546d7043e55", "216e04bf1e4d", "4705c1571ad3",
      ], "\(before.text)")
    let patches = Repository.root.appending(path: "patches").path
    for name in try FileManager.default.contentsOfDirectory(atPath: patches).sorted()
    where ["0005", "0007", "0008", "0009", "0010", "0011"].contains(name.prefix(4)) {
      try await tree.folder.run("git", ["apply", "--unidiff-zero", "\(patches)/\(name)"])
    }
    let after = try await SeriesRows.of(tree.path, status: 0)
    #expect(try after["37992b7f1097"].evidence.contains("ptdump_show"), "\(after.text)")
    #expect(try !after["37992b7f1097"].evidence.contains("generic"), "\(after.text)")
  }
}
