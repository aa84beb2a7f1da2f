// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A text that conforms only where the harness looks different from a kernel.
struct WrongText: Sendable, CustomTestStringConvertible {
  /// A description of the attempt.
  let name: String
  /// The exit status that the check must have.
  let status: Int
  /// The change to the reference's text.
  let edit: @Sendable (String) -> String

  var testDescription: String { name }

  init(_ name: String, _ status: Int, _ edit: @escaping @Sendable (String) -> String) {
    (self.name, self.status, self.edit) = (name, status, edit)
  }

  /// Omits a store under a condition of the preprocessor.
  static func unless(_ condition: String) -> WrongText {
    WrongText("a clear that is left out under \(condition)", 1) {
      $0.replacing(clear, with: "#if !(\(condition))\n\(clear)\n#endif")
    }
  }

  /// Omits a store under a condition in C.
  static func when(_ name: String, _ condition: String, before: String = "") -> WrongText {
    WrongText("a clear that is left out where \(name)", 1) {
      $0.replacing(clear, with: "\(before)\tif (!(\(condition)))\n\t\(clear)")
    }
  }

  /// Adds lines above the text, or below it.
  static func lines(_ lines: String, behind: Bool = false, _ status: Int) -> WrongText {
    WrongText("\(behind ? "behind" : "before") the text: \(lines)", status) {
      behind ? "\($0)\n\(lines)\n" : "\(lines)\n\($0)"
    }
  }

  private static let clear = "\tpmd_clear(pmd);"
}

@Suite("A wrong text")
struct WrongTextTests {
  private static let asMachine: [WrongText] = [
    .unless("defined(__riscv)"), .unless("__riscv_xlen == 64"), .unless("defined(__KERNEL__)"),
    .unless("!defined(__x86_64__) && !defined(__aarch64__)"), .unless("!defined(__SSE2__)"),
    .unless("!defined(__amd64)"), .unless("defined(KBUILD_MODNAME)"),
    .unless("defined(__riscv_atomic) && defined(__riscv_float_abi_soft)"),
    .unless("!defined(__ARM_NEON)"),
    .when("char is unsigned", "(char)0xff > 0"),
    .when("wide characters are short", "sizeof(L'a') == 2"),
  ]

  /// Symbols that every kernel with memory hotplug sets.
  private static let asForced: [WrongText] = [
    "PHYS_ADDR_T_64BIT", "ARCH_DMA_ADDR_T_64BIT", "ARCH_ENABLE_MEMORY_HOTPLUG",
    "ARCH_ENABLE_MEMORY_HOTREMOVE", "ARCH_MHP_MEMMAP_ON_MEMORY_ENABLE", "ARCH_RV64I", "MIGRATION",
    "HAVE_ARCH_TRANSPARENT_HUGEPAGE", "MHP_MEMMAP_ON_MEMORY", "PGTABLE_LEVELS", "RISCV_SBI",
    "SPARSEMEM_EXTREME", "ZONE_DMA32",
  ].map { .unless("defined(CONFIG_\($0))") }

  private static let asValued: [WrongText] = [
    .unless("CONFIG_PGTABLE_LEVELS > 4"), .unless("CONFIG_PAGE_SHIFT == 12"),
    .unless("CONFIG_NR_CPUS > 1"),
    .when("a page of memmap is its own", "IS_ENABLED(CONFIG_MHP_MEMMAP_ON_MEMORY)"),
    WrongText("a right use of the number of levels", 0) {
      $0.replacing(
        "if (pgtable_l5_enabled)", with: "if (CONFIG_PGTABLE_LEVELS > 4 && pgtable_l5_enabled)")
    },
    WrongText("a right use of the memory model", 0) {
      $0.replacing(
        "\tpmd_clear(pmd);", with: "#ifndef CONFIG_FLATMEM\n\tpmd_clear(pmd);\n#endif")
    },
  ]

  /// Conditions that hold on one of two machines: of several CPUs, and of one CPU before init runs.
  private static let asOneMachine: [WrongText] = [
    "num_online_cpus() > 1", "num_online_cpus() == 1", "num_possible_cpus() == 1",
    "num_online_cpus() < num_possible_cpus()", "nr_cpu_ids > 1", "nr_cpu_ids == 1",
    "smp_processor_id() == 0", "smp_processor_id() != 0", "raw_smp_processor_id() > 0",
    "cpumask_weight(cpu_online_mask) == 1", "cpumask_weight(cpu_possible_mask) > 1",
    "cpu_online(1)", "!cpu_online(1)", "system_state >= SYSTEM_RUNNING",
    "system_state < SYSTEM_RUNNING", "need_resched()", "!need_resched()",
  ].map { .when("it holds that \($0)", $0) }

