// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine

/// A text that mends a hazard of upstream, and versions of it with a slip.
struct MendCase: Sendable, CustomTestStringConvertible {
  /// The name of the edit file.
  let name: String
  /// The ids that the report must name.
  let ids: Set<String>
  /// The mode in which the mend shows best.
  let mode: String
  /// The slips by name: a piece of the mended text, and the wrong text that replaces it.
  let slips: [String: (String, String)]

  var testDescription: String { name }

  init(
    _ name: String, _ ids: Set<String>, mode: String = "sv57",
    slips: [String: (String, String)]
  ) {
    (self.name, self.ids, self.mode, self.slips) = (name, ids, mode, slips)
  }

  /// The mended text, with a slip if one is named.
  func text(with slip: String? = nil) throws -> String {
    let text = try VariantFiles.read(.mended, name: name).applied(to: VariantFiles.reference())
    guard let (right, wrong) = slip.flatMap({ slips[$0] }) else { return text }
    let places = text.ranges(of: right)
    try #require(places.count == 1, "\(name), \(slip ?? ""): stands \(places.count) times")
    return text.replacing(right, with: wrong)
  }
}

@Suite("A mend of upstream's text")
struct MendTests {
  static let cases = [
    MendCase(
      "h1-pages", ["H1"],
      slips: [
        "pages for a whole section, too": (
          "if (end - start < PAGES_PER_SECTION", "if (end - start <= PAGES_PER_SECTION"
        ),
        "a page too few": (
          "vmemmap_populate_basepages(start, end, node",
          "vmemmap_populate_basepages(start, end - PAGE_SIZE, node"
        ),
        "a page too many": (
          "vmemmap_populate_basepages(start, end, node",
          "vmemmap_populate_basepages(start, end + PAGE_SIZE, node"
        ),
        "nothing at all": (
          "return vmemmap_populate_basepages(start, end, node, altmap);", "return 0;"
        ),
        "the altmap passed over": (
          "vmemmap_populate_basepages(start, end, node, altmap)",
          "vmemmap_populate_basepages(start, end, node, NULL)"
        ),
      ]),
    MendCase(
      "h2-memmap", ["H2"],
      slips: [
        "no destructor at all": (
          "if (!is_vmemmap)\n\t\tpagetable_pte", "if (0)\n\t\tpagetable_pte"
        ),
        "the test turned round": (
          "if (!is_vmemmap)\n\t\tpagetable_pte", "if (is_vmemmap)\n\t\tpagetable_pte"
        ),
        "a table that stays": (
          "\tif (!is_vmemmap)\n\t\tpagetable_pte", "\tif (is_vmemmap)\n\t\treturn;\n\tpagetable_pte"
        ),
      ]),
    MendCase(
      "h2", ["H2"],
      slips: [
        "the allocator's alone kept": (
          "if (!is_vmemmap && !PageReserved(table))", "if (!is_vmemmap && PageReserved(table))"
        )
      ]),
    MendCase(
      "h2-boot", ["H2"],
      slips: [
        "the test turned round": (
          "if (!PageReserved(table))\n\t\tpagetable_pte",
          "if (PageReserved(table))\n\t\tpagetable_pte"
        ),
        "a PMD table's, too": (
          "if (!is_vmemmap && !PageReserved(table))", "if (!is_vmemmap && PageReserved(table))"
        ),
      ]),
    MendCase(
      "h3", ["H3"],
      slips: [
        "the lower of both": ("max(max_pfn, PFN_UP(end))", "min(max_pfn, PFN_UP(end))"),
        "never raised": ("max_pfn = max(max_pfn, PFN_UP(end))", "max_pfn = max_pfn"),
        "a page too many": ("max(max_pfn, PFN_UP(end))", "max(max_pfn, PFN_UP(end) + 1)"),
      ]),
    MendCase(
      "h4", ["H4"], mode: "sv39",
      slips: [
        "one beyond": (
          "__pa(min(PAGE_END, PAGE_OFFSET + KERN_VIRT_SIZE) - 1)",
          "__pa(min(PAGE_END, PAGE_OFFSET + KERN_VIRT_SIZE) - 1) + 1"
        )
      ]),
    MendCase(
      "h5", ["H5"],
      slips: [
        "the failure swallowed": ("\tif (!err)\n\t\terr = __add_pages", "\terr = __add_pages"),
        "another error": (
          "\tif (!err)\n\t\terr = __add_pages",
          "\tif (err)\n\t\terr = -EINVAL;\n\tif (!err)\n\t\terr = __add_pages"
        ),
        "what was mapped left": (
          "\t\tremove_linear_mapping(start, size);\n\t} else {",
          "\t\tif (err != -ENOMEM)\n\t\t\tremove_linear_mapping(start, size);\n\t} else {"
        ),
        "a level that goes on": (
          "\t\ttable = pt_ops.alloc_pte(va);\n\t\tif (!table)\n\t\t\treturn -ENOMEM;",
          "\t\ttable = pt_ops.alloc_pte(va);\n\t\tif (!table)\n\t\t\treturn 0;"
        ),
      ]),
    MendCase(
      "h6", ["H6"],
      slips: [
        "what is behind it goes, too": (
          "if (!is_vmemmap && (p4d_val(old) & _PAGE_LEAF)) {",
          "if (!is_vmemmap && (p4d_val(old) & _PAGE_LEAF)) {\n\t\t\tp4d_clear(entry + 1);"
        ),
        "the leaf stays": (
          "if (!is_vmemmap && (p4d_val(old) & _PAGE_LEAF)) {",
          "if (!is_vmemmap && (p4d_val(old) & _PAGE_LEAF)) {\n\t\t\tcontinue;"
        ),
      ]),
    MendCase(
      "h8-tables", ["H8"],
      slips: [
        "the page kept": (
          "\tp4d_clear(p4d);\n\tif (!release_reserved_table(table))\n\t\tfree_pages",
          "\tp4d_clear(p4d);\n\tif (0)\n\t\tfree_pages"
        ),
        "the destructor after the free": (
          "\tpmd_clear(pmd);\n\tpagetable_pte_dtor(page_ptdesc(table));\n"
            + "\tif (!release_reserved_table(table))\n\t\tpagetable_free(page_ptdesc(table));",
          "\tpmd_clear(pmd);\n\tif (!release_reserved_table(table))\n"
            + "\t\tpagetable_free(page_ptdesc(table));\n\tpagetable_pte_dtor(page_ptdesc(table));"
        ),
        "the entry beside it": (
          "\tpud_clear(pud);\n\tif (!is_vmemmap)", "\tpud_clear(pud + 1);\n\tif (!is_vmemmap)"
        ),
      ]),
    MendCase(
      "h8-pte", ["H8"], mode: "sv48",
      slips: [
        "the entry beside it": (
          "\tpmd_clear(pmd);\n\tif (!release_reserved_table(table))",
          "\tpmd_clear(pmd + 1);\n\tif (!release_reserved_table(table))"
        )
      ]),
    MendCase(
      "h8-pud", ["H8"],
      slips: [
        "the page kept": (
          "\tp4d_clear(p4d);\n\tif (!release_reserved_table(table))",
          "\tp4d_clear(p4d);\n\tif (0)"
        )
      ]),
    MendCase(
      "h8-flushed", ["H8"],
      slips: [
        "the walk's own flush left out": (
          "\n\t}\n\n\tflush_tlb_all();\n}", "\n\t}\n}"
        ),
        "freed twice": (
          "free_vmemmap_storage(pud_page(old), PUD_SIZE, altmap);",
          "free_vmemmap_storage(pud_page(old), PUD_SIZE, altmap);\n"
            + "\t\t\t\tfree_vmemmap_storage(pud_page(old), PUD_SIZE, altmap);"
        ),
      ]),
    MendCase(
      "h10", ["H10"],
      slips: [
        "what is not the altmap's left": (
          "vmem_altmap_free(altmap, size >> PAGE_SHIFT);\n\t} else if",
          "vmem_altmap_free(altmap, size >> PAGE_SHIFT);\n\t} else if (altmap) {\n\t\treturn;\n\t} else if"
        ),
        "its upper half taken for another's": (
          "altmap->reserve + altmap->free", "(altmap->reserve + altmap->free) / 2"
        ),
      ]),
    MendCase(
      "unlisted-check-pmd", ["unlisted"],
      slips: [
        "a leaf filled, too": ("&& !pmd_leaf(pmdp_get(pmd))", ""),
        "a leaf for a table": ("&& !pmd_leaf(pmdp_get(pmd))", "&& pmd_leaf(pmdp_get(pmd))"),
      ]),
  ]

