// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

@Suite("The log of a run's marks")
struct MarkLogTests {
  /// The bytes of a log with a ring of four marks.
  private func log(count: UInt32, _ ring: [UInt16]) throws -> MarkLog {
    let bytes =
      (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * UInt32($0))) }
      + ring.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    return try #require(MarkLog(bytes: bytes))
  }

  @Test("has the marks of a run in order, even after the ring wraps")
  func order() throws {
    #expect(try log(count: 3, [10, 300, 12, 0]).marks(after: 0) == [10, 300, 12])
    #expect(try log(count: 6, [14, 15, 12, 13]).marks(after: 0) == [12, 13, 14, 15])
    #expect(try log(count: 6, [14, 15, 12, 13]).marks(after: 5) == [15])
  }

  @Test("is split where the run before ended, even if its oldest marks are gone")
  func parts() throws {
    let whole = try log(count: 4, [1, 2, 3, 4]).parts(after: 0, first: 3)
    #expect(whole.first == [1, 2, 3] && whole.rest == [4])
    let short = try log(count: 6, [5, 6, 3, 4]).parts(after: 0, first: 5)
    #expect(short.first == [3, 4, 5] && short.rest == [6])
  }

  @Test(
    "accepts any number that a subject writes",
    arguments: [
      (0, 5, -3), (3, .max, 2), (.max, 0, 9), (7, 2, .max), (2, 7, .min), (1, -4, -4),
    ] as [(UInt32, Int, Int)])
  func hostile(count: UInt32, start: Int, length: Int) throws {
    let parts = try log(count: count, [1, 2, 3, 4]).parts(after: start, first: length)
    #expect(parts.first.count + parts.rest.count <= 4)
  }

  @Test("is refused if the answer is too short") func short() {
    #expect(MarkLog(bytes: []) == nil && MarkLog(bytes: [1, 0, 0, 0, 2]) == nil)
  }
}
