// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Oracle
@testable import Port
@testable import Reports

@Suite("A part as a file")
struct PartFileTests {
  private func part(_ run: PartedRun, _ facts: Part.Facts) throws -> Part {
    let text = Part.Text(sha256: String(repeating: "0", count: 64), object: "0123456789abcdef")
    let shard = try #require(Shard(number: 2, count: 3))
    return Part(
      run: run, shard: shard, program: String(repeating: "a", count: 64),
      text: run.verb == .fleet ? nil : text, seconds: 1.25, facts: facts)
  }

  private var run: PartedRun {
    let options = SubjectOptions(baseFile: "\u{1b}.c", defines: ["A=1"])
    let request = CheckRequest(
      subject: "init.c", options: options, against: .noVmemmapPmdDestructor,
      modes: [Architecture.riscv.modes[0]], jobs: 1, seed: .max)
    return PartedRun(request)
  }

  /// A part of a check with every kind of member.
  private func check() throws -> Part {
    var facts = CampaignFacts()
    var result = SweepResult()
    result.cases = 300
    result.judged = 2
    result.differing = 5
    result.mended = 1
    result.isCutShort = true
    result.examples = [UniverseCase(state: 4, operation: 1, range: 7)]
    result.hazards = [
      .listed(.h2): UniverseCase(state: 0, operation: 0, range: 0),
      .unlisted(.tableLeaked): UniverseCase(state: 1, operation: 2, range: 3),
    ]
    facts.blocks[.init(fixes: .latest, universe: "sv39/walks/direct", first: 3)] = BlockFact(
      skipped: [.vmemmapFree], result: result,
      notes: [.slow(.removePmdMapping), .deadly(.removePteMapping)])
    facts.blocks[.init(fixes: .asMerged, universe: "sv39/walks/direct", first: 0)] = BlockFact(
      skipped: [], result: SweepResult(), notes: [])
    var random = RandomFacts()
    random.left = [4, 1]
    var slow = RandomFact()
    slow.kind = "hang-for-finished"
    slow.isCostly = true
    slow.cost = .slow(.vmemmapFree)
    var deadly = RandomFact()
    deadly.kind = "entry"
    deadly.isMended = true
    deadly.cost = .deadly
    random.telling = [7: slow, 10: deadly]
    facts.random[.init(fixes: .latest, mode: "sv39")] = random
    return try part(run, .check(facts))
  }

  private func fleet() throws -> Part {
    let sets: [[UpstreamFixes]] = [SampleReport.everySet, [[], .noVmemmapPmdDestructor], []]
    var rows: [FleetRow.Outcome] = [
      .withoutSurface("none"), .unreadable("bad \u{202e}"), .incomplete("stopped"),
    ]
    for set in sets {
      let report = SampleReport.report(findings: [SampleReport.finding(agreesWith: set)])
      var subject = FleetSubject(report)
      if set.isEmpty { subject.subject.judgedThroughCallers = [.freeVmemmapStorage] }
      subject.mendedBugs = [UpstreamBug(hazard: nil, rule: .tableLeaked)]
      subject.hazards = [
        FleetSubject.Shared(
          bug: UpstreamBug(hazard: .h3, rule: .maxPFN), modes: ["sv39"], replay: "mhpcheck replay")
      ]
      subject.compiledOut = NotCompiled(functions: [.vmemmapFree], sentence: "an #if hides it")
      rows.append(.judged(subject))
    }
    let subjects = (0..<18).map { "\($0).c" }
    return try part(
      PartedRun(FleetRequest(subjects: subjects, jobs: 1)),
      .fleet(rows.enumerated().map { FleetFact(place: 3 * $0 + 1, outcome: $1) }))
  }

  private func mutants() throws -> Part {
    let run = PartedRun(
      verb: .mutate, subjects: ["a.c"], options: SubjectOptions(), against: .latest,
      modes: Architecture.riscv.modes, depth: .standard, means: Set(CaseSource.allCases), seed: 1,
      functions: ["vmemmap_free"])
    let object = "00000000000000ff"
    return try part(
      run,
      .mutate([
        MutantFact(place: 1, object: nil, fate: .uncompilable),
        MutantFact(place: 4, object: nil, fate: .identical),
        MutantFact(place: 7, object: object, fate: .killed(by: "named/sv39/12")),
        MutantFact(place: 10, object: object, fate: .duplicate),
        MutantFact(place: 13, object: "0000000000000001", fate: .alive),
      ]))
  }

