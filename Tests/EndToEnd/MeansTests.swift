// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

/// What each means finds by itself: the table of `docs/means.md`, held to the program.
///
/// Each variant is run in the first of the modes that it shows in.
@Suite("By itself")
struct MeansTests {
  /// A line of the table.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var found: [String: Bool]
    var testDescription: String { name }
  }

  private static let means = ["catalogue", "universes", "random"]

  /// The lines of the table, by variant.
  static func rows() -> [Row] {
    let file = VariantFiles.packageRoot.appending(path: "docs/means.md")
    let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").compactMap { line in
      let cells = line.split(separator: "|").map { $0.filter { $0 != " " } }
      guard cells.count == 5, cells[0].allSatisfy({ $0.isNumber || $0 == "," }) else { return nil }
      return Row(
        name: cells[1],
        found: Dictionary(
          uniqueKeysWithValues: zip(means, cells[2...].map { $0 == "yes" })))
    }
  }

  private func isFound(_ edit: EditFile, by means: String) async throws -> Bool {
    let folder = try PrivateFolder()
    let file = try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
    let mode = try #require(edit.modes.first)
    let outcome = try await Program.run([
      "check", file, "--mode", mode, "--only", means, "--forget", "--quiet", "--jobs", "1",
    ])
    try #require(outcome.status == 0 || outcome.status == 1, "\(outcome)")
    return outcome.status == 1
  }

  @Test("the table has every wrong variant once") func complete() {
    #expect(Self.rows().map(\.name).sorted() == VariantFiles.names(.wrong))
  }

  @Test("universes find every wrong variant", .timeLimit(.minutes(30)), arguments: rows())
  func universes(row: Row) async throws {
    let edit = try VariantFiles.read(.wrong, name: row.name)
    #expect(row.found["catalogue"] == true, "VariantTests hold it to that")
    #expect(row.found["universes"] == true)
    #expect(try await isFound(edit, by: "universes"))
  }

  @Test(
    "random cases find the variants that the table says (some minutes: with MHPCHECK_MEANS set)",
    .enabled(if: ProcessInfo.processInfo.environment["MHPCHECK_MEANS"] != nil),
    .timeLimit(.minutes(30)), arguments: rows())
  func random(row: Row) async throws {
    let edit = try VariantFiles.read(.wrong, name: row.name)
    #expect(try await isFound(edit, by: "random") == row.found["random"])
  }
}
