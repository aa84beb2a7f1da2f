// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Replays single cases, from the catalogue or from a file.
@Suite("replay")
struct ReplayTests {
  private static let name = "vmemmap-free/a-section@sv48"

  /// A subject whose vmemmap_free treats the range as linear memory.
  private static func wrongSubject(_ scratch: PrivateFolder) throws -> String {
    let right = "\tremove_pgd_mapping(start, end, true, altmap);\n"
    let text = try VariantFiles.reference()
    try #require(text.ranges(of: right).count == 1)
    return try scratch.write(
      "wrong.c", text.replacing(right, with: right.replacing("true", with: "false")))
  }

  @Test("A case gives the same result by its id and by the file that `list cases --show` prints")
  func byNameAndFile() async throws {
    let scratch = try PrivateFolder()
    let shown = try await Program.run(["list", "cases", "--show", Self.name])
    #expect(shown.status == 0)
    let file = try scratch.write("case.json", shown.output)
    let byName = try await Program.run(["replay", Self.name])
    let byFile = try await Program.run(["replay", file])
    #expect(byName.status == 0, "\(byName.testDescription)")
    #expect(byFile.status == 0, "\(byFile.testDescription)")
    #expect(byName.output == byFile.output)
    #expect(byName.output.contains("vmemmap_free"))
    #expect(byName.errors.isEmpty)
  }

  @Test("A subject that differs in the case gives exit status 1; another case gives 0")
  func differing() async throws {
    let scratch = try PrivateFolder()
    let subject = try Self.wrongSubject(scratch)
    let differing = try await Program.run(["replay", Self.name, subject])
    #expect(differing.status == 1, "\(differing.testDescription)")
    let other = try await Program.run(["replay", "free-pte-table/empty-hot-added@sv39", subject])
    #expect(other.status == 0, "\(other.testDescription)")
  }

  @Test("The command that a report gives for a difference shows that difference")
  func commandOfReport() async throws {
    let scratch = try PrivateFolder()
    let subject = try Self.wrongSubject(scratch)
    let checked = try await Program.run([
      "check", subject, "--mode", "sv48", "--depth", "smoke", "--json", "-",
    ])
    let report = try JSONDecoder().decode(JSON.self, from: Data(checked.output.utf8))
    let differences = try #require(report.object?["differences"]?.array)
    let command = try #require(differences.first?.object?["replay"]?.string)
    let words = command.split(separator: " ").map(String.init)
    try #require(words.prefix(2) == ["mhpcheck", "replay"], "\(command)")
    let outcome = try await Program.run(Array(words.dropFirst()))
    #expect(outcome.status == 1, "\(command): \(outcome.testDescription)")
  }

  @Test(
    "A file that is no scenario gives one line and exit status 3",
    arguments: [
      "", "{", "[]", "null", "{}", "\u{0}\u{1}", #"{"schema": "mhpcheck.scenario/2"}"#,
      #"{"schema": "mhpcheck.scenario/1", "id": "x", "mode": "sv39"}"#,
      String(repeating: "[", count: 100_000),
    ])
  func malformed(text: String) async throws {
    let scratch = try PrivateFolder()
    let file = try scratch.write("case.json", text)
    let line = try await Program.run(["replay", file]).isOneLine(status: 3, mentions: [file])
    #expect(line.utf8.count < 500 + file.utf8.count, "\(line.prefix(600))")
  }

  @Test("A missing scenario file or subject gives exit status 3")
  func missing() async throws {
    let scratch = try PrivateFolder()
    let file = scratch.file("nowhere.json")
    try await Program.run(["replay", file]).isOneLine(status: 3, mentions: [file])
    let subject = scratch.file("nowhere.c")
    try await Program.run(["replay", Self.name, subject]).isOneLine(status: 3, mentions: [subject])
  }

  @Test("A subject without the function that the case calls gives no verdict: exit status 4")
  func absentFunction() async throws {
    let scratch = try PrivateFolder()
    let subject = try scratch.write(
      "init.c",
      """
      struct range arch_get_mappable_range(void)
      {
      \treturn (struct range) { .start = __pa(PAGE_OFFSET), .end = __pa(PAGE_END - 1) };
      }

      """)
    try await Program.run(["replay", Self.name, subject]).isOneLine(
      status: 4, mentions: ["vmemmap_free", subject])
  }
}
