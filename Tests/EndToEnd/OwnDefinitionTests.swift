// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A subject's own definitions of names that the stub headers have count as the subject's behaviour.
@Suite("A definition of the subject's own")
struct OwnDefinitionTests {
  /// Text inserted before `free_pte_table`, and the name that the output must contain.
  struct Definition: Sendable, CustomTestStringConvertible {
    var text: String
    var status = 1
    var named = ""

    var testDescription: String { text }
  }

  private static let marker = "static void __meminit free_pte_table("

  private func subject(_ folder: PrivateFolder, _ text: String, at place: String = marker) throws
    -> String
  {
    let reference = try VariantFiles.reference()
    let found = try #require(reference.firstRange(of: place))
    var edited = reference
    edited.insert(contentsOf: text + "\n\n", at: found.lowerBound)
    return try folder.write("init.c", edited.utf8)
  }

  @Test(
    "takes effect where it stands", .timeLimit(.minutes(60)),
    arguments: [
      Definition(text: "#undef flush_tlb_all\n#define flush_tlb_all() do { } while (0)"),
      Definition(text: "#define flush_tlb_all() do { } while (0)"),
      Definition(text: "static void flush_tlb_all(void)\n{\n}"),
      Definition(text: "#define pmd_leaf(x) 0"),
      Definition(text: "#define PMD_SIZE PAGE_SIZE"),
      Definition(text: "#undef PMD_SHIFT\n#define PMD_SHIFT 12"),
      Definition(text: "#define pud_index(a) pmd_index(a)"),
      Definition(text: "#define pte_none(pte) true"),
      Definition(text: "static bool pte_none(pte_t pte)\n{\n\treturn true;\n}"),
      Definition(text: "#define PTRS_PER_PTE 256"),
      Definition(text: "#define free_reserved_page(page) __free_page(page)"),
      Definition(
        text: "static void free_reserved_page(struct page *page)\n{\n\t__free_page(page);\n}"),
      Definition(
        text: "static void own_clear(pmd_t *pmd)\n{\n}\n#define pmd_clear(pmd) own_clear(pmd)"),
      Definition(text: "static inline void pmd_clear(pmd_t *pmd)\n{\n}"),
      Definition(text: "static unsigned long max_pfn;"),
      Definition(text: "unsigned long max_pfn;"),
      Definition(text: "static unsigned long own_max_pfn;\n#define max_pfn own_max_pfn"),
      Definition(text: "#define vmem_altmap_free(altmap, pages) do { } while (0)"),
      Definition(
        text: "static void vmem_altmap_free(struct vmem_altmap *altmap, unsigned long pages)\n{\n}"),
      Definition(text: "static const bool pgtable_l4_enabled = true;"),
      Definition(text: "#define READ_ONCE(x) ((__typeof__(x)) { 0 })"),
      Definition(
        text: "#ifdef CONFIG_MEMORY_HOTPLUG\n#define pmd_leaf(x) 0\n#endif"),
      Definition(
        text: "struct vmem_altmap {\n\tunsigned long alloc;\n};", status: 3,
        named: "struct vmem_altmap"),
      Definition(text: "#define if(x) if (!(x))", status: 3, named: "the C keyword if"),
      Definition(text: "#define while(x) if (x)", status: 3, named: "the C keyword while"),
      Definition(text: "#define __builtin_memset(...) 0", status: 3, named: "__builtin_memset"),
      Definition(text: "#undef pte_none\n#undef PAGE_SHIFT", status: 3, named: "PAGE_SHIFT"),
      // These count through the kernel's other macros.
      Definition(text: "#undef PMD_MASK\n#define PMD_MASK (~0UL)"),
      Definition(text: "#undef PUD_MASK\n#define PUD_MASK (~0UL)"),
      Definition(text: "#undef PGDIR_MASK\n#define PGDIR_MASK (~0UL)"),
      Definition(text: "#undef PTRS_PER_PGD\n#define PTRS_PER_PGD 2"),
      Definition(text: "#undef VA_BITS\n#define VA_BITS 39"),
      Definition(text: "#undef VMALLOC_SIZE\n#define VMALLOC_SIZE (1UL << 30)"),
      Definition(text: "#undef VMEMMAP_SHIFT\n#define VMEMMAP_SHIFT 21"),
      Definition(text: "#undef vmemmap\n#define vmemmap ((struct page *)0)"),
      Definition(text: "#undef __pfn_to_page\n#define __pfn_to_page(pfn) ((struct page *)0)"),
      Definition(text: "#undef __page_to_pfn\n#define __page_to_pfn(page) 1UL"),
      Definition(text: "#undef pgd_offset\n#define pgd_offset(mm, address) ((mm)->pgd)"),
      Definition(text: "static struct mm_struct own_mm;\n#define init_mm own_mm"),
      Definition(
        text: "static struct kernel_mapping own_map;\n#undef kernel_map\n#define kernel_map own_map"
      ),
      Definition(text: "#undef __pa_to_va_nodebug\n#define __pa_to_va_nodebug(x) ((void *)(x))"),
      Definition(text: "#undef PGDIR_SHIFT_L5\n#define PGDIR_SHIFT_L5 39"),
      Definition(text: "#undef SZ_2G\n#define SZ_2G 0x40000000UL"),
      // These change nothing.
      Definition(text: "#undef PMD_MASK\n#define PMD_MASK (~(PMD_SIZE - 1))", status: 0),
      Definition(
        text: "#undef VMEMMAP_START\n#define VMEMMAP_START (VMALLOC_START - VMEMMAP_SIZE)",
        status: 0),
      Definition(text: "#ifndef CONFIG_MEMORY_HOTPLUG\n#define pmd_leaf(x) 0\n#endif", status: 0),
      Definition(
        text: "#ifdef CONFIG_NOT_ASKED\nstatic void pmd_clear(pmd_t *p)\n{\n}\n#endif", status: 0),
      Definition(
        text: "#undef flush_tlb_all\n#define flush_tlb_all() mhp_flush(MHP_FLUSH_ALL, 0, 0)",
        status: 3),
      Definition(text: "#define PAGE_END KASAN_SHADOW_START", status: 0),
      Definition(
        text: "static inline int pte_none(pte_t pte)\n{\n\treturn !pte_val(pte);\n}", status: 0),
    ])
  func counts(definition: Definition) async throws {
    let folder = try PrivateFolder()
    let file = try subject(folder, definition.text)
    let answer = try await VariantProgram.answerHere(on: file)
    #expect(answer.status == definition.status, "\(definition.text)\n\(answer)")
    #expect(definition.named.isEmpty || answer.words.contains(definition.named), "\(answer)")
  }

