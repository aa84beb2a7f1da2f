// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

/// `mhpcheck replay --step`, as text and on a terminal.
@Suite("replay --step", .serialized)
struct StepTests {
  private static let name = "hazard/h2-boot-table-without-constructor@sv39"

  /// The output of `terminal.py` for a run.
  private struct Session: Decodable {
    var status: Int?
    var missing: String?
    var raw: Bool
    var restored: Bool
    var screen: String
  }

  /// Sends keys to the program on a terminal of its own.
  private func play(_ script: String, _ arguments: [String]) async throws -> Session {
    let player = Repository.root.appending(path: "Tests/EndToEnd/Replay/terminal.py")
    let outcome = try await Program.start(
      "python3", [player.path, script, try VariantProgram.path(), "replay"] + arguments)
    return try JSONDecoder().decode(Session.self, from: Data(outcome.output.utf8))
  }

  private func block(_ number: Int, of text: String) throws -> String {
    let blocks = text.components(separatedBy: "\n\n")
    return try #require(blocks.first { $0.hasPrefix("step \(number) of ") })
  }

  @Test("prints every event with the tables at that time if there is no terminal")
  func text() async throws {
    let outcome = try await Program.run(["replay", Self.name, "--step"])
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    #expect(!outcome.output.contains("\u{1b}"))
    let before = try block(0, of: outcome.output)
    #expect(before.contains("[0..3] 4 x 4 KiB leaf, pa 0x148000000"))
    // The contract: first the entries, then the table's page, then the entry that points to it.
    let cleared = try block(2, of: outcome.output)
    #expect(cleared.contains("both: clear table 2 (pte)[0..3]"))
    #expect(!cleared.contains("4 KiB leaf") && cleared.contains("[64] -> table 2"))
    let freed = try block(4, of: outcome.output)
    #expect(freed.contains("free_reserved_page table 2 (pte), still linked"))
    #expect(freed.contains("table 2 (pte): freed") && freed.contains("[64] -> table 2"))
    let unlinked = try block(5, of: outcome.output)
    #expect(unlinked.contains("clear table 1 (pmd)[64]") && !unlinked.contains("-> table 2"))
    #expect(outcome.output.contains("step 9 of 9: at the end\n  both sides do the same\n"))
  }

  @Test("shows the stores between events, and the step where the sides diverge")
  func differing() async throws {
    let series =
      try DefectPatch.reference() + DefectPatch.file("defects/undo-21f1b85c8912.patch")
    let outcome = try await Program.run(
      ["replay", "free-pmd-table/empty-vmemmap-as-vmemmap@sv48", "-", "--step"],
      input: Array(series.utf8))
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let parting = try block(1, of: outcome.output)
    #expect(parting.contains("> the subject:   destructor (pmd) of table 2 (pmd)"), "\(parting)")
    #expect(parting.contains("> the reference: free table 2 (pmd), still linked"), "\(parting)")
    #expect(parting.contains("tables, subject:") && parting.contains("tables, reference:"))
    let added = try await Program.run([
      "replay", "hazard/h3-memory-added-below-the-top@sv39", "--step",
    ])
    #expect(added.words.contains("stored since the step before:"), "\(added.testDescription)")
  }

  @Test("moves by keys: forward, back, to a number, to the ends and to the difference")
  func keys() async throws {
    let session = try await play(
      """
      [["expect", "step 0 of 9"], ["key", "n"], ["expect", "step 1 of 9"],
       ["key", " "], ["expect", "step 2 of 9"], ["key", "\\u001b[C"], ["expect", "step 3 of 9"],
       ["key", "p"], ["expect", "step 2 of 9"], ["key", "\\u001b[D"], ["expect", "step 1 of 9"],
       ["key", "G"], ["expect", "step 9 of 9"], ["key", "n"], ["expect", "step 9 of 9"],
       ["key", "g"], ["expect", "step 0 of 9"], ["key", "p"], ["expect", "step 0 of 9"],
       ["key", "7"], ["expect", "go to 7"], ["key", "\\r"], ["expect", "step 7 of 9"],
       ["key", "99999999\\r"], ["expect", "step 9 of 9"], ["key", "d"], ["expect", "step 9 of 9"],
       ["key", "x"], ["expect", "step 9 of 9"], ["key", "q"]]
      """, [Self.name, "--step"])
    #expect(session.missing == nil, "\(session.screen.suffix(600))")
    #expect(session.status == 0 && session.raw && session.restored)
  }

