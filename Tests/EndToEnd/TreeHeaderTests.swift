// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine

/// A tree's functions run with the stub headers' definitions, so the tree's own definitions must agree with
/// these.
@Suite("A tree's own headers", .enabled("kernel sources") { await KernelSource.areThere() })
struct TreeHeaderTests {
  /// A change to one definition, and the names whose meaning it changes.
  struct Change: Sendable, CustomTestStringConvertible {
    var file: String
    var from: String
    var to: String
    var names: Set<String>

    var testDescription: String { "\(names.sorted().joined(separator: ", ")): \(to)" }
  }

  private static let asm = "arch/riscv/include/asm"

  struct Headers: Decodable {
    struct Differing: Decodable {
      var name: String
      var place: String
      var words: [String]
      var subject: String?
      var reference: String?
    }

    var compared: Int
    var unknown: String?
    var differing: [Differing]
  }

  private struct Report: Decodable {
    var verdict: String
    var headers: Headers?
  }

  /// A copy of the parts of a tree that the program reads, with a change in one file.
  private func tree(_ folder: PrivateFolder, _ change: Change?) async throws -> String {
    let source = try await KernelSource.new.value.tree
    let copy = folder.file("tree")
    for part in ["arch/riscv/mm", "arch/riscv/include/asm", "mm", "include/linux"] {
      let target = "\(copy)/\(part)"
      try FileManager.default.createDirectory(
        atPath: URL(filePath: target).deletingLastPathComponent().path,
        withIntermediateDirectories: true)
      try FileManager.default.copyItem(atPath: "\(source)/\(part)", toPath: target)
    }
    if let change {
      let file = URL(filePath: "\(copy)/\(change.file)")
      let text = try String(contentsOf: file, encoding: .utf8)
      let edited = text.replacing(change.from, with: change.to)
      try #require(edited != text, "\(change.file) has no \"\(change.from)\"")
      try edited.write(to: file, atomically: false, encoding: .utf8)
    }
    return copy
  }

  private func check(_ change: Change?, status: Int) async throws -> Report {
    let folder = try PrivateFolder()
    let outcome = try await Program.run([
      "check", try await tree(folder, change), "--depth", "smoke", "--mode", "sv48",
      "--no-coverage", "--no-shrink", "--json", "-",
    ])
    try #require(outcome.status == status, "\(outcome)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test("agree with the stub headers in Debian's kernel") func same() async throws {
    let report = try await check(nil, status: 0)
    let headers = try #require(report.headers)
    #expect(headers.unknown == nil)
    #expect(headers.compared > 80)
    #expect(headers.differing.isEmpty)
  }

  @Test(
    "are named, with the definition that differs, if one of them differs",
    arguments: [
      Change(
        file: "\(asm)/pgtable.h", from: "return pmd_present(pmd) && (pmd_val(pmd) & _PAGE_LEAF);",
        to: "return pmd_present(pmd) && (pmd_val(pmd) & _PAGE_READ);", names: ["pmd_leaf"]),
      Change(
        file: "\(asm)/pgtable-64.h", from: "return (pud_val(pud) & _PAGE_PRESENT);",
        to: "return pud_val(pud) != 0;", names: ["pud_present", "pud_leaf"]),
      Change(
        file: "\(asm)/pgtable-64.h", from: "return (pud_val(pud) == 0);",
        to: "return !(pud_val(pud) & _PAGE_PRESENT);", names: ["pud_none"]),
      Change(
        file: "\(asm)/pgtable-64.h", from: "(((addr) >> PUD_SHIFT) & (PTRS_PER_PUD - 1))",
        to: "(((addr) >> PMD_SHIFT) & (PTRS_PER_PUD - 1))", names: ["pud_index", "pud_offset"]),
      Change(
        file: "\(asm)/pgtable-64.h", from: "#define PMD_SHIFT       21",
        to: "#define PMD_SHIFT       22", names: ["PMD_SHIFT", "PMD_SIZE", "PMD_MASK"]),
      Change(
        file: "\(asm)/pgtable.h",
        from: "(((_val) & _PAGE_PFN_MASK) >> _PAGE_PFN_SHIFT)",
        to: "(((_val) & _PAGE_PFN_MASK) >> PAGE_SHIFT)", names: ["__page_val_to_pfn", "pud_page"]),
      Change(
        file: "\(asm)/pgtable-64.h", from: "if (pgtable_l4_enabled)\n\t\tset_p4d(p4d, __p4d(0));",
        to: "set_p4d(p4d, __p4d(0));", names: ["p4d_clear"]),
      Change(
        file: "include/linux/pgtable.h",
        from: "unsigned long __boundary = ((addr) + PMD_SIZE) & PMD_MASK;",
        to: "unsigned long __boundary = ((addr) + PMD_SIZE);", names: ["pmd_addr_end"]),
      Change(
        file: "\(asm)/page.h", from: "#define linear_mapping_pa_to_va(x)\t",
        to:
          "#define linear_mapping_pa_to_va(x) ((void *)0)\n#define linear_mapping_pa_to_va_gone(x)\t",
        names: ["__va"]),
      Change(
        file: "arch/riscv/mm/pgtable.c",
        from: "pmd_t new_pmd = pfn_pmd(__phys_to_pfn(phys), prot);",
        to: "pmd_t new_pmd = pfn_pmd(__phys_to_pfn(phys) + 1, prot);", names: ["pmd_set_huge"]),
    ])
  func other(change: Change) async throws {
    // On Sv48 only the P4D is folded.
    let report = try await check(change, status: 1)
    #expect(report.verdict == "differs")
    let headers = try #require(report.headers)
    let found = Set(headers.differing.map(\.name))
    #expect(found.isSuperset(of: change.names), "\(found.sorted())")
    for one in headers.differing {
      #expect(one.subject != one.reference)
      #expect(one.place.contains(":"))
    }
  }

  @Test("are reported as unknown if they cannot be compiled") func unknown() async throws {
    let change = Change(
      file: "\(Self.asm)/pgtable.h", from: "#define __page_val_to_pfn(_val)",
      to: "#define __page_val_to_pfn(_val) name_of_nothing(_val)\n#define not_this(_val)", names: []
    )
    let report = try await check(change, status: 0)
    #expect(report.headers?.unknown?.contains("name_of_nothing") == true)
  }
}
