// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel
import PageTables
import Scenarios

/// A case as a KUnit test for a kernel tree: `mhpcheck replay --format kunit`.
public struct KUnitText: Sendable {
  /// The file.
  public let text: String

  /// - Throws: why the case is no KUnit test, as a sentence.
  public init(
    _ scenario: Scenario, reference: Observation, against: String
  ) throws(KUnitRefusal) {
    guard let image = try? scenario.lowered(),
      let drawing = StateDrawing(scenario: scenario, subject: reference, reference: reference)
    else { throw KUnitRefusal(reason: "it cannot be lowered") }
    do {
      let one = try KUnitCase(scenario, image, reference)
      text = Self.head(one, drawing, against) + Self.machine + Self.test(one, drawing.naming)
    } catch {
      throw KUnitRefusal(reason: error.reason)
    }
  }

  private static func head(
    _ one: KUnitCase, _ drawing: StateDrawing, _ against: String
  ) -> String {
    let scenario = one.scenario
    let lines =
      ["KUnit test of case \(scenario.id), \(scenario.mode): \(scenario.purpose)"]
      + scenario.operations.enumerated().map { "call \($0 + 1): \(drawing.naming.call($1))" }
      + [
        "", "Right is what upstream's text with these fixes does: \(against).", "",
        "The functions are static: put this at the end of arch/riscv/mm/init.c, with", "",
        "  #include \"mhpcheck_kunit.c\"", "",
        "and build with CONFIG_KUNIT=y, CONFIG_MEMORY_HOTPLUG=y and CONFIG_MEMORY_HOTREMOVE=y.",
        "The tables are pages of the test's own, which no hardware walks. The kernel has to run in",
        "\(scenario.mode); in another mode the test is skipped.", "",
        "Not proved: it was written from a model, compiled and run against stub headers in user",
        "space, and not in a kernel. On a wrong text it may read or clear what lies behind its tables:",
        "run it in a virtual machine. The count of page-table pages is the whole system's: if another",
        "task makes or frees tables meanwhile, that expectation fails; run it again.", "",
        "The tables before:", "",
      ] + drawing.before().map(\.text) + ["", "The tables that are right afterwards:", ""]
      + drawing.after(one.reference, marked: nil).map(\.text)
    return "// SPDX-License-Identifier: GPL-2.0-only\n" + CText.block(lines) + """

      #include <kunit/test.h>
      #include <linux/mm.h>
      #include <linux/mmzone.h>
      #include <linux/version.h>
      #include <linux/vmstat.h>
      #include <asm/pgalloc.h>

      #define MHPCHECK_TABLES \(one.image.tables.count)
      #define MHPCHECK_BLOCKS \(max(1, one.blocks.count))


      """
  }

  /// What every such test needs.
  private static let machine = """
    static struct page *mhpcheck_page[MHPCHECK_TABLES];
    static unsigned long *mhpcheck_table[MHPCHECK_TABLES];
    static unsigned long mhpcheck_before[MHPCHECK_TABLES][PTRS_PER_PTE];
    static struct page *mhpcheck_block[MHPCHECK_BLOCKS];

    #if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 16, 0)
    #define MHPCHECK_CTOR(level, page) pagetable_##level##_ctor(&init_mm, page_ptdesc(page))
    #else
    #define MHPCHECK_CTOR(level, page) pagetable_##level##_ctor(page_ptdesc(page))
    #endif

    /* Pages of page tables in the whole system, what the processors have not handed in included. */
    static long mhpcheck_table_pages(void)
    {
    \tstruct pglist_data *node;
    \tlong pages = 0;
    \tint cpu;

    \tfor_each_online_pgdat(node) {
    \t\tpages += atomic_long_read(&node->vm_stat[NR_PAGETABLE]);
    \t\tfor_each_online_cpu(cpu)
    \t\t\tpages += per_cpu_ptr(node->per_cpu_nodestats, cpu)
    \t\t\t\t\t ->vm_node_stat_diff[NR_PAGETABLE];
    \t}
    \treturn pages;
    }

    /* A page with a second user, so that what frees it does not lose it. */
    static struct page *mhpcheck_hold(unsigned int order)
    {
    \tstruct page *page = alloc_pages(GFP_KERNEL | __GFP_ZERO, order);

    \tif (page)
    \t\tget_page(page);
    \treturn page;
    }

    /* free_reserved_page() takes a page from all its users. */
    static bool mhpcheck_is_freed(struct page *page, bool is_reserved)
    {
    \treturn is_reserved ? !PageReserved(page) : page_count(page) == 1;
    }

    static void mhpcheck_let_go(struct page *page, unsigned int order, bool is_reserved)
    {
    \tif (!page)
    \t\treturn;
    \tif (mhpcheck_is_freed(page, is_reserved)) {
    \t\tif (!is_reserved)
    \t\t\t__free_page(page);
    \t\treturn;
    \t}
    \tif (is_reserved)
    \t\tClearPageReserved(page);
    \tput_page(page);
    \t__free_pages(page, order);
    }

    """