  @Test(
    "jumps to the first event where the sides diverge, and exits with the status of a difference")
  func jump() async throws {
    let scratch = try PrivateFolder()
    let series =
      try DefectPatch.reference() + DefectPatch.file("defects/undo-21f1b85c8912.patch")
    let subject = try scratch.write("s.mbox", series)
    for key in ["d", "/"] {
      let session = try await play(
        #"[["expect", "step 0 of"], ["key", "\#(key)"], ["expect", "> the subject:"], ["key", "q"]]"#,
        ["free-pmd-table/empty-vmemmap-as-vmemmap@sv48", subject, "--step"])
      #expect(session.missing == nil, "\(session.screen.suffix(600))")
      #expect(session.status == 1 && session.restored)
    }
  }

  @Test(
    "restores the terminal however it ends",
    arguments: [
      (#"["key", "\u0003"]"#, 4), (#"["signal", 15]"#, 4), (#"["signal", 1]"#, 4),
      (#"["key", "\u0004"]"#, 0), (#"["key", "q"]"#, 0),
    ] as [(String, Int)])
  func restored(action: String, status: Int) async throws {
    let session = try await play(
      #"[["expect", "step 0 of 9"], \#(action)]"#, [Self.name, "--step"])
    #expect(session.status == status, "\(session.screen.suffix(300))")
    #expect(session.raw && session.restored)
    // The program leaves its own screen and shows the cursor.
    #expect(session.screen.contains("\u{1b}[?25h\u{1b}[?1049l"))
  }

  @Test("restores the terminal while it is stopped, and then continues where it was")
  func stopped() async throws {
    let session = try await play(
      """
      [["expect", "step 0 of 9"], ["key", "n"], ["expect", "step 1 of 9"], ["key", "\\u001a"],
       ["stopped"], ["expect", "step 1 of 9"], ["key", "n"], ["expect", "step 2 of 9"],
       ["key", "\\u001a"], ["stopped"], ["expect", "step 2 of 9"], ["key", "q"]]
      """, [Self.name, "--step"])
    #expect(session.missing == nil, "\(session.screen.suffix(600))")
    #expect(session.status == 0 && session.raw && session.restored)
  }

  @Test("does not touch the terminal if there is an error")
  func error() async throws {
    let session = try await play("[]", ["no-such-case@sv39", "--step"])
    #expect(session.status == 3 || session.status == 2, "\(session.screen)")
    #expect(!session.raw && session.restored && !session.screen.contains("[?1049h"))
  }

  @Test("writes no control character of a case file")
  func hostileFile() async throws {
    let scratch = try PrivateFolder()
    let shown = try await Program.run(["list", "cases", "--show", Self.name])
    let purpose = try #require(
      try JSONDecoder().decode(JSON.self, from: Data(shown.output.utf8)).object?["purpose"]?.string)
    let file = try scratch.write(
      "case.json",
      shown.output.replacing(purpose, with: #"\u001b[2J\u202e\u009b31mforged"#))
    let outcome = try await Program.run(["replay", file, "--step"])
    #expect(outcome.status == 0 || outcome.status == 3, "\(outcome.testDescription)")
    for scalar in ["\u{1b}", "\u{202e}", "\u{9b}"] {
      #expect(!outcome.output.contains(scalar) && !outcome.errors.contains(scalar))
    }
  }
}
