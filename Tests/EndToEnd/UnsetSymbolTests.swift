// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

/// A text may conform because a symbol is off. The report says so.
@Suite("A symbol that nobody set")
struct UnsetSymbolTests {
  private struct Report: Decodable {
    var verdict: String
    var unsetSymbols: [String]?
  }

  private static let clear = "\tpmd_clear(pmd);"

  private func check(
    _ replacement: String, _ options: [String] = []
  ) async throws -> (outcome: Program.Outcome, report: Report) {
    let reference = try VariantFiles.reference()
    let text = reference.replacing(Self.clear, with: replacement)
    let folder = try PrivateFolder()
    let json = folder.path + "/report.json"
    let outcome = try await Program.run(
      [
        "check", try folder.write("init.c", text), "--depth", "smoke", "--mode", "sv48",
        "--no-coverage", "--no-shrink", "--jobs", "1", "--json", json,
      ] + options)
    let report = try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: URL(filePath: json)))
    return (outcome, report)
  }

  @Test(
    "is named with its option, wherever the functions read it",
    arguments: [
      "#ifndef CONFIG_OURS\n\tpmd_clear(pmd);\n#endif",
      "#if !defined(CONFIG_OURS)\n\tpmd_clear(pmd);\n#endif",
      "#if CONFIG_OURS > 0\n\treturn;\n#endif\n\tpmd_clear(pmd);",
      "\tif (!IS_ENABLED(CONFIG_OURS))\n\t\tpmd_clear(pmd);",
      "\tif (!IS_REACHABLE(CONFIG_OURS))\n\t\tpmd_clear(pmd);",
    ])
  func named(text: String) async throws {
    let found = try await check(text)
    #expect(found.outcome.status == 0, "\(found.outcome)")
    #expect(found.report.unsetSymbols?.contains("CONFIG_OURS") == true)
    #expect(found.outcome.words.contains("-D CONFIG_OURS"), "\(found.outcome)")
    let set = try await check(text, ["-D", "CONFIG_OURS"])
    #expect(set.outcome.status == 1, "\(set.outcome)")
    #expect(set.report.unsetSymbols?.contains("CONFIG_OURS") != true)
  }

  @Test("is not named if the user left it off, the text sets it, or only a comment has it")
  func decided() async throws {
    let off = try await check(
      "#ifndef CONFIG_OURS\n\tpmd_clear(pmd);\n#endif", ["-U", "CONFIG_OURS"])
    #expect(off.report.unsetSymbols?.contains("CONFIG_OURS") != true)
    let comment = try await check("\tpmd_clear(pmd); /* CONFIG_OURS */")
    #expect(comment.report.unsetSymbols?.contains("CONFIG_OURS") != true)
    let own = try await check(
      "#define CONFIG_OURS 1\n#ifdef CONFIG_OURS\n\tpmd_clear(pmd);\n#endif")
    #expect(own.report.unsetSymbols?.contains("CONFIG_OURS") != true)
  }

  @Test(
    "is none that Debian's Kconfig forces",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func forced() async throws {
    let tree = try await KernelSource.new.value.tree
    var kconfig = ""
    for file in ["arch/riscv/Kconfig", "mm/Kconfig"] {
      kconfig += try String(contentsOf: URL(filePath: "\(tree)/\(file)"), encoding: .utf8) + "\n"
    }
    let words = Set(kconfig.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
    // These stand in files that are not unpacked: arch/Kconfig, kernel/dma, kernel/module.
    let elsewhere: Set<String> = [
      "ARCH_DMA_ADDR_T_64BIT", "MODULES", "PAGE_SHIFT", "PAGE_SIZE_4KB", "PAGE_SIZE_LESS_THAN_64KB",
      "PAGE_SIZE_LESS_THAN_256KB", "STRICT_KERNEL_RWX",
    ]
    for symbol in KernelConfiguration.symbols() {
      let name = String(symbol.name.dropFirst("CONFIG_".count))
      #expect(words.contains(name) || elsewhere.contains(name), "\(name)")
    }
    #expect(kconfig.contains("config PGTABLE_LEVELS\n\tint\n\tdefault 5 if 64BIT"))
  }

  @Test("belongs to a version of Linux") func versions() {
    func names(_ defines: [String]) -> Set<String> {
      Set(KernelConfiguration.symbols(with: defines).map(\.name))
    }
    let usual = names([])
    #expect(usual.contains("CONFIG_ARCH_HAS_PTE_DEVMAP") && usual.contains("CONFIG_PAGE_SHIFT"))
    #expect(names(["LINUX_VERSION_CODE=KERNEL_VERSION(6, 12, 0)"]) == usual)
    #expect(names(["LINUX_VERSION_CODE=0x60c00"]) == usual)
    #expect(!names(["LINUX_VERSION_CODE=KERNEL_VERSION(6,6,0)"]).contains("CONFIG_PAGE_SHIFT"))
    let later = names(["LINUX_VERSION_CODE=\(7 * 65536 + 256)"])
    #expect(!later.contains("CONFIG_ARCH_HAS_PTE_DEVMAP"))
    #expect(!later.contains("CONFIG_ARCH_ENABLE_MEMORY_HOTREMOVE"))
    #expect(later.contains("CONFIG_MEMORY_HOTREMOVE"))
  }
}