  private static func test(_ one: KUnitCase, _ naming: Naming) -> String {
    let name = one.scenario.id.map { character in
      character.isASCII && (character.isLetter || character.isNumber) ? character.lowercased() : "_"
    }.joined()
    let tables = one.image.tables.enumerated()
    let reserved = tables.map { $1.owner == PageOwner.reserved.rawValue ? "1" : "0" }
    let freed = one.image.tables.indices.map { one.reference.lives[$0].live == 0 ? "1" : "0" }
    let clearedList = one.cleared.map {
      "\t{ \($0.table), \($0.slots.lowerBound), \($0.slots.count) },\n"
    }
    return """

      /* Whether each table is one that memblock handed out, and whether it is free afterwards. */
      static const bool mhpcheck_reserved[MHPCHECK_TABLES] = { \(reserved.joined(separator: ", ")) };
      static const bool mhpcheck_freed[MHPCHECK_TABLES] = { \(freed.joined(separator: ", ")) };
      static const unsigned int mhpcheck_order[MHPCHECK_BLOCKS] = { \
      \(one.blocks.isEmpty ? "0" : one.blocks.map { String($0.order) }.joined(separator: ", ")) };

      /* Of the tables that stay: table, first slot and number of the slots that are cleared. */
      static const unsigned int mhpcheck_cleared[][3] = {
      \(clearedList.joined())\t{ MHPCHECK_TABLES, 0, 0 },
      };

      static unsigned long mhpcheck_right(unsigned int table, unsigned int slot)
      {
      \tunsigned int i;

      \tfor (i = 0; mhpcheck_cleared[i][0] != MHPCHECK_TABLES; i++)
      \t\tif (mhpcheck_cleared[i][0] == table && slot >= mhpcheck_cleared[i][1] &&
      \t\t    slot - mhpcheck_cleared[i][1] < mhpcheck_cleared[i][2])
      \t\t\treturn 0;
      \treturn mhpcheck_before[table][slot];
      }

      static void mhpcheck_\(name)(struct kunit *test)
      {
      \tlong pages;
      \tunsigned int i, slot;
      \(altmaps(one))
      \tif (pgtable_l4_enabled != \(one.image.layout.mode.isL4Enabled) || \
      pgtable_l5_enabled != \(one.image.layout.mode.isL5Enabled))
      \t\tkunit_skip(test, "this is a case of \(one.image.layout.mode.name)");

      \tfor (i = 0; i < MHPCHECK_TABLES; i++) {
      \t\tmhpcheck_page[i] = mhpcheck_hold(0);
      \t\tKUNIT_ASSERT_NOT_NULL(test, mhpcheck_page[i]);
      \t\tmhpcheck_table[i] = page_address(mhpcheck_page[i]);
      \t\tif (mhpcheck_reserved[i])
      \t\t\tSetPageReserved(mhpcheck_page[i]);
      \t}
      \(one.blocks.isEmpty ? "" : blocks)\
      \(constructors(one))\(entries(one))
      \tfor (i = 0; i < MHPCHECK_TABLES; i++)
      \t\tmemcpy(mhpcheck_before[i], mhpcheck_table[i], PAGE_SIZE);
      \tpages = mhpcheck_table_pages();

      \(one.scenario.operations.map { "\t/* \(CText.comment(naming.call($0))) */\n\t\(call($0))\n" }
        .joined())
      \tKUNIT_EXPECT_EQ_MSG(test, mhpcheck_table_pages() - pages, \(-one.destructors)L,
      \t\t\t    "the count of page-table pages: destructors that ran");
      \tfor (i = 0; i < MHPCHECK_TABLES; i++) {
      \t\tKUNIT_EXPECT_EQ_MSG(test, mhpcheck_is_freed(mhpcheck_page[i], mhpcheck_reserved[i]),
      \t\t\t\t    mhpcheck_freed[i], "whether table %u is freed", i);
      \t\tif (mhpcheck_freed[i] || mhpcheck_is_freed(mhpcheck_page[i], mhpcheck_reserved[i]))
      \t\t\tcontinue;
      \t\tfor (slot = 0; slot < PTRS_PER_PTE; slot++)
      \t\t\tKUNIT_EXPECT_EQ_MSG(test, mhpcheck_table[i][slot], mhpcheck_right(i, slot),
      \t\t\t\t\t    "table %u, slot %u", i, slot);
      \t}
      \(one.blocks.isEmpty ? "" : blocksAfter)\(altmapsAfter(one))
      \tfor (i = 0; i < MHPCHECK_TABLES; i++)
      \t\tmhpcheck_let_go(mhpcheck_page[i], 0, mhpcheck_reserved[i]);
      }

      static struct kunit_case mhpcheck_cases[] = {
      \tKUNIT_CASE(mhpcheck_\(name)),
      \t{}
      };

      static struct kunit_suite mhpcheck_suite = {
      \t.name = "mhpcheck",
      \t.test_cases = mhpcheck_cases,
      };
      kunit_test_suite(mhpcheck_suite);

      """
  }

