// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Machine
@testable import Subjects

@Suite("The judged functions of a patch")
struct SubjectScopeTests {
  /// A file with two hotplug functions, one of the creation side, a macro that one uses, and others.
  private static let file = """
    #define BITS 9
    #define OTHER 1
    static int setup_bootmem(void)
    {
    \treturn OTHER;
    }
    int pgtable_cache_init(void)
    {
    \treturn 0;
    }
    #ifdef CONFIG_MEMORY_HOTPLUG
    static void __meminit remove_pgd_mapping(unsigned long va, unsigned long end)
    {
    \tflush_tlb_all();
    }
    void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    {
    \tremove_pgd_mapping(start >> BITS, end);
    }
    #endif
    int behind(void)
    {
    \treturn 0;
    }

    """

  private static let hotplug = {
    let start = file.firstRange(of: "#ifdef")!.lowerBound
    let end = file.firstRange(of: "#endif\n")!.upperBound
    return String(file[start..<end])
  }()

  private static func lines(_ text: String, isAdded: Bool = false) -> SourceFile {
    source(text, name: "init.c", isAdded: isAdded)
  }

  /// The extraction from a patch that was applied to a known file.
  private func applied(_ new: String, to old: String = file) throws -> Extraction {
    try extract(
      SubjectText(
        kind: "patch", origin: "x.patch", files: [Self.lines(new)], before: [Self.lines(old)]))
  }

