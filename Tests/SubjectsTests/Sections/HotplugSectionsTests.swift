// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

@Suite("Code that hotplug reaches and the kernel frees")
struct HotplugSectionsTests {
  private func sections(_ text: String, kind: String = "file") throws -> HotplugSections {
    let isPatch = kind != "file"
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      // A patch's lines start after its headers; those that begin with a blank are context.
      SourceLine(
        text: String(isPatch ? $1.dropFirst() : $1), displayName: "init.c",
        number: $0 + (isPatch ? 10 : 1), isAdded: !isPatch || $1.hasPrefix("+"))
    }
    let file = SourceFile(
      path: "arch/riscv/mm/init.c", displayName: "init.c", lines: lines,
      gaps: isPatch ? [0] : nil)
    return try HotplugSections(SubjectText(kind: kind, origin: "init.c", files: [file]))
  }

  /// A small kernel: hot-add makes mappings through the function pointers of a structure.
  private static let kernel = """
    static struct pt_alloc_ops pt_ops __meminitdata;
    static phys_addr_t __meminit alloc_pte_late(uintptr_t va) { return take(va); }
    static phys_addr_t __init alloc_pte_early(uintptr_t va) { return early_page; }
    static pgd_t early_pg_dir[512] __initdata;
    #define make(x) create_pgd_mapping(x)
    static void __meminit create_pgd_mapping(int x)
    {
    \tpt_ops.alloc_pte(x);
    }
    static void __init pt_ops_set_late(void) { pt_ops.alloc_pte = alloc_pte_late; }
    int __ref arch_add_memory(int nid)
    {
    \tmake(nid);
    \treturn 0;
    }
    """

  @Test("A kernel whose boot code is reached only at boot has no fault")
  func clean() throws {
    let found = try sections(Self.kernel)
    #expect(found.faults.isEmpty, "\(found.faults)")
    #expect(found.entries == ["arch_add_memory"])
    #expect(Set(found.makers.map(\.name)) == ["create_pgd_mapping", "alloc_pte_late"])
    #expect(found.makers.allSatisfy { $0.lifetime == .memoryHotplug })
  }

  @Test("A boot function is found through macros and a structure of pointers, with the path to it")
  func throughPointers() throws {
    let text = Self.kernel.replacing("__meminit alloc_pte_late", with: "__init alloc_pte_late")
    let fault = try #require(try sections(text).faults.first)
    #expect(fault.target.name == "alloc_pte_late" && fault.target.place == "init.c:2")
    #expect(
      fault.path == ["create_pgd_mapping", "pt_ops", "alloc_pte_late"]
        || fault.path.last == "alloc_pte_late")
  }

  @Test("Freed data counts like freed code")
  func data() throws {
    let text = Self.kernel.replacing("pt_ops __meminitdata", with: "pt_ops __initdata")
    let found = try sections(text)
    #expect(found.faults.map(\.target.name) == ["pt_ops"])
    #expect(found.faults.first?.target.place == "init.c:1")
  }

  @Test("A mark that silences the kernel's own check does not hide a fault")
  func silenced() throws {
    let text = Self.kernel.replacing(
      "__meminit create_pgd_mapping", with: "__ref __init create_pgd_mapping")
    #expect(try sections(text).faults.map(\.target.name) == ["create_pgd_mapping"])
  }

  @Test("A local variable with the name of a boot function does not reach it")
  func locals() throws {
    let text = Self.kernel.replacing(
      "\tpt_ops.alloc_pte(x);",
      with: "\tint alloc_pte_early = x;\n\tpt_ops.alloc_pte(alloc_pte_early);")
    #expect(try sections(text).faults.isEmpty)
  }

  @Test("In a patch, changed function headers count, even if the functions end elsewhere")
  func patch() throws {
    let patch = """
       static pgd_t early_pg_dir[512] __initdata;
      +static void __meminit create_pgd_mapping(pgd_t *pgdp, uintptr_t va,
      +\t\t\t\t\t phys_addr_t pa)
       {
       \tpgd_t *nextp;
      +\tcreate_p4d_mapping(nextp, va, pa);
      """
    let found = try sections(patch, kind: "patch")
    #expect(found.makers.map(\.name) == ["create_pgd_mapping"])
    #expect(found.faults.isEmpty)
    let context = patch.replacing("+static", with: " static")
    #expect(try sections(context, kind: "patch").makers.isEmpty)
    let wrong = patch.replacing("__meminit", with: "__init")
    #expect(try sections(wrong, kind: "patch").faults.count == 1)
  }
}
