// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("The parts of a run")
struct PartsTests {
  private static let program = String(repeating: "a", count: 64)

  private static var request: CheckRequest {
    CheckRequest(subject: "init.c", modes: [Architecture.riscv.modes[0]], jobs: 2)
  }

  private static func part(
    _ number: Int, of count: Int = 3, _ change: (inout Part) -> Void = { _ in }
  ) throws -> (name: String, part: Part) {
    let shard = try #require(Shard(number: number, count: count))
    let text = Part.Text(sha256: String(repeating: "0", count: 64), object: "0123456789abcdef")
    var part = Part(
      run: PartedRun(request), shard: shard, program: program, text: text, seconds: 1.5,
      facts: .check(CampaignFacts()))
    change(&part)
    return (name: "part-\(number).json", part: part)
  }

  private static func complaint(_ parts: [(name: String, part: Part)]) -> String? {
    do throws(Failure) {
      _ = try Parts(parts, program: program)
      return nil
    } catch {
      #expect(error.status == .unreadable)
      return error.message
    }
  }

  @Test("are taken in any order, and their times add up")
  func order() throws {
    let parts = try Parts(
      [Self.part(3), Self.part(1), Self.part(2)], program: Self.program)
    #expect(parts.parts.map(\.shard.number) == [1, 2, 3])
    #expect(parts.seconds == 4.5)
    #expect(parts.run.check(jobs: 1).subject == "init.c")
  }

  @Test("are all needed, each once")
  func missing() throws {
    #expect(
      try Self.complaint([Self.part(1), Self.part(3)]) == "1 of 3 parts are missing: 2")
    #expect(
      try Self.complaint([Self.part(2, of: 6)]) == "5 of 6 parts are missing: 1, 3, 4, 5, 6")
    #expect(
      try Self.complaint([Self.part(1), Self.part(2), Self.part(2), Self.part(3)])
        == "part-2.json and part-2.json are the same part, 2 of 3")
  }

  /// A change by which a part is of another run.
  struct Change: Sendable, CustomTestStringConvertible {
    var what: String
    var body: @Sendable (inout Part) -> Void
    var testDescription: String { what }
  }

  private static let changes: [Change] = [
    Change(what: "other subjects") { $0.run.subjects = ["other.c"] },
    Change(what: "another seed") { $0.run.seed = 2 },
    Change(what: "another depth") { $0.run.depth = .deep },
    Change(what: "other modes") { $0.run.modes = Architecture.riscv.modes },
    Change(what: "other means") { $0.run.means = [.random] },
    Change(what: "other fixes") { $0.run.against = .asMerged },
    Change(what: "other options of the subject") { $0.run.options.defines = ["CONFIG_X"] },
    Change(what: "another verb") { $0.run.verb = .fleet },
    Change(what: "another text") { $0.text?.sha256 = String(repeating: "1", count: 64) },
    Change(what: "another compiler") { $0.text?.object = "0000000000000000" },
  ]

  @Test("are of one run", arguments: changes)
  func foreign(change: Change) throws {
    let parts = [try Self.part(1), try Self.part(2, change.body), try Self.part(3)]
    let words = "part-2.json is of another run than part-1.json: it has \(change.what)"
    #expect(Self.complaint(parts) == words)
  }

  @Test("have one number of shards and one program")
  func program() throws {
    #expect(
      try Self.complaint([Self.part(1), Self.part(2, of: 4)])
        == "part-2.json is of another run than part-1.json: it has another number of shards")
    let other = try Self.part(2) { $0.program = String(repeating: "b", count: 64) }
    #expect(
      try Self.complaint([Self.part(1), other, Self.part(3)])
        == "part-2.json was made by another build of mhpcheck")
  }

  @Test("fit the text that a merge finds, and its compiler")
  func text() throws {
    let parts = try Parts([Self.part(1), Self.part(2), Self.part(3)], program: Self.program)
    let known = try #require(parts.parts.first?.text)
    try parts.check(known)
    for (text, words) in [
      (Part.Text(sha256: String(repeating: "1", count: 64), object: known.object), "not the text"),
      (Part.Text(sha256: known.sha256, object: nil), "C compiler"),
    ] {
      let error = #expect(throws: Failure.self) { try parts.check(text) }
      #expect(error?.message.contains(words) == true && error?.status == .unreadable)
    }
  }

  @Test("have a row for each subject of a fleet")
  func fleet() throws {
    let request = FleetRequest(subjects: ["a.c", "b.c", "c.c"], jobs: 1)
    func part(_ number: Int, _ places: [Int]) throws -> (name: String, part: Part) {
      try Self.part(number, of: 2) {
        $0.run = PartedRun(request)
        $0.text = nil
        $0.facts = .fleet(places.map { FleetFact(place: $0, outcome: .unreadable("no \($0)")) })
      }
    }
    let parts = try Parts([part(1, [0, 2]), part(2, [1])], program: Self.program)
    let fleet = try FleetReport(of: parts)
    #expect(fleet.rows.map(\.argument) == ["a.c", "b.c", "c.c"])
    #expect(fleet.rows.map(\.reason) == ["no 0", "no 1", "no 2"])
    #expect(fleet.status == .unreadable && fleet.depth == "smoke")
    let short = try Parts([part(1, [0]), part(2, [1])], program: Self.program)
    #expect(throws: Failure.self) { try FleetReport(of: short) }
  }

  @Test("have shards that divide any work, whatever their number", arguments: [1, 2, 3, 7])
  func shards(count: Int) throws {
    let shards = try (1...count).map { try #require(Shard(number: $0, count: count)) }
    for place in 0..<50 { #expect(shards.count { $0.has(place) } == 1) }
    for (number, count) in [(0, 1), (2, 1), (1, 0), (-1, -1), (1, Shard.most + 1)] {
      #expect(Shard(number: number, count: count) == nil)
    }
  }

  @Test("name cases by words that give the same cases")
  func words() {
    let cases: [CaseReference] = [
      .catalogue(mode: "sv39", index: 12), .random(mode: "sv57", seed: .max, index: 0),
      .universe(
        name: "sv39/walks/direct", place: UniverseCase(state: 4, operation: 1, range: 7)),
    ]
    for reference in cases {
      #expect(reference.word.flatMap { CaseReference(word: $0) } == reference)
    }
    for word in [
      "", "named", "named/sv39", "named/sv39/-1", "named/sv39/1/2", "random/sv39/1",
      "random/sv39/1/18446744073709551616", "universe/x", "universe/x/1-2", "universe/x/1-2-x",
      "universe/x/1-2-+3",
    ] {
      #expect(CaseReference(word: word) == nil, "\(word)")
    }
  }
}
