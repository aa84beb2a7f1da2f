// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

/// Checks `docs/use/oracle.md` against the code.
@Suite("The page on the oracle")
struct OraclePageTests {
  private let text: String

  init() throws {
    text = try Repository.text("docs/use/oracle.md")
  }

  /// The rows of the tables with `columns` columns, without the headers.
  private func rows(columns: Int) -> [[String]] {
    text.split(separator: "\n").filter { $0.hasPrefix("| ") }
      .map { $0.dropFirst(2).dropLast(2).split(separator: " | ").map(String.init) }
      .filter { $0.count == columns && !["rule", "hazard"].contains($0[0]) }
  }

  @Test("has every rule, its sentence and its severity, and classes of defects")
  func rules() {
    let rows = rows(columns: 4)
    #expect(rows.map { $0[0] } == OracleRule.allCases.map(\.rawValue))
    #expect(rows.map { $0[1] } == OracleRule.allCases.map(\.sentence))
    #expect(rows.map { $0[2] } == OracleRule.allCases.map(\.severity.rawValue))
    for row in rows {
      let classes = row[3].split(separator: ", ").map { Int($0) ?? 0 }
      #expect(!classes.isEmpty && classes.allSatisfy { (1...52).contains($0) }, "\(row)")
      #expect(classes == classes.sorted(), "\(row)")
    }
  }

  @Test("has every hazard with its scenarios, in their modes and in no others")
  func hazards() {
    let rows = rows(columns: 3)
    let known = HazardTests.hazards.map { [$0.id, $0.modes.joined(separator: ", ")] }
    let unlisted = HazardTests.unlisted.map { [$0.id, "sv39, sv48, sv57"] }
    #expect(Set(rows.map { [$0[1], $0[2]] }) == Set(known + unlisted))
    let numbers = rows.map { $0[0] }.filter { $0 != "unlisted" }
    #expect(Set(numbers) == Set(Hazard.ID.allCases.map(\.rawValue)))
    for row in rows {
      #expect(row[1].hasPrefix("hazard/\(row[0].lowercased())-"), "\(row)")
      let modes = Architecture.riscv.modes.filter { mode in
        Catalogue.scenarios(mode: mode).contains { $0.id == row[1] }
      }
      #expect(modes.map(\.name).joined(separator: ", ") == row[2], "\(row)")
    }
  }
}
