// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

@Suite struct CallGlueTests {
  @Test(
    "each era's signature gets the arguments it asks for",
    arguments: [
      (
        "static void free_pmd_table(pmd_t *pmd_start, pud_t *pud)",
        "free_pmd_table(MHP_TABLE(pmd_t, op), MHP_PARENT(pud_t, op))"
      ),
      (
        "static void free_pmd_table(pmd_t *pmd_start, pud_t *pud, bool is_vmemmap)",
        "free_pmd_table(MHP_TABLE(pmd_t, op), MHP_PARENT(pud_t, op), MHP_IS_VMEMMAP(op))"
      ),
      (
        "static void free_pte_table(pmd_t *pmd, pte_t *pte_start)",
        "free_pte_table(MHP_PARENT(pmd_t, op), MHP_TABLE(pte_t, op))"
      ),
      (
        "static void free_pud_table(p4d_t *, pud_t *)",
        "free_pud_table(MHP_PARENT(p4d_t, op), MHP_TABLE(pud_t, op))"
      ),
      (
        "void free_vmemmap_storage(struct page *page, unsigned int bytes, struct vmem_altmap *a)",
        "free_vmemmap_storage(MHP_PAGE(op), MHP_SIZE(op), MHP_ALTMAP(op))"
      ),
      (
        "void free_vmemmap_storage(struct page *page, size_t size, struct vmem_altmap *altmap)",
        "free_vmemmap_storage(MHP_PAGE(op), MHP_SIZE(op), MHP_ALTMAP(op))"
      ),
      (
        "void remove_pte_mapping(pte_t *b, unsigned long addr, unsigned long end, bool is_vmemmap,"
          + " struct vmem_altmap *const altmap)",
        "remove_pte_mapping(MHP_BASE(pte_t, op), MHP_START(op), MHP_END(op), MHP_IS_VMEMMAP(op), "
          + "MHP_ALTMAP(op))"
      ),
      (
        "void remove_linear_mapping(phys_addr_t start, u64 size)",
        "remove_linear_mapping(MHP_START(op), MHP_SIZE(op))"
      ),
      ("struct range arch_get_mappable_range(void)", "arch_get_mappable_range()"),
      (
        "int arch_add_memory(int nid, u64 start, u64 size, struct mhp_params *params)",
        "arch_add_memory(MHP_NODE(op), MHP_START(op), MHP_SIZE(op), MHP_PARAMS(op))"
      ),
      (
        "void arch_remove_memory(int nid, u64 start, u64 size, struct vmem_altmap *altmap)",
        "arch_remove_memory(MHP_NODE(op), MHP_START(op), MHP_SIZE(op), MHP_ALTMAP(op))"
      ),
      (
        "void arch_remove_memory(u64 a, u64 b, struct vmem_altmap *c, struct dev_pagemap *d)",
        "arch_remove_memory(MHP_START(op), MHP_SIZE(op), MHP_ALTMAP(op), MHP_PGMAP(op))"
      ),
    ])
  func eras(signature: String, call: String) throws {
    let extraction = try extract(source("\(signature)\n{\n}\n"))
    #expect(extraction.judgedThroughCallers.isEmpty)
    let unit = extraction.unit
    let name = try #require(call.split(separator: "(").first)
    #expect(unit.contains("#define MHP_CALL_\(name)(op) mhp_entry_\(call)\n"))
    #expect(unit.contains("#define MHP_HAVE_\(name) 1\n"))
    let isOldRemove = name == "arch_remove_memory" && !call.contains("PGMAP")
    #expect(unit.contains("#define MHP_NO_PGMAP_PARAMETER 1") == isOldRemove)
  }

  @Test(
    "a parameter that no version has is an error with function, parameter and line",
    arguments: [
      (
        "void vmemmap_free(u64 start,\n\tu64 end, struct mm_struct *mm)", "struct mm_struct * mm", 2
      ),
      ("void vmemmap_free(u64 start, u64 end, u64 extra)", "u64 extra", 1),
      ("void vmemmap_free(u64 start, u64 end,\n\n\tvoid (*fn)(int))", "void ( * fn ) ( int )", 3),
      ("void free_pte_table(pte_t **pte_start, pmd_t *pmd)", "pte_t * * pte_start", 1),
    ])
  func unknown(signature: String, parameter: String, line: Int) {
    let error = failure { try extract(source("\(signature)\n{\n}\n")) }
    #expect(error?.message.hasPrefix("init.c:\(line): ") == true, "\(String(describing: error))")
    #expect(error?.message.contains("'\(parameter)'") == true, "\(String(describing: error))")
  }

  @Test(
    "a helper whose parameter may be bytes, pages or an order is not called",
    arguments: ["unsigned int nrp", "int order", "size_t nr_pages", "unsigned long n"])
  func open(parameter: String) throws {
    let signature = "static void free_vmemmap_storage(struct page *page, \(parameter))"
    let caller = "void vmemmap_free(u64 start, u64 end)\n{\n\tfree_vmemmap_storage(0, 1);\n}\n"
    let extraction = try extract(source("\(signature)\n{\n}\n\(caller)"))
    #expect(!extraction.unit.contains("MHP_HAVE_free_vmemmap_storage"))
    #expect(extraction.unit.contains("MHP_HAVE_vmemmap_free"))
    #expect(extraction.functions.keys.sorted() == [.vmemmapFree])
    #expect(extraction.judgedThroughCallers == [.freeVmemmapStorage])
    #expect(
      extraction.warnings.contains(
        "init.c:1: free_vmemmap_storage is judged through its callers alone: '\(parameter)' does not "
          + "say whether it counts bytes, pages or an order"))
  }

  @Test("a signature without a parameter that every version has is an error")
  func missing() {
    let error = failure { try extract(source("void vmemmap_free(u64 start)\n{\n}\n")) }
    #expect(error?.message == "init.c:1: vmemmap_free has no parameter for the end of the range")
  }
}
