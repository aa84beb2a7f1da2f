// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Subjects

/// Derives the era of a text from the names in its functions.
@Suite("An era") struct EraTests {
  private static let free = "void vmemmap_free(u64 start, u64 end) { }\n"

  private func era(_ text: String) throws -> KernelOptions {
    try extract(source(Self.free + text)).era
  }

  private func populate(_ body: String) -> String {
    """
    int vmemmap_populate(unsigned long start, unsigned long end, int node, struct vmem_altmap *altmap)
    { \(body) }
    """
  }

  @Test("is that of the latest text unless something says otherwise") func latest() throws {
    #expect(
      try era(populate("return vmemmap_populate_hugepages(start, end, node, altmap);")) == [])
  }

  @Test(
    "has a memmap of pages where vmemmap_populate asks for pages alone",
    arguments: [
      ("return vmemmap_populate_basepages(start, end, node, altmap);", true),
      (
        "/* vmemmap_populate_basepages() */ return vmemmap_populate_hugepages(start, end, node, altmap);",
        false
      ),
      (
        "if (x) return vmemmap_populate_basepages(start, end, node, altmap);\n"
          + "return vmemmap_populate_hugepages(start, end, node, altmap);", false
      ),
    ])
  func pages(body: String, isByPages: Bool) throws {
    #expect(try era(populate(body)).contains(.memmapByPages) == isByPages, "\(body)")
  }

  @Test(
    "passes no altmap on if only the parameter names it",
    arguments: [
      ("return vmemmap_populate_basepages(start, end, node, NULL);", true),
      ("/* the altmap */ return vmemmap_populate_basepages(start, end, node, NULL);", true),
      ("return vmemmap_populate_basepages(start, end, node, altmap);", false),
      // A slip, because no kernel with leaves did this.
      ("return vmemmap_populate_hugepages(start, end, node, NULL);", false),
      ("return vmemmap_populate_hugepages(start, end, node, altmap);", false),
    ])
  func altmaps(body: String, isDropped: Bool) throws {
    #expect(try era(populate(body)).contains(.memmapWithoutAltmap) == isDropped, "\(body)")
  }

  @Test("asks for a leaf where vmemmap_check_pmd does") func leaves() throws {
    func hook(_ body: String) -> String {
      "int vmemmap_check_pmd(pmd_t *pmd, int node, unsigned long addr, unsigned long next)\n{ \(body) }"
    }
    #expect(
      try era(hook("if (!pmd_leaf(pmdp_get(pmd))) return 0;\nreturn 1;")).contains(.populatedIsLeaf)
    )
    #expect(!(try era(hook("return 1; /* pmd_leaf() */")).contains(.populatedIsLeaf)))
  }

  private static func tables(create: String = "", remove: String = "") -> String {
    ["pte", "pmd"].map {
      """
      phys_addr_t alloc_\($0)_late(uintptr_t va) { \(create) }
      void free_\($0)_table(\($0)_t *start, \($0 == "pte" ? "pmd" : "pud")_t *parent) { \(remove) }

      """
    }.joined()
  }

  @Test("has plain tables if both sides exist and neither runs anything for a table")
  func plainTables() throws {
    #expect(try era(Self.tables()).contains(.plainTables))
    #expect(
      try era(Self.tables(create: "/* no ctor */ ", remove: "// pagetable_dtor(x)\n"))
        .contains(.plainTables))
    for (create, remove) in [
      ("pagetable_pte_ctor(x);", ""), ("", "pagetable_dtor(x);"),
      ("pgtable_pmd_page_ctor(x);", "pgtable_pmd_page_dtor(x);"),
    ] {
      #expect(
        !(try era(Self.tables(create: create, remove: remove)).contains(.plainTables)),
        "\(create) \(remove)")
    }
    let macro = "#define MADE(x) pagetable_pte_ctor(x)\n"
    #expect(!(try era(macro + Self.tables(create: "MADE(x);")).contains(.plainTables)))
    // A helper of the subject's own counts, too.
    let helper = "static void own(void *x) { pagetable_pte_ctor(x); }\n"
    #expect(!(try era(helper + Self.tables(create: "own(x);")).contains(.plainTables)))
  }

  @Test("is unknown for a text with only the removal side") func hidden() throws {
    let removal =
      "void free_pte_table(pte_t *s, pmd_t *p) { }\nvoid free_pmd_table(pmd_t *s, pud_t *p) { }\n"
    let extraction = try extract(source(Self.free + removal))
    #expect(extraction.hidesConstructors && !extraction.era.contains(.plainTables))
    #expect(!(try extract(source(Self.free + Self.tables())).hidesConstructors))
    let dtor = removal.replacing("{ }", with: "{ pagetable_dtor(s); }")
    #expect(!(try extract(source(Self.free + dtor)).hidesConstructors))
  }
}
