// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

/// The variants that each means finds by itself: checks the table of `docs/develop/means.md` against the
/// program.
///
/// Each variant runs in the modes in which it shows, until one case shows it. That takes minutes: without
/// MHPCHECK_MEANS only every tenth variant runs, and no random cases.
@Suite("Universes and random cases without the catalogue")
struct MeansTests {
  /// A row of the table.
  struct Row: Sendable, CustomTestStringConvertible {
    var name: String
    var found: [CaseSource: Bool]
    var testDescription: String { name }
  }

  private static let means: [CaseSource] = [.catalogue, .universes, .random]

  /// The rows of the table, one per variant.
  static func rows() -> [Row] {
    let file = Repository.root.appending(path: "docs/develop/means.md")
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

  /// Whether a case of these means does what no case of the reference does, by a campaign that ends there. A check
  /// runs the same cases, and then says of all that differ what they have in common.
  private func isFound(_ edit: EditFile, by means: CaseSource) async throws -> Bool {
    let files = try VariantProgram.files.get()
    let folder = try PrivateFolder()
    let file = try folder.write("init.c", try edit.applied(to: VariantFiles.reference()))
    // The random cases of one mode suffice.
    let modes = means == .random ? Array(edit.modes.prefix(1)) : edit.modes
    let request = CheckRequest(
      subject: file, modes: Architecture.riscv.modes.filter { modes.contains($0.name) },
      means: [means], jobs: 1, showsDifferences: false)
    try #require(request.modes.count == modes.count)
    return try await ProgramThrottle.shared.hold {
      let loader = SubjectLoader(files: files, options: request.options, progress: { _ in })
      let loaded = try await loader.compiled(
        loader.extract(file), argument: file, indexBits: 9, others: request.otherIndexWidths,
        isQuick: false, into: folder.path)
      let stop = StopSignal()
      let workshop = SubjectRunners(files: files, subject: loaded, jobs: 1, stop: stop)
      // The reference has the same functions, and differs from the port nowhere.
      let reference = Baseline(
        Campaign.Outcome(present: try await workshop.real.functions()), nearest: .latest,
        catalogue: CaseList())
      let campaign = Campaign(
        workshop: workshop, request: request, progress: RunProgress(), stop: stop, known: reference)
      return try await campaign.run().departure != nil
    }
  }

  private static let isWhole = ProcessInfo.processInfo.environment["MHPCHECK_MEANS"] != nil

  /// The variants that this run of the tests checks.
  static func chosen() -> [Row] {
    rows().enumerated().filter { isWhole || $0.offset % 10 == 0 }.map(\.element)
  }

  @Test("The table has every wrong variant once") func complete() {
    #expect(Self.rows().map(\.name).sorted() == VariantFiles.names(.wrong))
  }

  @Test(
    "Universes find the variants that the table lists (every tenth; all with MHPCHECK_MEANS set)",
    .timeLimit(.minutes(60)), arguments: chosen())
  func universes(row: Row) async throws {
    let edit = try VariantFiles.read(.wrong, name: row.name)
    #expect(row.found[.catalogue] == true, "VariantTests hold it to that")
    #expect(try await isFound(edit, by: .universes) == row.found[.universes])
  }

  @Test(
    "Random cases find the variants that the table lists (minutes; needs MHPCHECK_MEANS set)",
    .enabled(if: isWhole), .timeLimit(.minutes(60)), arguments: rows())
  func random(row: Row) async throws {
    let edit = try VariantFiles.read(.wrong, name: row.name)
    #expect(try await isFound(edit, by: .random) == row.found[.random])
  }
}
