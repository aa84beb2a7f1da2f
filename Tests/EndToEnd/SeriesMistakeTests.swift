// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// One mistake at a time in a real kernel's tree; each changes one row.
@Suite(
  "One mistake in a kernel turns one row of the series")
struct SeriesMistakeTests {
  private static let main = KernelSource.mainPath
  private static let asm = "arch/riscv/include/asm"

  /// A mistake: the commit that it breaks, the row's status, a word of the evidence, and the edit.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var commit: String
    var status: String
    var evidence: String
    var path: String
    var pattern: String
    var replacement: String

    var testDescription: String { "\(commit) \(status): \(evidence)" }
  }

  private static func mistake(
    _ commit: String, _ status: String, _ evidence: String, _ path: String, _ pattern: String,
    _ replacement: String
  ) -> Mistake {
    Mistake(
      commit: commit, status: status, evidence: evidence, path: path, pattern: pattern,
      replacement: replacement)
  }

  static let mistakes: [Mistake] = [
    mistake(
      "e3ecf2fdc8f3", "absent", "0 of 512 pages", main,
      #"(return vmemmap_populate_hugepages\(.*, )altmap\)"#,
      "return vmemmap_populate_hugepages(start, end, node, NULL)"),
    mistake(
      "66673099f734", "partial", "0 of", main,
      #"\t\tpreallocate_pgd_pages_range\(VMEMMAP_START.*\n"#,
      ""),
    mistake(
      "66673099f734", "absent", "0 of", main, #"IS_ENABLED\(CONFIG_MEMORY_HOTPLUG\)"#, "false"),
    mistake(
      "fe122b89da67", "partial", "alloc_pte_late", main,
      #"static phys_addr_t __meminit alloc_pte_late"#, "static phys_addr_t __init alloc_pte_late"),
    mistake(
      "fe122b89da67", "partial", "pt_ops", main, #"pt_ops __meminitdata"#, "pt_ops __initdata"),
    mistake(
      "fe122b89da67", "partial", "best_map_size", main, #"__meminit best_map_size"#,
      "__init __ref best_map_size"),
    mistake(
      "007480fe84a9", "absent", "0 have the requested protection", main,
      #"pgprot \? \*pgprot : pgprot_from_va\(va\)"#, "pgprot_from_va(va)"),
    mistake(
      "6e6c5e21b8cb", "partial", "pfn_to_kaddr(0x", "\(asm)/page.h",
      #"return __va\(pfn << PAGE_SHIFT\)"#, "return __va((unsigned int)pfn << PAGE_SHIFT)"),
    mistake(
      "6e6c5e21b8cb", "absent", "no pfn_to_kaddr", "\(asm)/page.h",
      #"static __always_inline void \*pfn_to_kaddr[^}]*}"#, ""),
    mistake(
      "37992b7f1097", "absent", "without the memory-hotplug lock", "mm/ptdump.c",
      #"\t(get|put)_online_mems\(\);\n"#, ""),
    mistake(
      "37992b7f1097", "partial", "returns with the memory-hotplug lock held", "mm/ptdump.c",
      #"\tput_online_mems\(\);\n"#, ""),
    mistake(
      "37992b7f1097", "partial", "returns with the memory-hotplug lock held",
      "arch/riscv/mm/ptdump.c", #"\tptdump_walk\(m, m->private\);\n"#,
      "\tget_online_mems();\n\tptdump_walk(m, m->private);\n\tif (seq_has_overflowed(m))\n\t\treturn -1;\n\tput_online_mems();\n"
    ),
    mistake(
      "37992b7f1097", "partial", "returns with the memory-hotplug lock held",
      "arch/riscv/mm/ptdump.c", #"\tptdump_walk\(m, m->private\);\n"#,
      "\tget_online_mems();\n\tif (!m->private)\n\t\treturn -22;\n\tptdump_walk(m, m->private);\n\tput_online_mems();\n"
    ),
    mistake(
      "f8c2a240556e", "partial",
      "nothing in arch/riscv/Kconfig selects ARCH_ENABLE_MEMORY_HOTREMOVE",
      "arch/riscv/Kconfig", #"\tselect ARCH_ENABLE_MEMORY_HOTREMOVE.*\n"#, ""),
    mistake(
      "f8c2a240556e", "absent", "condition that cannot hold", "arch/riscv/Kconfig",
      #"select ARCH_ENABLE_MEMORY_HOTPLUG if SPARSEMEM_VMEMMAP"#,
      "select ARCH_ENABLE_MEMORY_HOTPLUG if 32BIT && SPARSEMEM_VMEMMAP"),
    mistake(
      "0546d7043e55", "absent", "cannot be met on RISCV", "drivers/virtio/Kconfig",
      #"ARM64 \|\| RISCV"#, "ARM64"),
    mistake(
      "216e04bf1e4d", "partial", "pte_mkdevmap", "\(asm)/pgtable-bits.h",
      #"_PAGE_DEVMAP    \(1 << 9\)"#, "_PAGE_DEVMAP    (1 << 8)"),
    mistake(
      "216e04bf1e4d", "partial", "pmd_devmap", "\(asm)/pgtable-64.h",
      #"return pte_devmap\(pmd_pte\(pmd\)\);"#, "return 0;"),
    mistake(
      "216e04bf1e4d", "partial", "nothing in arch/riscv/Kconfig selects", "arch/riscv/Kconfig",
      #"\tselect ARCH_HAS_PTE_DEVMAP.*\n"#, ""),
    mistake(
      "4705c1571ad3", "absent", "nothing in arch/riscv/Kconfig selects", "arch/riscv/Kconfig",
      #"\tselect ARCH_WANT_OPTIMIZE_DAX_VMEMMAP\n"#, ""),
    mistake(
      "21f1b85c8912", "absent", "behaves as without the fix", main,
      #"if \(!is_vmemmap\)\n?\s+pagetable_pmd_dtor"#, "pagetable_pmd_dtor"),
    mistake(
      "c75a74f4ba19", "partial", "differ from every state of upstream", main,
      #"(altmap, pgmap\);\n)\tremove_linear_mapping\(start, size\);\n"#, "altmap, pgmap);\n"),
  ]

  @Test(
    "Each mistake shows in the row of its commit, and in no other",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() },
    arguments: mistakes)
  func seen(mistake: Mistake) async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    try tree.edit(mistake.path, try Regex(mistake.pattern)) { _ in mistake.replacement }
    let rows = try await SeriesRows.of(tree.path, status: 1)
    #expect(rows.lacking == [mistake.commit: mistake.status], "\(rows.text)")
    #expect(try rows[mistake.commit].evidence.contains(mistake.evidence), "\(rows.text)")
  }

  @Test(
    "A kernel that dropped the devmap helpers and all their users does not need them",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func dropped() async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    for header in ["pgtable.h", "pgtable-64.h", "pgtable-bits.h"] {
      try tree.edit("\(Self.asm)/\(header)", /devmap|DEVMAP/) { _ in "gone" }
    }
    try tree.edit("arch/riscv/Kconfig", /\tselect ARCH_HAS_PTE_DEVMAP.*\n/) { _ in "" }
    try tree.edit("mm/Kconfig", /config ARCH_HAS_PTE_DEVMAP\n\tbool\n/) { _ in "" }
    try tree.edit("mm/Kconfig", /\tdepends on ARCH_HAS_PTE_DEVMAP\n/) { _ in "" }
    let rows = try await SeriesRows.of(tree.path, status: 0)
    #expect(try rows["216e04bf1e4d"].status == "not-needed", "\(rows.text)")
  }

  @Test(
    "A root table without KASAN's shadow is a mistake only with CONFIG_KASAN, as in a check",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func shadow() async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    let kasan = ["-D", "CONFIG_KASAN"]
    #expect(try await SeriesRows.of(tree.path, status: 0, options: kasan).lacking.isEmpty)
    try tree.edit(
      Self.main, /\t\tif \(IS_ENABLED\(CONFIG_KASAN\)\)\n\t\t\tpreallocate_pgd_pages_range.*\n/
    ) { _ in "" }
    #expect(try await SeriesRows.of(tree.path, status: 0).lacking.isEmpty)
    let rows = try await SeriesRows.of(tree.path, status: 1, options: kasan)
    #expect(rows.lacking == ["66673099f734": "partial"], "\(rows.text)")
    #expect(try rows["66673099f734"].evidence.contains("KASAN's shadow"), "\(rows.text)")
  }

  @Test(
    "A kernel that dropped a symbol and all its users does not need it",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func droppedSymbol() async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    let symbol = "ARCH_ENABLE_MEMORY_HOTREMOVE"
    try tree.edit("arch/riscv/Kconfig", try Regex("\tselect \(symbol).*\n")) { _ in "" }
    #expect(try await SeriesRows.of(tree.path, status: 1).lacking == ["f8c2a240556e": "partial"])
    try tree.edit("mm/Kconfig", try Regex("config \(symbol)\n\tbool\n")) { _ in "" }
    try tree.edit("mm/Kconfig", try Regex(" && \(symbol)")) { _ in "" }
    try tree.edit("mm/Kconfig", try Regex("\(symbol) \\|\\| ")) { _ in "" }
    let rows = try await SeriesRows.of(tree.path, status: 0)
    #expect(try rows["f8c2a240556e"].status == "present", "\(rows.text)")
    #expect(try rows["f8c2a240556e"].evidence.contains("does not define \(symbol)"), "\(rows.text)")
  }

  /// Dependencies on the architecture in drivers/virtio/Kconfig, and the row's word.
  static let dependencies = [
    ("ARM64 || RISCV64", "absent"), ("ARM64 || (RISCV && BROKEN)", "absent"),
    ("ARM64 || (RISCV && NUMA)", "present"), ("ARM64 || (RISCV && VENDOR_FOO)", "unknown"),
  ]

  @Test(
    "The dependency of a driver can hold, cannot hold, or is unknown",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() },
    arguments: dependencies)
  func dependency(expression: String, word: String) async throws {
    let tree = try await SeriesTree.copy(of: KernelSource.withHotplug)
    try tree.edit("drivers/virtio/Kconfig", /ARM64 \|\| RISCV/) { _ in expression }
    let rows = try await SeriesRows.of(tree.path, status: word == "present" ? 0 : 1)
    #expect(rows.lacking == (word == "present" ? [:] : ["0546d7043e55": word]), "\(rows.text)")
  }
}
