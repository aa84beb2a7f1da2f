// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port
@testable import Worker

@Suite("The book of the port's answers")
struct AnswerBookTests {
  private let named = CaseReference.catalogue(mode: "sv39", index: 7)
  private let drawn = CaseReference.random(mode: "sv48", seed: CheckRequest.usualSeed, index: 9)
  private let hazard = Violation(
    rule: .tableLeaked, operation: 1, function: .archRemoveMemory, isVmemmap: false,
    evidence: .leaf(address: 4096, level: .pmd, pfn: 5, isPartial: true), hazard: .h1)

  private func part() throws -> SweepPart {
    let universe = try #require(
      Universe.named("sv39/walks/direct", among: Architecture.riscv.modes))
    return SweepPart(universe, states: 2..<5)
  }

  @Test("reads back from its file unchanged") func roundTrip() throws {
    let folder = try PrivateFolder()
    let path = folder.file("book.json")
    let part = try part()
    let folds = part.operations.indices.map { UInt64.max - UInt64($0) }
    let book = AnswerBook(path: path)
    book.keep(11, [], for: named)
    book.keep(12, [hazard], for: drawn)
    var judged = KeptAnswer()
    judged.judge([hazard], in: part.place(3))
    book.keep([1: judged], folds: folds, for: part)
    book.save()
    let again = AnswerBook(path: path)
    #expect(again.hazards(of: named, with: 11) == [])
    #expect(again.hazards(of: drawn, with: 12) == [hazard])
    let answers = try #require(again.answers(to: part))
    #expect(answers.map(\.fold) == folds)
    #expect(answers[1].judged == 1)
    #expect(answers[1].hazards.map(\.place) == [part.place(3)])
  }

  /// A case in which the ports differ, for a subject that does what the first one does.
  private func parting() -> CaseResult {
    CaseResult(
      comparisons: [
        ComparisonResult(difference: nil, rules: [.extraFlush]),
        ComparisonResult(
          difference: .altmap(number: 1, subject: 4, reference: 5), rules: [], operation: 2,
          mends: [Mend(hazard)]),
      ], ending: Ending(.finished), isCostly: true,
      broken: BrokenRules(own: [hazard], shared: [hazard, hazard], mended: []))
  }

  @Test("reads back what comes of a case in which upstream states differ") func partingStates()
    throws
  {
    let folder = try PrivateFolder()
    let path = folder.file("book.json")
    let answer = CaseAnswer(digest: 21, ending: 0, spellings: Spellings(rawValue: 2))
    let book = AnswerBook(path: path)
    book.keep(parting(), answered: answer, for: named)
    book.save()
    let again = AnswerBook(path: path)
    #expect(again.knows(named))
    #expect(again.result(of: named, answered: answer) == parting())
    // Such a case is not the same in every state.
    #expect(again.hazards(of: named, with: 21) == nil)
    for other in [
      CaseAnswer(digest: 22, ending: 0, spellings: Spellings(rawValue: 2)),
      CaseAnswer(digest: 21, ending: 0, spellings: []),
    ] {
      #expect(again.result(of: named, answered: other) == nil)
    }
    #expect(again.result(of: drawn, answered: answer) == nil)
    // What a subject claims to spell does not fill the book.
    for claim in 3..<40 as Range<UInt32> {
      let claimed = CaseAnswer(digest: 21, ending: 0, spellings: Spellings(rawValue: claim))
      again.keep(parting(), answered: claimed, for: named)
      #expect((again.result(of: named, answered: claimed) != nil) == (claim < 8))
    }
  }

  @Test("has no entry for another answer, another case or a literal case") func others() throws {
    let book = AnswerBook(path: nil)
    book.keep(11, [], for: named)
    #expect(book.hazards(of: named, with: 12) == nil)
    #expect(book.hazards(of: named, with: 0) == nil)
    #expect(book.hazards(of: .catalogue(mode: "sv39", index: 6), with: 0) == nil)
    #expect(book.hazards(of: .catalogue(mode: "sv48", index: 7), with: 11) == nil)
    for unusual in [
      CaseReference.random(mode: "sv48", seed: CheckRequest.usualSeed + 1, index: 9),
      .random(mode: "sv48", seed: CheckRequest.usualSeed, index: 1 << 40),
    ] {
      book.keep(5, [], for: unusual)
      #expect(book.hazards(of: unusual, with: 5) == nil)
    }
    let literal = CaseReference.literal("{}")
    book.keep(5, [], for: literal)
    #expect(book.hazards(of: literal, with: 5) == nil)
    #expect(book.answers(to: try part()) == nil)
  }

  @Test(
    "stays empty if its file is no book",
    arguments: ["", "{", "[]", "{\"cases\":{\"named sv39\":[-1]},\"blocks\":{},\"hazards\":{}}"])
  func broken(text: String) throws {
    let folder = try PrivateFolder()
    let path = try folder.write("book.json", text)
    let book = AnswerBook(path: path)
    #expect(book.hazards(of: named, with: 0) == nil)
    book.keep(11, [], for: named)
    book.save()
    #expect(AnswerBook(path: path).hazards(of: named, with: 11) == [])
  }

  @Test("folds digests so that each digest and its place count") func folds() throws {
    let part = try part()
    var random = SplitMix64(seed: 1)
    let digests = (0..<Int(part.caseCount)).map { _ in random.next() }
    let folds = part.folds(of: digests)
    #expect(folds.count == part.operations.count)
    for index in digests.indices {
      let place = part.place(index)
      var other = digests
      other[index] ^= 1 << (UInt64(index) % 64)
      let changed = zip(folds, part.folds(of: other)).map { $0 != $1 }
      #expect(changed.count { $0 } == 1)
      #expect(changed[place.operation], "case \(index)")
    }
    var swapped = digests
    swapped.swapAt(0, 1)
    #expect(part.folds(of: swapped)[0] != folds[0])
  }
}
