// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The line of the subject's own text that a report names for a slip.
@Suite("The line of a slip")
struct PlaceTests {
  private let folder: PrivateFolder

  init() throws { folder = try PrivateFolder() }

  private struct Report: Decodable {
    struct Cause: Decodable {
      var function: String
      var file: String?
      var line: Int?
      var `case`: String?
    }
    struct Frame: Decodable {
      var function: String
      var line: Int
    }
    struct Place: Decodable { var frames: [Frame] }
    struct Difference: Decodable {
      var id: String
      var place: Place?
    }
    var causes: [Cause]
    var differences: [Difference]
  }

  private func report(on text: String) async throws -> (file: String, report: Report) {
    let file = try folder.write("init.c", text)
    let outcome = try await Program.run([
      "check", file, "--depth", "smoke", "--no-coverage", "--jobs", "1", "--json", "-",
    ])
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    return (file, try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)))
  }

  private static let slips = [
    Slip("free_pte_table", "pagetable_pte_dtor(page_ptdesc(table));\n", ""),
    Slip("free_pmd_table", "if (!is_vmemmap)", "if (is_vmemmap)"),
    Slip("vmemmap_free", "start, end, true, altmap", "start, end, false, altmap"),
  ]

  @Test(
    "is within one line where a statement is missing, a condition is turned or an argument is another",
    arguments: slips)
  func line(slip: Slip) async throws {
    let reference = try VariantFiles.reference()
    let text = try slip.applied(to: reference)
    let old = reference.split(separator: "\n", omittingEmptySubsequences: false)
    let new = text.split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(zip(old, new).enumerated().first { $1.0 != $1.1 }).offset + 1
    let (file, report) = try await report(on: text)
    let cause = try #require(report.causes.first)
    #expect(cause.function == slip.function && cause.file == file)
    #expect(abs(try #require(cause.line) - line) <= 1, "\(cause.line ?? 0), not \(line)")
    let example = try #require(report.differences.first { $0.id == cause.case })
    let frame = try #require(example.place?.frames.first { $0.function == slip.function })
    #expect(frame.line == cause.line)
  }
}
