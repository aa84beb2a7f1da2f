// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

/// Findings without runs; tests choose the sets of fixes that a case agrees with.
enum SampleFindings {
  static let clear = Difference.event(
    subjectIndex: 0, referenceIndex: 0, subject: nil, reference: Event(.clear))
  static let flush = Difference.event(
    subjectIndex: 0, referenceIndex: 0, subject: nil, reference: Event(.flush))

  /// A case that differs (by `difference`) from the port at every set of fixes outside of `agreesWith`.
  static func finding(
    _ place: Int, _ operations: [KernelFunction] = [.removePudMapping], mode: String = "sv39",
    agreesWith: [UpstreamFixes] = UpstreamFixes.allSets, difference: Difference = clear,
    rules: [EquivalenceRule] = [], operation: Int? = 0, tables: Int = 1
  ) -> CaseFinding {
    let comparisons = UpstreamFixes.allSets.map { set in
      (
        set,
        ComparisonResult(
          difference: agreesWith.contains(set) ? nil : difference, rules: rules,
          operation: operation)
      )
    }
    var scenario = Scenario(
      id: "case-\(place)", purpose: "", mode: mode, tables: [], operations: [])
    scenario.tables = Array(
      repeating: .init(level: .pte, owner: .allocator, isConstructed: false), count: tables)
    return CaseFinding(
      place: place, scenario: scenario.id, mode: mode, operations: operations,
      size: scenario.complexity, comparisons: Dictionary(uniqueKeysWithValues: comparisons))
  }
}