  private static let blocks = """
    \tfor (i = 0; i < MHPCHECK_BLOCKS; i++) {
    \t\tmhpcheck_block[i] = mhpcheck_hold(mhpcheck_order[i]);
    \t\tKUNIT_ASSERT_NOT_NULL(test, mhpcheck_block[i]);
    \t}

    """

  private static let blocksAfter = """
    \tfor (i = 0; i < MHPCHECK_BLOCKS; i++) {
    \t\tKUNIT_EXPECT_TRUE_MSG(test, mhpcheck_is_freed(mhpcheck_block[i], false),
    \t\t\t\t      "the memory of the memmap is given back: block %u", i);
    \t\tmhpcheck_let_go(mhpcheck_block[i], mhpcheck_order[i], false);
    \t}

    """

  private static func altmaps(_ one: KUnitCase) -> String {
    guard !one.image.altmaps.isEmpty else { return "" }
    return "\tstruct vmem_altmap altmaps[] = {\n"
      + one.image.altmaps.map {
        "\t\t{ .base_pfn = 0x\(String($0.basePFN, radix: 16)), "
          + ".end_pfn = 0x\(String($0.endPFN, radix: 16)), .reserve = \($0.reserve), "
          + ".free = \($0.free), .align = \($0.align), .alloc = \($0.alloc) },\n"
      }.joined() + "\t};\n"
  }

  private static func altmapsAfter(_ one: KUnitCase) -> String {
    one.reference.altmapAllocs.enumerated().map { number, alloc in
      "\tKUNIT_EXPECT_EQ_MSG(test, (unsigned long)altmaps[\(number)].alloc, "
        + "0x\(String(alloc, radix: 16))UL, \"pages of altmap \(number + 1)\");\n"
    }.joined()
  }

  private static func constructors(_ one: KUnitCase) -> String {
    one.image.tables.enumerated().filter { $1.constructed != 0 }.compactMap { number, _ in
      switch one.level(number) {
      case .pte: "\tMHPCHECK_CTOR(pte, mhpcheck_page[\(number)]);\n"
      case .pmd: "\tMHPCHECK_CTOR(pmd, mhpcheck_page[\(number)]);\n"
      default: nil
      }
    }.joined()
  }

  private static func entries(_ one: KUnitCase) -> String {
    var text = ""
    for run in one.image.runs {
      let table = Int(run.table)
      let expressions = run.words.map { ($0.slot, one.word($0.word, table: table)) }
      if run.count > 1, expressions.allSatisfy({ $0.1.hasPrefix("0x") }) {
        text +=
          "\tfor (i = 0; i < \(run.count); i++)\n"
          + "\t\tmhpcheck_table[\(table)][\(run.slot) + i] = \(expressions[0].1) + "
          + "i * 0x\(String(run.step, radix: 16))UL;\n"
      } else {
        for (slot, expression) in expressions {
          text += "\tmhpcheck_table[\(table)][\(slot)] = \(expression);\n"
        }
      }
    }
    return text
  }

  private static func call(_ call: Scenario.Call) -> String {
    func entry(_ table: Int?, _ slot: Int?, _ type: String) -> String {
      "(\(type) *)&mhpcheck_table[\(table ?? 0)][\(slot ?? 0)]"
    }
    let name = call.function.name
    let vmemmap = call.isVmemmap == true ? "true" : "false"
    let altmap = call.altmap.map { $0 == 0 ? "NULL" : "&altmaps[\($0 - 1)]" } ?? "NULL"
    func range(_ type: String) -> String {
      let end = call.end ?? 0
      return "\(name)(\(entry(call.table, call.parentSlot, type)), "
        + "0x\(String(call.start ?? 0, radix: 16))UL,\n\t\t\t   "
        + "0x\(String(end, radix: 16))UL, \(vmemmap), \(altmap));"
    }
    switch call.function {
    case .freePteTable:
      return "\(name)(\(entry(call.table, 0, "pte_t")),\n\t\t       "
        + "\(entry(call.parentTable, call.parentSlot, "pmd_t")));"
    case .freePmdTable:
      return "\(name)(\(entry(call.table, 0, "pmd_t")),\n\t\t       "
        + "\(entry(call.parentTable, call.parentSlot, "pud_t")), \(vmemmap));"
    case .freePudTable:
      return "\(name)(\(entry(call.table, 0, "pud_t")),\n\t\t       "
        + "\(entry(call.parentTable, call.parentSlot, "p4d_t")));"
    case .removePteMapping: return range("pte_t")
    case .removePmdMapping: return range("pmd_t")
    case .removePudMapping: return range("pud_t")
    default: return range("p4d_t")
    }
  }
}

/// Why a case is no KUnit test.
public struct KUnitRefusal: Error, Sendable {
  /// One sentence, without the case's name.
  public var reason: String
}
