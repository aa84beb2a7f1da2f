// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Subjects

/// The creation side: the signatures of each era, and the names that belong to the subject or to the shim.
@Suite struct CreationGlueTests {
  /// A file must contain something of the commit itself.
  private static let entryPoint = """
    void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    {
    }

    """

  @Test(
    "a signature of the creation side gets the arguments it asks for",
    arguments: [
      (
        "static uintptr_t __init best_map_size(phys_addr_t base, phys_addr_t size)",
        "best_map_size(MHP_PHYSICAL(op), MHP_SIZE(op))"
      ),
      (
        "static uintptr_t __meminit best_map_size(phys_addr_t pa, uintptr_t va, phys_addr_t size)",
        "best_map_size(MHP_PHYSICAL(op), MHP_START(op), MHP_SIZE(op))"
      ),
      (
        "static void create_pmd_mapping(pmd_t *pmdp, uintptr_t va, phys_addr_t pa, phys_addr_t sz,"
          + " pgprot_t prot)",
        "create_pmd_mapping(MHP_TABLE(pmd_t, op), MHP_START(op), MHP_PHYSICAL(op), MHP_BLOCK(op), "
          + "MHP_PROTECTION(op))"
      ),
      (
        "void create_pgd_mapping(pgd_t *p, uintptr_t a, phys_addr_t b, phys_addr_t c, pgprot_t d)",
        "create_pgd_mapping(MHP_TABLE(pgd_t, op), MHP_START(op), MHP_PHYSICAL(op), MHP_BLOCK(op), "
          + "MHP_PROTECTION(op))"
      ),
      (
        "static void create_linear_mapping_range(phys_addr_t start, phys_addr_t end, "
          + "uintptr_t fixed_map_size)",
        "create_linear_mapping_range(MHP_START(op), MHP_END(op), MHP_BLOCK(op))"
      ),
      (
        "static void create_linear_mapping_range(phys_addr_t start, phys_addr_t end, "
          + "uintptr_t fixed_map_size, const pgprot_t *pgprot)",
        "create_linear_mapping_range(MHP_START(op), MHP_END(op), MHP_BLOCK(op), "
          + "MHP_PROTECTION_POINTER(op))"
      ),
      ("static pgprot_t pgprot_from_va(uintptr_t va)", "pgprot_from_va(MHP_START(op))"),
      ("static phys_addr_t alloc_pte_late(uintptr_t va)", "alloc_pte_late(MHP_START(op))"),
      ("static p4d_t *get_p4d_virt_late(phys_addr_t pa)", "get_p4d_virt_late(MHP_PHYSICAL(op))"),
      (
        "static void preallocate_pgd_pages_range(unsigned long start, unsigned long end, "
          + "const char *area)",
        "preallocate_pgd_pages_range(MHP_START(op), MHP_END(op), MHP_AREA(op))"
      ),
      ("void pgtable_cache_init(void)", "pgtable_cache_init()"),
      (
        "void vmemmap_set_pmd(pmd_t *pmd, void *p, int node, unsigned long addr, "
          + "unsigned long next)",
        "vmemmap_set_pmd(MHP_PARENT(pmd_t, op), MHP_POINTER(op), MHP_NODE(op), MHP_START(op), "
          + "MHP_END(op))"
      ),
      (
        "int vmemmap_populate(unsigned long start, unsigned long end, int node, "
          + "struct vmem_altmap *altmap)",
        "vmemmap_populate(MHP_START(op), MHP_END(op), MHP_NODE(op), MHP_ALTMAP(op))"
      ),
    ])
  func signatures(signature: String, call: String) throws {
    let unit = try extract(source("\(Self.entryPoint)\(signature)\n{\n}\n")).unit
    let name = try #require(call.split(separator: "(").first)
    #expect(unit.contains("#define MHP_CALL_\(name)(op) mhp_entry_\(call)\n"), "\(unit)")
  }

  @Test("macros before the headers name what the subject defines, and nothing else")
  func own() throws {
    let text = """
      static void create_pte_mapping(pte_t *t, uintptr_t va, phys_addr_t pa, phys_addr_t sz,
      \t\t\t       pgprot_t prot)
      {
      }
      static void pt_ops_set_late(void)
      {
      }
      """
    let unit = try extract(source(Self.entryPoint + text)).unit
    let head = unit.split(separator: "#include").first.map(String.init) ?? ""
    #expect(head.contains("#define MHP_OWN_create_pte_mapping 1\n"))
    #expect(head.contains("#define MHP_OWN_vmemmap_free 1\n"))
    #expect(!unit.contains("MHP_OWN_create_pmd_mapping"))
    #expect(unit.contains("#define MHP_HAVE_pt_ops_set_late 1\n"))
  }

  @Test(
    "a file with only the creation side predates the commit; a patch is judged by what it adds")
  func creationAlone() throws {
    let text = "void pgtable_cache_init(void)\n{\n}\n"
    let error = failure { try extract(source(text)) }
    #expect(error?.message.contains("lacks the surface") == true)
    let lines = text.split(separator: "\n").map { "+\($0)" }.joined(separator: "\n")
    #expect(Set(try extract(patch("@\n\(lines)\n")).functions.keys) == [.pgtableCacheInit])
  }

  @Test("creation functions that a patch shows in part are context beside those that it adds")
  func context() throws {
    let text = """
      @
       static void create_pte_mapping(pte_t *t, uintptr_t va, phys_addr_t pa,
       \t\t\t       phys_addr_t sz, pgprot_t prot)
       {
      @
       int before;
      +void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      +{
      +}
      """
    #expect(Set(try extract(patch(text)).functions.keys) == [.vmemmapFree])
  }
}
