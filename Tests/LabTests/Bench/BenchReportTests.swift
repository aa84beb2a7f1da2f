// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Lab
@testable import Reports

@Suite("The report of a benchmark")
struct BenchReportTests {
  private let row = BenchRow(
    geometry: 512, mode: "sv48", name: "catalogue", cases: 4,
    total: Timing(subject: 1000, port: 800, checked: 2020))

  @Test("gives the times per case, and their ratios to that of C alone")
  func ratios() {
    #expect(row.subject == 250)
    #expect(row.port == 200)
    #expect(row.checked == 505)
    #expect(row.checkedToSubject == 2.02)
    #expect(row.portToSubject == 0.8)
  }

  @Test("has columns, with figures aligned to the right")
  func columns() {
    let document = BenchDocument.of(BenchReport(rows: [row]), tool: "0")
    let text = TextPrinter(style: TextStyle(isColoured: false)).print(document)
    #expect(
      text.hasSuffix(
        """

        entries  mode  what       cases  c ns  port ns  checked ns  checked/c  port/c
            512  sv48  catalogue      4   250      200         505       2.02    0.80

        """), "\(text)")
  }

  @Test("rounds to two decimals", arguments: [(0.005, "0.01"), (1.0, "1.00"), (12.344, "12.34")])
  func decimals(value: Double, text: String) {
    #expect(Words.decimals(value) == text)
  }

  @Test("is one JSON object of the schema that the command line promises")
  func json() throws {
    struct Wire: Decodable, Equatable {
      struct Row: Decodable, Equatable {
        var geometry, cases: Int
        var mode, name: String
        var c, port, checked, checkedToC, portToC: Double
      }
      var schema, tool: String
      var rows: [Row]
    }
    let text = BenchReport(rows: [row]).json(tool: "0")
    let wire = try JSONDecoder().decode(Wire.self, from: Data(text.utf8))
    #expect(
      wire
        == Wire(
          schema: "mhpcheck.bench/1", tool: "0",
          rows: [
            .init(
              geometry: 512, cases: 4, mode: "sv48", name: "catalogue", c: 250, port: 200,
              checked: 505, checkedToC: 2.02, portToC: 0.8)
          ]))
  }
}
