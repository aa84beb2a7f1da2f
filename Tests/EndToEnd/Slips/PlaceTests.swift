// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The line of the subject's own text that a report names, where the text differs from the reference's at more
/// places than the slip.
@Suite("The line of a difference")
struct PlaceTests {
  private let folder: PrivateFolder

  init() throws { folder = try PrivateFolder() }

  private struct Report: Decodable {
    struct Cause: Decodable {
      var function: String
      var line: Int?
      var `case`: String?
    }
    struct Frame: Decodable {
      var function: String
      var line: Int
    }
    struct Place: Decodable {
      var kind: String
      var basis: String
      var reference: String?
      var frames: [Frame]
    }
    struct Difference: Decodable {
      var id: String
      var place: Place?
    }
    var causes: [Cause]
    var differences: [Difference]
  }

  private func report(_ text: String) async throws -> Report {
    let file = try folder.write("init.c", text)
    let outcome = try await Program.run([
      "check", file, "--depth", "smoke", "--no-coverage", "--jobs", "1", "--json", "-",
    ])
    try #require(outcome.status == 1, "\(outcome.testDescription)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  /// The place of the only cause's example, and the text of its line.
  private func place(_ text: String) async throws -> (place: Report.Place, line: String) {
    let report = try await report(text)
    try #require(report.causes.count == 1, "\(report.causes)")
    let example = try #require(report.differences.first { $0.id == report.causes[0].case })
    let place = try #require(example.place)
    let frame = try #require(place.frames.first { $0.function == report.causes[0].function })
    #expect(frame.line == report.causes[0].line)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return (
      place, lines[frame.line - 1].split(whereSeparator: \.isWhitespace).joined(separator: " ")
    )
  }

  /// The text of remove_pmd_mapping with other names and another layout; the rest is unchanged.
  private func rewritten() throws -> String {
    let text = try VariantFiles.reference()
    let start = try #require(text.range(of: "remove_pmd_mapping(pmd_t *pmd_base"))
    let end = try #require(text[start.lowerBound...].range(of: "\n}\n"))
    let own = text[start.lowerBound..<end.upperBound]
    let other =
      own
      .replacing("for (; addr < end; addr = next) {", with: "while (addr < end) {")
      .replacing("continue;", with: "goto again;")
      .replacing(
        "free_pte_table(below, entry);",
        with: "free_pte_table(below, entry);\nagain:\n\t\taddr = next;"
      )
      .replacing(/\bnext\b/, with: "stop").replacing(/\bentry\b/, with: "pmdp")
    try #require(other != own)
    return text.replacing(own, with: other)
  }

  @Test("is the one whose text alone makes the difference, even in a rewritten function")
  func rewrittenFunction() async throws {
    let text = try rewritten()
    let right = try await Program.run([
      "check", try folder.write("right.c", text), "--depth", "smoke", "--quiet",
    ])
    try #require(right.status == 0, "\(right)")
    let flag = "free_vmemmap_storage(pmd_page(old), PMD_SIZE, altmap)"
    try #require(text.contains(flag))
    let (place, line) = try await place(
      text.replacing(flag, with: flag.replacing("altmap)", with: "NULL)")))
    #expect(place.basis == "text" && place.kind == "act")
    #expect(line == "free_vmemmap_storage(pmd_page(old), PMD_SIZE, NULL);")
    #expect(place.reference == flag + ";")
  }

  @Test("is the one that follows a missing statement")
  func omission() async throws {
    let text = try rewritten()
    let missing = "\t\t\tpmd_clear(pmdp);\n"
    try #require(text.contains(missing))
    let (place, line) = try await place(text.replacing(missing, with: ""))
    #expect(place.basis == "text" && place.kind == "omission")
    #expect(line == "if (is_vmemmap)")
    #expect(place.reference == "pmd_clear(entry);")
  }

  @Test("comes from the run if two places have to change together")
  func twoPlaces() async throws {
    let first = Slip("free_pte_table", "pagetable_pte_dtor(page_ptdesc(table));\n", "")
    let second = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "")
    let text = try second.applied(to: try first.applied(to: VariantFiles.reference()))
    let (place, _) = try await place(text)
    #expect(place.basis == "run" && place.reference == nil)
  }

  @Test("comes from the run if the function makes no difference by itself")
  func onlyTogether() async throws {
    let flag = Slip(
      "remove_linear_mapping", "\tremove_pgd_mapping(",
      "\tis_removing = true;\n\tremove_pgd_mapping(")
    let use = Slip(
      "free_pte_table", "\tunsigned int slot;\n",
      "\tunsigned int slot;\n\n\tif (is_removing)\n\t\treturn;\n")
    let start = "static void __meminit free_pte_table("
    let text = try use.applied(to: try flag.applied(to: VariantFiles.reference()))
      .replacing(start, with: "static bool is_removing;\n\n" + start)
    let places = try await report(text).differences.compactMap(\.place)
    #expect(!places.isEmpty && places.allSatisfy { $0.basis == "run" })
  }
}