  @Test("in place of an earlier one takes effect")
  func replaced() async throws {
    let folder = try PrivateFolder()
    let file = try subject(
      folder, "#undef PAGE_END\n#define PAGE_END (PAGE_OFFSET + PAGE_SIZE)",
      at: "struct range arch_get_mappable_range(")
    let answer = try await VariantProgram.answerHere(on: file)
    #expect(answer.status == 1, "\(answer)")
  }

  @Test("after the last function changes none of them")
  func behind() async throws {
    let folder = try PrivateFolder()
    let reference = try VariantFiles.reference()
    let file = try folder.write(
      "init.c",
      (reference + "\n#define flush_tlb_all() do { } while (0)\n#define free_pte_table gone\n"
        + "#define create_pte_mapping(...) do { } while (0)\n").utf8)
    let answer = try await VariantProgram.answerHere(on: file)
    #expect(answer.status == 0, "\(answer)")
  }

  @Test("may be all that a patch changes, if the base is known")
  func patch() async throws {
    let folder = try PrivateFolder()
    let base = try subject(folder, "")
    let lines = try String(contentsOf: URL(filePath: base), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.hasPrefix(Self.marker) })
    let context = lines[line..<(line + 3)].map { " \($0)\n" }.joined()
    let patch = try folder.write(
      "one.patch",
      """
      --- a/arch/riscv/mm/init.c
      +++ b/arch/riscv/mm/init.c
      @@ -\(line + 1),3 +\(line + 1),4 @@
      +#define pmd_leaf(x) 0
      \(context)
      """.utf8)
    let outcome = try await Program.run(
      [
        "check", patch, "--base", base, "--depth", "smoke", "--jobs", "1", "--verbose",
        "--no-shrink", "--no-coverage",
      ])
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.output.contains("remove_pmd_mapping"), "\(outcome)")
  }
}