  /// Other flushes in place of that of all CPUs.
  private static func flushing(_ name: String, _ status: Int, _ flush: String) -> WrongText {
    WrongText(name, status) {
      $0.replacing("\tflush_tlb_all();", with: "\t\(flush)")
    }
  }

  private static let asFlush: [WrongText] = [
    flushing("a flush of one CPU", 1, "local_flush_tlb_all();"),
    flushing(
      "a flush of one of several CPUs", 1,
      "if (num_online_cpus() > 1)\n\t\tlocal_flush_tlb_all();\n\telse\n\t\tflush_tlb_all();"),
    flushing("a flush only with one CPU", 1, "if (num_online_cpus() == 1)\n\t\tflush_tlb_all();"),
    flushing(
      "a flush only on the first CPU", 1, "if (smp_processor_id() == 0)\n\t\tflush_tlb_all();"),
    flushing(
      "a flush only with several CPUs", 1, "if (num_online_cpus() > 1)\n\t\tflush_tlb_all();"),
    flushing(
      "a flush of as many CPUs as there are", 0,
      "if (num_online_cpus() > 1)\n\t\tflush_tlb_all();\n\telse\n\t\tlocal_flush_tlb_all();"),
  ]

  private static let asHarness: [WrongText] = [
    .lines("#define create_pte_mapping mhp_create_pte_mapping", behind: true, 3),
    .lines("#undef MHP_HAVE_free_pte_table", behind: true, 3),
    .lines("#define mhp_entry_free_pte_table 0", behind: true, 3),
    .lines("#define MHP_INDEX_BITS 9", 3),
    .lines("#define paste(a) mhp_ ## a", 3),
    .lines("#define pmd_clear(p) mhp_flush(p)", 3),
    WrongText("a call of the harness", 3) {
      $0.replacing("\tpmd_clear(pmd);", with: "\tmhp_destruct(pmd, 0);")
    },
  ]

  private static let asLanguage: [WrongText] = [
    "if(x) if (!(x))", "while(x) while (0)", "return", "for(x) if (0)", "else", "sizeof 8 +",
    "__builtin_expect(x, y) 0", "switch(x) switch (0)", "static", "const",
  ].map { .lines("#define \($0)", 3) }

  private static let asNothing: [WrongText] = [
    WrongText("a text under a configuration that is off", 3) {
      "#ifdef CONFIG_ELSEWHERE\n\($0)\n#endif\n"
    },
    WrongText("a text under #if 0", 3) { "#if 0\n\($0)\n#endif\n" },
    WrongText("a text of comments", 3) { "/*\n\($0.replacing("*/", with: "")) */\n" },
    .when(
      "a variable that nobody set is not 0", "unset", before: "\tunsigned long unset;\n\n"),
    .lines("#undef pmd_clear\n#define pmd_clear(p) ((void)(p))", 1),
    .lines("#undef flush_tlb_all\n#define flush_tlb_all() ((void)0)", 1),
  ]

  @Test(
    "is never reported to conform", arguments: asMachine + asHarness + asLanguage + asNothing)
  func texts(_ wrong: WrongText) async throws {
    try await check(wrong)
  }

  @Test("is compiled as every kernel with memory hotplug is", arguments: asForced + asValued)
  func configurations(_ wrong: WrongText) async throws {
    try await check(wrong)
  }

  @Test(
    "differs on one of two machines, unless it is right on both", arguments: asOneMachine + asFlush)
  func machines(_ wrong: WrongText) async throws {
    try await check(wrong)
  }

  private func check(_ wrong: WrongText) async throws {
    let folder = try PrivateFolder()
    let reference = try VariantFiles.reference()
    let text = wrong.edit(reference)
    try #require(text != reference, "the edit changes nothing")
    let answer = try await VariantProgram.answerHere(
      on: folder.write("init.c", text), modes: ["sv48"])
    #expect(answer.status == wrong.status, "\(wrong): \(answer)")
  }
}
