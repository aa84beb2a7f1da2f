// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Oracle

@Suite("Every rule")
struct EveryRuleTests {
  private static let wrongDoings =
    TranslationRuleTests.wrongDoings + TableRuleTests.wrongDoings + BackingRuleTests.wrongDoings
    + FlushRuleTests.wrongDoings + EntryPointRuleTests.wrongDoings
    + CreationRuleTests.wrongDoings + MemmapRuleTests.wrongDoings

  @Test("has a wrong behaviour that it detects, and a right one that it accepts")
  func seen() {
    let rules = Set(Self.wrongDoings.map(\.rule))
    let missing = OracleRule.allCases.filter { !rules.contains($0) }
    #expect(missing == [])
  }

  @Test("has wrong behaviours with different sentences")
  func told() {
    let sentences = Self.wrongDoings.map(\.testDescription)
    #expect(Set(sentences).count == sentences.count)
  }

  @Test("has a sentence of its own, without a full stop")
  func sentences() {
    let sentences = OracleRule.allCases.map(\.sentence)
    #expect(Set(sentences).count == OracleRule.allCases.count)
    #expect(!sentences.contains { $0.hasSuffix(".") || $0.count < 12 })
  }
}
