// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port

@Suite("The flushes of a subject")
struct FlushEquivalenceTests {
  private let flush = Event(.flush)
  private let done = Event(.returned)

  private func clear(_ slots: Range<UInt64>) -> Event {
    Event(.clear, a: 1, b: slots.lowerBound, c: UInt64(slots.count))
  }

  private func align(_ subject: [Event], _ reference: [Event]) -> TraceAlignment {
    TraceAlignment(subject: subject, reference: reference)
  }

  @Test("may split clears, or frees, that are one event in the reference's trace")
  func betweenFolded() {
    let clears = align(
      [clear(0..<3), flush, clear(3..<4), flush, clear(4..<8), flush], [clear(0..<8), flush])
    #expect(clears.firstDifference == nil)
    #expect(clears.skippedFlushes == [1, 3])
    let pages = align(
      [Event(.freeReserved, a: 16, c: 4), flush, Event(.freeReserved, a: 20, c: 12)],
      [Event(.freeReserved, a: 16, c: 16)])
    #expect(pages.firstDifference == nil)
  }

  @Test("do not hide a missing slot, an extra one, or one of another table")
  func foldedSlips() {
    let reference = [clear(0..<8), flush, done]
    let slips: [String: [Event]] = [
      "one too few": [clear(0..<3), flush, clear(3..<7), flush, done],
      "one too many": [clear(0..<3), flush, clear(3..<9), flush, done],
      "one passed over": [clear(0..<3), flush, clear(4..<8), flush, done],
      "another table": [clear(0..<3), flush, Event(.clear, a: 2, b: 3, c: 5), flush, done],
      "something between": [clear(0..<3), Event(.warn), clear(3..<8), flush, done],
    ]
    for (name, subject) in slips {
      let found = align(subject, reference).firstDifference
      #expect(found?.subjectIndex == 0, "\(name)")
      #expect(found?.reference == clear(0..<8), "\(name): it begins where the events do")
    }
  }

  @Test("show where the sides part behind what both do of folded events")
  func unfolded() {
    let missing = align(
      [clear(26..<28), flush], [clear(26..<27), flush, clear(27..<28), flush])
    #expect(missing.firstDifference?.subject == clear(26..<28))
    #expect(missing.unfoldedDifference?.subject == clear(27..<28))
    #expect(missing.unfoldedDifference?.reference == flush)
    #expect(missing.unfoldedDifference?.subjectIndex == 0)
    #expect(missing.unfoldedDifference?.referenceIndex == 1)
    let passedOver = align([clear(0..<3), flush, clear(4..<8), flush], [clear(0..<8), flush])
    #expect(passedOver.unfoldedDifference?.subject == clear(4..<8))
    #expect(passedOver.unfoldedDifference?.reference == clear(3..<8))
    let whole = align([done], [flush, done])
    #expect(whole.unfoldedDifference == whole.firstDifference)
  }

  @Test("may be one where the reference has several in a row")
  func doubled() {
    let found = align([clear(0..<8), flush, done], [clear(0..<8), flush, flush, flush, done])
    #expect(found.firstDifference == nil)
    #expect(found.leftFlushes == [2, 3])
  }

  @Test(
    "must not be fewer if events lie between them, none is left, or a range replaces all")
  func missing() {
    let range = Event(.flush, detail: FlushScope.range.rawValue, a: 1, b: 2)
    let two = [clear(0..<8), flush, flush, done]
    let slips: [String: (subject: [Event], reference: [Event])] = [
      "none": ([clear(0..<8), done], two),
      "one of a range": ([clear(0..<8), range, done], two),
      "the first, before what is cleared": ([flush, clear(0..<8), done], two),
      "a clear between": (
        [clear(0..<8), flush, clear(9..<10), done],
        [clear(0..<8), flush, clear(9..<10), flush, done]
      ),
      "another call's": ([flush, done, done], [flush, done, flush, done]),
      "another range's": ([range, done], [range, range, done]),
    ]
    for (name, traces) in slips {
      #expect(align(traces.subject, traces.reference).firstDifference != nil, "\(name)")
    }
  }

  @Test("must match exactly if either side may be the one that lacks one")
  func strict() {
    let two = [flush, flush, done]
    #expect(
      TraceAlignment(subject: [flush, done], reference: two, toleratesExtraFlush: false)
        .firstDifference != nil)
  }
}