  struct MendReport: Decodable {
    struct Mend: Decodable {
      var id: String
      var rule: String
      var replay: String
    }
    struct Difference: Decodable { var function: String }
    var verdict: String
    var mends: [Mend]
    var differences: [Difference]
  }

  private func check(_ text: String, mode: String) async throws -> MendReport {
    let folder = try PrivateFolder()
    return try await VariantProgram.reportHere(
      on: folder.write("init.c", text), modes: [mode], findsCauses: false)
  }

  @Test("conforms, and the report names it", .timeLimit(.minutes(20)), arguments: cases)
  func credited(_ mend: MendCase) async throws {
    let report = try await check(mend.text(), mode: mend.mode)
    #expect(report.verdict == "conforms", "\(report)")
    #expect(Set(report.mends.map(\.id)).isSuperset(of: mend.ids))
    #expect(report.differences.isEmpty)
  }

  @Test(
    "with a slip in it differs", .timeLimit(.minutes(20)),
    arguments: cases.flatMap { mend in mend.slips.keys.sorted().map { (mend, $0) } })
  func slips(_ mend: MendCase, slip: String) async throws {
    let report = try await check(mend.text(with: slip), mode: mend.mode)
    #expect(report.verdict == "differs", "\(mend.name), \(slip)")
    #expect(!report.differences.isEmpty, "\(mend.name), \(slip)")
  }

  @Test("that never removes the leaf does not conform", .timeLimit(.minutes(20)))
  func leak() async throws {
    // The leaf stays because of its neighbour, and still stays when the neighbour is removed.
    let edit = try VariantFiles.read(.mended, name: "h1")
    let report = try await check(
      edit.applied(to: VariantFiles.reference()), mode: "sv48")
    #expect(["differs", "missing-fixes"].contains(report.verdict), "\(report)")
  }
}