  @Test("reads back as what was written, of every verb")
  func roundTrip() throws {
    for part in [try check(), try fleet(), try mutants()] {
      let text = PartFile.text(of: part)
      #expect(try PartFile.part(text, name: "part.json") == part)
      #expect(!text.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    }
  }

  @Test("names the functions that are judged through callers alone where there are any")
  func judgedThroughCallers() throws {
    let text = PartFile.text(of: try fleet())
    #expect(text.ranges(of: "\"judgedThroughCallers\"").count == 1)
  }

  private func complaint(_ text: String) -> String? {
    do throws(Failure) {
      _ = try PartFile.part(text, name: "part.json")
      return nil
    } catch {
      #expect(error.status == .unreadable)
      return error.message
    }
  }

  @Test("is refused if it is cut off, at any place")
  func truncated() throws {
    let text = PartFile.text(of: try check())
    for length in stride(from: 0, to: text.utf8.count, by: 97) {
      #expect(complaint(String(text.prefix(length))) != nil, "\(length)")
    }
    #expect(complaint(String(text.dropLast()))?.contains("as mhpcheck") == true)
    #expect(complaint("") == "part.json is no part of a run, or only its beginning")
  }

  @Test(
    "is refused if it is not as the program writes it",
    arguments: [
      ("\"seconds\" : 1.25", "\"seconds\" : 1.250"), ("\"shard\" : 2", "\"forged\" : 2"),
      ("\"shard\" : 2", "\"shard\" : 2,\n  \"shard\" : 2"), ("\"shard\" : 2", "\"shard\" : \"2\""),
      ("\n", " \n"), ("\"isCutShort\" : true", "\"isCutShort\" : 1"),
      ("\"seed\" : 18446744073709551615", "\"seed\" : 18446744073709551616"),
    ])
  func otherForm(old: String, new: String) throws {
    let text = PartFile.text(of: try check())
    try #require(text.contains(old))
    #expect(complaint(text.replacing(old, with: new))?.contains("is not as mhpcheck") == true)
  }

  @Test("is refused if it is another report")
  func otherSchema() throws {
    let text = PartFile.text(of: try check())
    let other = text.replacing("mhpcheck.part/1", with: "mhpcheck.report/1")
    #expect(complaint(other)?.contains("is no part of a run") == true)
  }

  @Test(
    "is refused with anything that no shard writes",
    arguments: [
      ("\"shard\" : 2", "\"shard\" : 4", "its shard"),
      ("\"shards\" : 3", "\"shards\" : 0", "its shard"),
      ("\"program\" : \"aa", "\"program\" : \"AA", "its program"),
      ("\"seconds\" : 1.25", "\"seconds\" : -1.25", "its time"),
      ("\"verb\" : \"check\"", "\"verb\" : \"bench\"", "its verb"),
      ("\"verb\" : \"check\"", "\"verb\" : \"mutate\"", "another verb's facts"),
      ("\"sv39\"", "\"sv32\"", "its modes"), ("\"depth\" : \"s", "\"depth\" : \"z", "depth"),
      ("\"init.c\"", "\"-\"", "its subjects"), ("\"A=1\"", "\"-o x\"", "its subjects"),
      ("\"object\" : \"0123", "\"object\" : \"xyz3", "its text"),
      ("sv39/walks/direct", "sv39/walks/none", "a block of no universe"),
      ("\"first\" : 3", "\"first\" : 99999999999", "a block of no universe"),
      ("\"cases\" : 300", "\"cases\" : 18446744073709551615", "more cases"),
      ("\"4-1-7\"", "\"4-99-7\"", "a case that its universe does not have"),
      ("\"4-1-7\"", "\"4-1\"", "a case that its universe does not have"),
      ("\"id\" : \"H2\"", "\"id\" : \"H99\"", "no hazard"),
      ("\"remove_pmd_mapping\"", "\"remove_all\"", "an unknown function"),
      ("\"index\" : 7", "\"index\" : 8", "random cases that are not its own"),
      ("\"index\" : 10", "\"index\" : 100000000", "random cases that are not its own"),
    ])
  func impossible(old: String, new: String, words: String) throws {
    let text = PartFile.text(of: try check())
    try #require(text.contains(old), "\(old) is not in \(text)")
    let complaint = try #require(self.complaint(text.replacing(old, with: new)))
    #expect(complaint.contains(words), "\(complaint)")
  }

  @Test(
    "of mutants or a fleet is refused with anything that no shard writes",
    arguments: [
      ("\"place\" : 4", "\"place\" : 5", "places that are not its own"),
      ("\"place\" : 10", "\"place\" : 1", "places that are not its own"),
      ("\"fate\" : \"alive\"", "\"fate\" : \"well\"", "an unknown fate"),
      ("\"fate\" : \"alive\"", "\"fate\" : \"killed\"", "an impossible mutant"),
      ("\"00000000000000ff\"", "\"ff\"", "an impossible mutant"),
      ("\"outcome\" : \"judged\"", "\"outcome\" : \"absent\"", "a row without an outcome"),
      ("\"rule\" : \"", "\"rule\" : \"no-", "an unknown rule"),
      ("\"vmemmap_free\"", "\"vmemmap\"", "an unknown function"),
    ])
  func impossibleOther(old: String, new: String, words: String) throws {
    let texts = [PartFile.text(of: try mutants()), PartFile.text(of: try fleet())]
    let complaints = texts.filter { $0.contains(old) }
      .compactMap { complaint($0.replacing(old, with: new)) }
    #expect(complaints.contains { $0.contains(words) }, "\(complaints)")
  }

  @Test("is read from a regular file of bounded size alone")
  func files() throws {
    let folder = try PrivateFolder()
    let good = try folder.write("good.json", PartFile.text(of: try check()))
    #expect(try PartFile.read(good) == check())
    for path in ["/dev/zero", folder.path, folder.file("none")] {
      let error = #expect(throws: Failure.self) { try PartFile.read(path) }
      #expect(error?.status == .unreadable)
    }
    let odd = try folder.write("odd.json", [0xff, 0xfe])
    #expect(throws: Failure.self) { try PartFile.read(odd) }
  }
}
