// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine

@Suite("A list of words")
struct WordListTests {
  @Test("has commas, and \"and\" before the last word")
  func list() {
    let none: [String] = []
    #expect(none.list == "")
    #expect(["a"].list == "a")
    #expect(["a", "b"].list == "a and b")
    #expect(["a", "b", "c"].list == "a, b and c")
  }
}
