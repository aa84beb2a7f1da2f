// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Engine
@testable import Machine
@testable import Port

/// The observation of a case without effects; tests change one thing at a time.
private func quiet(events: [Event] = []) -> Observation {
  Observation(
    ending: Ending(), events: events, tables: [[0, 1], [2, 3]],
    lives: [PageLife(level: 4, owner: 1, live: 1, constructed: 0)], maxPFN: 10, maxLowPFN: 10,
    altmapAllocs: [5], altmapAligns: [0])
}

@Suite("The comparison of two observations of a case")
struct ComparisonTests {
  private let clear = Event(.clear, a: 1, b: 2, c: 1)
  private let flush = Event(.flush)
  private let free = Event(.free, a: 7)

  @Test("finds no difference if everything is equal") func same() {
    let result = quiet(events: [clear, flush]).compared(to: quiet(events: [clear, flush]))
    #expect(result.difference == nil)
    #expect(result.rules.isEmpty)
  }

  @Test("finds the event where the traces diverge") func parting() {
    let result = quiet(events: [clear, free]).compared(to: quiet(events: [clear, flush]))
    #expect(
      result.difference
        == .event(subjectIndex: 1, referenceIndex: 1, subject: free, reference: flush))
  }

  @Test("tolerates an extra flush, and names the rule") func extraFlush() {
    let result = quiet(events: [clear, flush, flush]).compared(to: quiet(events: [clear, flush]))
    #expect(result.difference == nil)
    #expect(result.rules == [.extraFlush])
  }

  @Test("accepts a destructor without a level for one of any level of the same page")
  func genericDestructor() {
    let pte = Event(.destruct, detail: 0, a: 7)
    let generic = Event(.destruct, detail: Event.anyLevel, a: 7)
    #expect(quiet(events: [generic]).compared(to: quiet(events: [pte])).difference == nil)
    let elsewhere = Event(.destruct, detail: Event.anyLevel, a: 8)
    #expect(quiet(events: [elsewhere]).compared(to: quiet(events: [pte])).difference != nil)
    let pmd = Event(.destruct, detail: 1, a: 7)
    #expect(quiet(events: [pmd]).compared(to: quiet(events: [pte])).difference != nil)
  }

  @Test("does not tolerate a missing flush") func missingFlush() {
    let result = quiet(events: [clear]).compared(to: quiet(events: [clear, flush]))
    #expect(
      result.difference
        == .event(subjectIndex: 1, referenceIndex: 1, subject: nil, reference: flush))
  }

  @Test("tolerates no extra flush if either side may be the one that lacks it") func strict() {
    let more = quiet(events: [clear, flush])
    let result = more.compared(to: quiet(events: [clear]), toleratesExtraFlush: false)
    #expect(
      result.difference
        == .event(subjectIndex: 1, referenceIndex: 1, subject: flush, reference: nil))
    #expect(result.rules.isEmpty)
  }

  @Test("finds a different ending if a fault cut the reference's trace short")
  func faultOfTheReference() {
    var reference = quiet(events: [clear])
    reference.ending = Ending(.overrun, table: 0, slot: 704)
    let result = quiet(events: [clear, flush]).compared(to: reference)
    #expect(result.difference == .ending(subject: Ending(), reference: reference.ending))
  }

  @Test("does not accept a flush of a range for a flush of everything") func shortFlush() {
    let range = Event(.flush, detail: FlushScope.range.rawValue, a: 1, b: 2)
    let result = quiet(events: [clear, range]).compared(to: quiet(events: [clear, flush]))
    #expect(result.difference != nil)
  }

  @Test("finds a different ending if a fault cut the subject's trace short") func fault() {
    var subject = quiet(events: [clear])
    subject.ending = Ending(.overrun, table: 0, slot: 1032)
    let result = subject.compared(to: quiet(events: [clear, flush]))
    #expect(result.difference == .ending(subject: subject.ending, reference: Ending()))
  }

  @Test("compares the table of an overrun, but not its slot") func overrunSlot() {
    var subject = quiet()
    var reference = quiet()
    subject.ending = Ending(.overrun, table: 0, slot: 1032)
    reference.ending = Ending(.overrun, table: 0, slot: 688)
    #expect(subject.compared(to: reference).difference == nil)
    reference.ending.table = 1
    #expect(subject.compared(to: reference).difference != nil)
  }

  @Test("finds a different word, life, global or counter") func state() {
    var subject = quiet()
    subject.tables[1][0] = 9
    #expect(
      subject.compared(to: quiet()).difference
        == .entry(table: 1, slot: 0, subject: 9, reference: 2))
    subject = quiet()
    subject.tables.append([4])
    #expect(
      subject.compared(to: quiet()).difference
        == .entry(table: 2, slot: 0, subject: 4, reference: nil))
    subject = quiet()
    subject.lives[0].constructed = -1
    #expect(subject.compared(to: quiet()).difference?.signature == "page-life")
    subject = quiet()
    subject.maxPFN = 3
    #expect(
      subject.compared(to: quiet()).difference
        == .global(name: "max_pfn", subject: 3, reference: 10))
    subject = quiet()
    subject.maxLowPFN = 3
    #expect(subject.compared(to: quiet()).difference?.signature == "max_low_pfn")
    subject = quiet()
    subject.altmapAllocs = [4]
    #expect(
      subject.compared(to: quiet()).difference == .altmap(number: 1, subject: 4, reference: 5))
  }

  @Test(
    "names the rule of each spelling that occurs",
    arguments: [
      (Spellings.tableConstructor, EquivalenceRule.tableConstructorNames),
      (.pageFree, .pageFreeNames), (.noPgmap, .pgmapArgument), (.print, .quietDiagnostics),
      (.quietWarn, .quietDiagnostics),
      (.releasedDown, .releaseOrder),
    ])
  func spellings(spelling: Spellings, rule: EquivalenceRule) {
    var subject = quiet()
    subject.spellings = spelling
    #expect(subject.compared(to: quiet()).rules == [rule])
  }
}
