// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Testing

@testable import Engine
@testable import Lab
@testable import Worker

@Suite("The fates of mutants from several shards")
struct MergedFatesTests {
  private func code(_ number: Int) -> String { Fingerprint.of([UInt8(number)]) }

  private let killer = CaseReference.catalogue(mode: "sv39", index: 3)

  @Test("count one mutant of those with the same code, whichever shard has it")
  func duplicates() throws {
    let shards = try (1...2).map { try #require(Shard(number: $0, count: 2)) }
    // The mutants at 0, 1, 4 and 5 have one code, those at 2 and 6 another.
    let first = MutantFact.facts(
      [.killed(by: killer), .alive, .duplicate(of: 0)], objects: [code(1), code(2), code(1)],
      of: shards[0])
    let second = MutantFact.facts(
      [.killed(by: killer), .uncompilable, .duplicate(of: 0), .identical],
      objects: [code(1), nil, code(1), code(9)], of: shards[1])
    #expect(first.map(\.place) == [0, 2, 4])
    #expect(second.map(\.place) == [1, 3, 5, 7])
    #expect(second.last?.object == nil)
    let all = (first + second).sorted { $0.place < $1.place }
    #expect(throws: Failure.self) { try MergedFates(all, count: 8) }
    let whole = (all + [MutantFact(place: 6, object: code(2), fate: .alive)])
      .sorted { $0.place < $1.place }
    #expect(
      try MergedFates(whole, count: 8).fates == [
        .killed(by: killer), .duplicate(of: 0), .alive, .uncompilable, .duplicate(of: 0),
        .duplicate(of: 0), .duplicate(of: 2), .identical,
      ])
  }

  @Test(
    "have to be there, and to be possible",
    arguments: [
      MutantFact(place: 1, object: nil, fate: .identical),
      MutantFact(place: 0, object: "00000000000000ff", fate: .duplicate),
      MutantFact(place: 0, object: "00000000000000ff", fate: .killed(by: "no case")),
      MutantFact(place: 0, object: nil, fate: .alive),
    ])
  func impossible(fact: MutantFact) {
    #expect(throws: Failure.self) { try MergedFates([fact], count: 1) }
  }
}