  @Test("With its base, a patch that removes the functions leaves none")
  func takenAway() {
    let error = failure { try applied(Self.file.replacing(Self.hotplug, with: "")) }
    #expect(
      error?.message
        == "no function of the surface remains: x.patch removes remove_pgd_mapping "
        + "and vmemmap_free")
    // Changes elsewhere do not make it a subject.
    let more = failure {
      try applied(
        Self.file.replacing(Self.hotplug, with: "").replacing("return 0", with: "return 1"))
    }
    #expect(more?.message == error?.message)
  }

  @Test("Without a base, a patch that removes the functions leaves none either")
  func takenAwayWithoutBase() {
    func removal(_ context: String) -> String {
      "@\n" + context
        + Self.hotplug.split(separator: "\n").map { "-\($0)\n" }.joined() + " int behind(void)\n"
    }
    for context in ["", " }\n", "+int added;\n int pgtable_cache_init(void)\n {\n-\told();\n }\n"] {
      let error = failure { try extract(patch(removal(context))) }
      #expect(error?.message.hasPrefix("no function of the surface remains: fix.patch") == true)
    }
  }

  @Test(
    "With its base, a patch that changes no judged code is refused",
    arguments: [
      ("return OTHER", "return OTHER + 1"), ("OTHER 1", "OTHER 2"),
      ("int behind(void)\n{\n\treturn 0", "int behind(void)\n{\n\treturn 1"),
      ("#define OTHER 1\n", ""),
    ])
  func elsewhere(old: String, new: String) {
    let error = failure { try applied(Self.file.replacing(old, with: new)) }
    #expect(error?.message.contains("changes none of the functions that are checked") == true)
  }

  @Test(
    "With its base, a patch to a function or to what it uses is a subject, even if it only removes",
    arguments: [
      ("\tflush_tlb_all();\n", ""), ("BITS 9", "BITS 10"), ("va, unsigned", "va,\nunsigned"),
      ("#ifdef CONFIG_MEMORY_HOTPLUG", "#ifdef CONFIG_OTHER"),
      (
        "int pgtable_cache_init(void)\n{\n\treturn 0", "int pgtable_cache_init(void)\n{\n\treturn 1"
      ),
    ])
  func judged(old: String, new: String) throws {
    _ = try applied(Self.file.replacing(old, with: new))
  }

  @Test(
    "Without a base, a patch to only a definition gives an error that names it and asks for a base")
  func definitionWithoutBase() {
    for (text, name) in [
      ("@\n #define BITS 9\n+#define pmd_leaf(x) 0\n int x;", "pmd_leaf"),
      ("@\n-#define BITS 9\n+#define BITS 10\n int x;", "BITS"),
      ("@\n static bool quirk(void)\n {\n+\treturn true;\n }", "quirk"),
      ("@\n+static unsigned long max_pfn;\n int x;", "max_pfn"),
    ] {
      let error = failure { try extract(patch(text)) }
      #expect(error?.message.contains("the patch changes \(name)") == true, "\(error)")
      #expect(error?.advice?.contains("--base FILE") == true)
    }
  }

  @Test("A changed function that a hunk shows in part is refused by its name in the hunk's header")
  func partByHeading() {
    func hunk(_ heading: String) -> SubjectText {
      let lines = ["\tpmd_t *pmd, entry;", "\tflush_tlb_all();", "}", "", "int next(void)"]
        .enumerated().map {
          SourceLine(
            text: $1, displayName: "fix.patch", number: $0 + 8, isAdded: $0 == 1,
            heading: $0 == 0 ? heading : nil)
        }
      let file = SourceFile(
        path: "arch/riscv/mm/init.c", displayName: "fix.patch", lines: lines, gaps: [0])
      return SubjectText(kind: "patch", origin: "fix.patch", files: [file], before: [])
    }
    let error = failure {
      try extract(
        hunk("static void __meminit remove_pmd_mapping(pmd_t *pmd_base, unsigned long ad"))
    }
    #expect(error?.message == "fix.patch:8: remove_pmd_mapping is incomplete in this patch")
    let other = failure { try extract(hunk("static void __init setup_vm(void)")) }
    #expect(other?.message.contains("the patch changes setup_vm") == true, "\(other)")
  }

  private static let shownWhole = """
    @
     void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
     {
    -\told();
     \tremove_pgd_mapping(start, end);
     }
    """

  @Test(
    "A function that a patch shows whole is judged, even for a removal, with reference callees")
  func functionContext() throws {
    let folder = try PrivateFolder()
    let stubs = try TinyStubs.write(to: folder)
    try folder.write(
      Self.file.replacing("\tflush_tlb_all();", with: "\tflush_tlb_all();\n\tits_own();"),
      to: "reference.inc")
    let tail = "\n \n static void __meminit remove_linear_mapping(phys_addr_t start, u64 size)\n {"
    let extraction = try Extraction.extract(
      from: patch(Self.shownWhole + tail), stubs: stubs, reference: folder.path + "/reference.inc")
    #expect(Set(extraction.functions.keys) == [.vmemmapFree])
    #expect(extraction.unit.contains("its_own"))
    #expect(extraction.pulled.contains("remove_pgd_mapping"))
    #expect(
      extraction.warnings == [
        "incomplete in the patch, replaced by stand-ins: remove_linear_mapping; give a base (--base) to have "
          + "them judged",
        "missing in the patch, taken from the reference: remove_pgd_mapping; give a base (--base) to have them "
          + "judged",
      ])
  }

  @Test("Stand-ins replace creation functions that a hunk shows in part, and a line says so")
  func creationInPart() throws {
    let text =
      Self.shownWhole.replacing("remove_pgd_mapping(start, end)", with: "flush_tlb_all()") + """

        @
         void __init create_pgd_mapping(pgd_t *pgdp, uintptr_t va,
        +\t\t\t       int more,
         \t\t\t       phys_addr_t pa)
         {
        """
    let extraction = try extract(patch(text))
    #expect(Set(extraction.functions.keys) == [.vmemmapFree])
    #expect(extraction.warnings.count == 1)
    #expect(extraction.warnings.first?.contains("create_pgd_mapping; give a base") == true)
  }

  @Test("Statements at the start of a hunk are no definitions")
  func statements() throws {
    let text = """
      @
       \tstruct page *page, *flush;
       \tunsigned long start = 3;
      +\tint other;
      @
       void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
       {
      +\tflush_tlb_all();
       }
      """
    #expect(try extract(patch(text)).pulled.isEmpty)
  }

  @Test(
    "Text between functions at the start of a hunk does not belong to the function in its header")
  func betweenFunctions() throws {
    func line(_ number: Int, _ text: String, _ heading: String? = nil) -> SourceLine {
      SourceLine(
        text: text, displayName: "fix.patch", number: number, isAdded: true, heading: heading)
    }
    let texts = [
      "", "#ifdef CONFIG_MEMORY_HOTPLUG", "/*", " * Of what follows.", " */",
      "void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)",
      "{", "}", "#endif",
    ]
    for heading in ["static void __meminit create_pgd_mapping(", "static void remove_p4d_mapping("]
    {
      let file = SourceFile(
        path: "arch/riscv/mm/init.c", displayName: "fix.patch",
        lines: texts.enumerated().map { line($0 + 9, $1, $0 == 0 ? heading : nil) }, gaps: [0])
      let text = SubjectText(kind: "patch", origin: "fix.patch", files: [file], before: [])
      let extraction = try extract(text)
      #expect(Set(extraction.functions.keys) == [.vmemmapFree])
      #expect(extraction.warnings.isEmpty, "\(extraction.warnings)")
    }
  }

  @Test("A patch that changes a function before another patch adds it means a wrong order")
  func changedBeforeAdded() {
    let text = """
      @
       void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
       {
      +\tone();
      @
      +void __ref vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      +{
      +\tflush_tlb_all();
      +}
      """
    let error = failure { try extract(patch(text)) }
    #expect(
      error?.message
        == "fix.patch:5: another patch changes vmemmap_free before the patch that adds it")
  }
}
