// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Oracle

@Suite("Every rule")
struct EveryRuleTests {
  private static let wrongDoings =
    TranslationRuleTests.wrongDoings + TableRuleTests.wrongDoings + BackingRuleTests.wrongDoings
    + FlushRuleTests.wrongDoings + EntryPointRuleTests.wrongDoings
    + CreationRuleTests.wrongDoings + MemmapRuleTests.wrongDoings

  @Test("has a wrong doing that it sees and the right one beside it, of which it is silent")
  func seen() {
    let rules = Set(Self.wrongDoings.map(\.rule))
    let missing = OracleRule.allCases.filter { !rules.contains($0) }
    #expect(missing == [])
  }

  @Test("has wrong doings that are told apart by their sentences")
  func told() {
    let sentences = Self.wrongDoings.map(\.testDescription)
    #expect(Set(sentences).count == sentences.count)
  }

  @Test("is a sentence of its own, without a full stop")
  func sentences() {
    let sentences = OracleRule.allCases.map(\.sentence)
    #expect(Set(sentences).count == OracleRule.allCases.count)
    #expect(!sentences.contains { $0.hasSuffix(".") || $0.count < 12 })
  }
}
