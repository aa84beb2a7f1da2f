// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// A static helper may take something else than upstream's if its callers agree.
@Suite("A helper with a signature of its own")
struct HelperSignatureTests {
  struct SignatureReport: Decodable {
    var verdict: String
    var warnings: [String]
    var judgedThroughCallers: [String]?
  }

  /// The reference with another parameter for `free_vmemmap_storage`: the parameter, its use for the order and
  /// for the altmap, and the arguments for the leaves from the PTE level up.
  private func text(
    _ parameter: String, order: String, pages: String, leaves: [String]
  ) throws -> String {
    var text = try VariantFiles.reference()
    var edits = [
      ("size_t size,", "\(parameter),"), ("get_order(size)", order),
      ("vmem_altmap_free(altmap, size >> PAGE_SHIFT)", "vmem_altmap_free(altmap, \(pages))"),
    ]
    for (old, new) in zip(["pte", "pmd", "pud", "p4d"], leaves) {
      let size = old == "pte" ? "PAGE_SIZE" : "\(old.uppercased())_SIZE"
      edits.append(("(\(old)_page(old), \(size), altmap)", "(\(old)_page(old), \(new), altmap)"))
    }
    for (old, new) in edits {
      try #require(text.ranges(of: old).count == 1, "\(old)")
      text = text.replacing(old, with: new)
    }
    return text
  }

  private func check(_ text: String) async throws -> (status: Int?, report: SignatureReport) {
    let folder = try PrivateFolder()
    let file = try folder.write("init.c", text)
    let outcome = try await Program.run([
      "check", file, "--depth", "smoke", "--no-coverage", "--no-shrink", "--quiet", "--json", "-",
    ])
    let report = try JSONDecoder().decode(SignatureReport.self, from: Data(outcome.output.utf8))
    return (outcome.status, report)
  }

  @Test("that takes pages for bytes is judged through its callers", .timeLimit(.minutes(20)))
  func pages() async throws {
    let (status, report) = try await check(
      text(
        "unsigned int nr_pages", order: "ilog2(nr_pages)", pages: "nr_pages",
        leaves: ["1", "PMD_SIZE / PAGE_SIZE", "PUD_SIZE / PAGE_SIZE", "P4D_SIZE / PAGE_SIZE"]))
    #expect(status == 0)
    #expect(report.verdict == "conforms")
    #expect(report.judgedThroughCallers == ["free_vmemmap_storage"])
    #expect(
      report.warnings.contains {
        $0.contains("free_vmemmap_storage is judged through its callers alone")
      }, "\(report.warnings)")
  }

  @Test("that takes an order for bytes is judged through its callers", .timeLimit(.minutes(20)))
  func order() async throws {
    let orders = ["0"] + ["PMD", "PUD", "P4D"].map { "\($0)_SHIFT - PAGE_SHIFT" }
    let right = try text(
      "unsigned int block", order: "block", pages: "1UL << block", leaves: orders)
    let (status, report) = try await check(right)
    #expect(status == 0)
    #expect(report.verdict == "conforms")
    let wrong = try text(
      "unsigned int block", order: "block", pages: "1UL << block",
      leaves: ["1"] + orders.dropFirst())
    let slip = try await check(wrong)
    #expect(slip.status == 1)
    #expect(slip.report.verdict == "differs")
  }
}
