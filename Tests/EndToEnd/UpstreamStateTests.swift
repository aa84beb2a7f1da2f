// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Debian's 6.12, edited into the forms that the code around the patch has in newer and older kernels.
@Suite(
  "Other states of upstream",
  .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
struct UpstreamStateTests {
  /// The text with each match replaced; there must be `count` matches.
  private static func replacing<Output>(
    _ text: String, _ pattern: some RegexComponent<Output>, count: Int = 1,
    sourceLocation: SourceLocation = #_sourceLocation,
    with replacement: (Regex<Output>.Match) -> String
  ) throws -> String {
    let matches = text.matches(of: pattern).count
    try #require(matches == count, "\(matches) matches", sourceLocation: sourceLocation)
    return text.replacing(pattern) { replacement($0) }
  }

  private static func report(
    _ text: String, _ options: [String] = [], status: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CheckReport {
    let scratch = try PrivateFolder()
    return try await .of(
      scratch.write("init.c", text), options + ["--no-coverage"], status: status,
      sourceLocation: sourceLocation)
  }

  /// The hooks of 7.2: none of riscv's own, and a warning for ranges outside of the memmap.
  private static func as72(_ text: String) throws -> String {
    let bare = try replacing(
      text, /(?:void|int) __meminit vmemmap_(?:set|check)_pmd\([^}]*\}\n/, count: 2
    ) { _ in "" }
    return try replacing(bare, /(int __meminit vmemmap_populate\([^{]*\{\n)/) {
      "\($0.output.1)\tWARN_ON((start < VMEMMAP_START) || (end > VMEMMAP_END));\n\n"
    }
  }

  /// 6.12's generic code, changed into that of 7.2.
  private static func generic72(_ text: String) throws -> String {
    let bare = try replacing(
      text, /void __weak __meminit (?:kernel_pte|pmd|pud)_init\([^}]*\}\n/, count: 3
    ) {
      _ in ""
    }
    let set = try replacing(bare, /(void __weak __meminit vmemmap_set_pmd\([^{]*\{\n)/) {
      "\($0.output.1)\tpmd_set_huge(pmd, virt_to_phys(p), PAGE_KERNEL);\n"
    }
    return try replacing(set, /(int __weak __meminit vmemmap_check_pmd\([^{]*\{\n)\treturn 0;/) {
      "\($0.output.1)\tif (!pmd_leaf(pmdp_get(pmd)))\n\t\treturn 0;\n"
        + "\tvmemmap_verify((pte_t *)pmd, node, addr, next);\n\treturn 1;"
    }
  }

  private static func tree(_ scratch: PrivateFolder, generic: String) async throws -> String {
    let source = try await KernelSource.new.value
    try scratch.write("linux/\(KernelSource.mainPath)", try as72(source.text))
    try scratch.write("linux/mm/sparse-vmemmap.c", generic)
    return scratch.file("linux")
  }

  private static func generic() async throws -> String {
    try String(
      contentsOfFile: "\(await KernelSource.new.value.tree)/mm/sparse-vmemmap.c", encoding: .utf8)
  }

  @Test("A warning about ranges outside of the memmap is no difference, in any kind of case")
  func warning() async throws {
    let text = try Self.as72(await KernelSource.new.value.text)
    for means in ["catalogue", "universes", "random"] {
      let report = try await Self.report(
        text, ["--depth", "standard", "--only", means, "--mode", "sv39"], status: 0)
      #expect(report.verdict == "conforms", "\(means)")
    }
  }

  @Test("7.2's generic vmemmap_check_pmd is a state of upstream, and causes no warning")
  func genericHook() async throws {
    let scratch = try PrivateFolder()
    let tree = try await Self.tree(scratch, generic: Self.generic72(Self.generic()))
    let report = try await CheckReport.of(tree, ["--no-coverage"], status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.states?.map(\.id) == ["populated-is-leaf"])
    #expect(report.warnings == [])
    #expect(report.functions("absent").isEmpty)
  }

  @Test("Stand-ins replace generic code that cannot be built, and a line says so")
  func unbuildable() async throws {
    let scratch = try PrivateFolder()
    let broken = try await Self.replacing(
      Self.generic(), /(int __meminit vmemmap_populate_hugepages\([^{]*\{\n)/
    ) { "\($0.output.1)\tname_of_a_kernel_to_come(start);\n" }
    let tree = try await Self.tree(scratch, generic: broken)
    let report = try await CheckReport.of(tree, ["--no-coverage"], status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.warnings?.count == 1)
    #expect(report.warnings?.first?.contains("name_of_a_kernel_to_come") == true)
    #expect(
      report.functions("absent")
        == surfaceNames.subtracting(archNames).union(["vmemmap_set_pmd", "vmemmap_check_pmd"]))
    // An error in the surface itself still ends the check.
    let bent = try Self.as72(await KernelSource.new.value.text)
      .replacing(
        "static void __meminit free_pte_table(",
        with: "static void __meminit free_pte_table(missing_t x, ")
    try scratch.write("linux/\(KernelSource.mainPath)", bent)
    let outcome = try await Program.run(["check", tree])
    #expect(outcome.status == 3)
  }

  /// `vmemmap_populate` by pages, as in 6.1.
  private static func byPages(_ text: String, altmap: String) throws -> String {
    try replacing(text, /vmemmap_populate_hugepages\(start, end, node, altmap\)/) {
      _ in "vmemmap_populate_basepages(start, end, node, \(altmap))"
    }
  }

  @Test("A memmap of pages is a state of upstream with hazard H2; the merged text lacks both fixes")
  func pages() async throws {
    let latest = try await KernelText.latest()
    let report = try await Self.report(
      Self.byPages(latest.whole, altmap: "altmap"), status: 0)
    #expect(report.verdict == "conforms")
    #expect(report.states?.map(\.id) == ["memmap-by-pages"])
    #expect(report.hazards.contains { $0.id == "H2" })
    // An add of a gigabyte allocates thousands of pages and frees them.
    let merged = try await Self.report(
      Self.byPages(latest.asMerged().whole, altmap: "altmap"), status: 1)
    #expect(merged.verdict == "missing-fixes")
    #expect(merged.missingFixes == ["21f1b85c8912", "a0188cc13369"])
  }

  @Test("A memmap of pages without the altmap lacks e3ecf2fdc8f3; one of leaves differs")
  func altmap() async throws {
    let latest = try await KernelText.latest()
    let pages = try await Self.report(
      Self.byPages(latest.asMerged().whole, altmap: "NULL"), status: 1)
    #expect(pages.verdict == "missing-fixes")
    #expect(pages.missingFixes == ["e3ecf2fdc8f3", "21f1b85c8912", "a0188cc13369"])
    #expect(pages.states?.map(\.id) == ["memmap-by-pages", "memmap-without-altmap"])
    let leaves = try Self.replacing(
      latest.whole, /(vmemmap_populate_hugepages\(start, end, node, )altmap\)/
    ) { "\($0.output.1)NULL)" }
    let report = try await Self.report(leaves, status: 1)
    #expect(report.verdict == "differs")
    #expect(Set(report.differences.map(\.function)) == ["vmemmap_populate"])
  }

  @Test(
    "A wrong node for vmemmap_populate_hugepages is a difference",
    arguments: ["NUMA_NO_NODE", "0", "1", "node + 1", "!node"])
  func node(handed: String) async throws {
    let text = try Self.replacing(
      await KernelSource.new.value.text, /(vmemmap_populate_hugepages\(start, end, )node/
    ) { "\($0.output.1)\(handed)" }
    let report = try await Self.report(text, ["--mode", "sv48"], status: 1)
    #expect(report.verdict == "differs")
    #expect(Set(report.differences.map(\.function)) == ["vmemmap_populate"], "\(handed)")
  }

  @Test(
    "A NULL mm in place of init_mm is a difference, because the kernel would lock it",
    arguments: ["p4d", "pud", "pmd"])
  func noMM(level: String) async throws {
    let text = try Self.replacing(
      await KernelSource.new.value.text, try Regex("\\b\(level)_alloc\\(&init_mm, ")
    ) { _ in "\(level)_alloc(NULL, " }
    let report = try await Self.report(text, status: 1)
    let differing = Set(report.differences.map(\.function))
    #expect(differing.isSubset(of: ["preallocate_pgd_pages_range", "pgtable_cache_init"]))
    #expect(differing.contains("preallocate_pgd_pages_range"))
  }

  /// The text without constructors (`create`), without destructors (`remove`), or without both.
  private static func plain(_ text: String, create: Bool, remove: Bool) throws -> String {
    var text = text
    if create {
      text = try replacing(
        text, /BUG_ON\(!ptdesc \|\| !pagetable_p[tm][ed]_ctor\(ptdesc\)\);/, count: 2
      ) {
        _ in "BUG_ON(!ptdesc);"
      }
    }
    if remove {
      text = try replacing(
        text, /(?:\tif \(!is_vmemmap\)\n\t)?\tpagetable_p[tm][ed]_dtor\(ptdesc\);\n/, count: 2
      ) {
        _ in ""
      }
    }
    return text
  }

  @Test(
    "Tables with neither constructors nor destructors are a state of upstream; one alone is wrong")
  func plainTables() async throws {
    let latest = try await KernelText.latest()
    let whole = try await Self.report(
      Self.plain(latest.whole, create: true, remove: true), status: 0)
    #expect(whole.verdict == "conforms")
    #expect(whole.states?.map(\.id) == ["plain-tables"])
    // No hazard reports a free without a destructor.
    #expect(!whole.hazards.contains { $0.rule == "table-count" && $0.id != "H9" })
    for create in [true, false] {
      let half = try await Self.report(
        Self.plain(latest.whole, create: create, remove: !create), ["--mode", "sv57"], status: 1)
      #expect(half.verdict == "differs" && half.states == nil)
      let named: Set =
        create ? ["alloc_pte_late", "alloc_pmd_late"] : ["free_pte_table", "free_pmd_table"]
      #expect(half.functions("differs").isSuperset(of: named))
    }
    let block = try Self.plain(latest.block, create: false, remove: true)
    let scratch = try PrivateFolder()
    try scratch.write("a/\(KernelSource.mainPath)", latest.withoutBlock)
    try scratch.write("b/\(KernelSource.mainPath)", latest.before + block + latest.after)
    let patch = try await scratch.diff(
      "a/\(KernelSource.mainPath)", "b/\(KernelSource.mainPath)", to: "hotplug.patch")
    let alone = try await CheckReport.of(patch, ["--mode", "sv39", "--no-coverage"], status: 1)
    #expect(alone.verdict == "differs")
    #expect(
      alone.warnings?.contains { $0.contains("alloc_pte_late") && $0.contains("--base") } == true)
  }
}
