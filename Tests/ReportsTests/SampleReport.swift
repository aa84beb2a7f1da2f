// SPDX-License-Identifier: GPL-2.0-only

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port
@testable import Reports

/// Reports and cases without runs.
enum SampleReport {
  static let everySet = UpstreamFixes.allSets

  /// A case that agrees with the port at these sets of fixes.
  static func finding(
    _ operations: [KernelFunction] = [.removePudMapping], agreesWith: [UpstreamFixes]
  ) -> CaseFinding {
    let missing = Difference.event(
      subjectIndex: 0, referenceIndex: 0, subject: nil, reference: Event(.flush))
    return CaseFinding(
      place: 0, scenario: "a-case", mode: "sv39", operations: operations,
      size: scenario.complexity,
      comparisons: Dictionary(
        uniqueKeysWithValues: everySet.map {
          ($0, ComparisonResult(difference: agreesWith.contains($0) ? nil : missing, rules: []))
        }))
  }

  /// A report on a run with these findings, without the full differences.
  static func report(
    findings: [CaseFinding], present: [KernelFunction] = KernelFunction.allCases,
    against: UpstreamFixes = .latest
  ) -> Report {
    Report(
      tool: "0.0.0",
      subject: SubjectSummary(kind: "file", origin: "a.c", sha256: "00ff", argument: "a.c"),
      against: against,
      judgement: Judgement(findings: findings, present: present, against: against),
      modes: ["sv39", "sv57"], cases: findings.count, seconds: 1.049, seed: 7, differences: [])
  }

  /// Hazard H2 in one case.
  static var hazard: ReportedHazard {
    let violation = Violation(
      rule: .tableCount, operation: 0, function: .freePteTable, isVmemmap: false,
      evidence: .balance(2, level: .pte, count: 1))
    return ReportedHazard(
      group: HazardGroup(
        hazard: .h2, rule: .tableCount, violation: violation, modes: ["sv39"], places: [0]),
      scenario: scenario, replay: "mhpcheck replay a-case@sv39 a.c")
  }

  /// A root whose last entry links a PMD table with one leaf, and one call.
  static var scenario: Scenario {
    var call = Scenario.Call(.removePmdMapping)
    call.table = 1
    call.start = 0xffff_ffd6_00a0_0000
    call.end = 0xffff_ffd6_00c0_0000
    return Scenario(
      id: "a-case", purpose: "A leaf goes.", mode: "sv39",
      tables: [
        .init(
          level: .pgd, owner: .reserved, isConstructed: false,
          entries: [.init(slot: 344, value: .table(1))]),
        .init(
          level: .pmd, owner: .allocator, isConstructed: true,
          entries: [.init(slot: 5, value: .leaf(pfn: 0x80a00, protection: 0xe7))]),
      ], operations: [call])
  }

  /// The observation of a side that left the scenario's tables unchanged.
  static func observation(events: [Event] = []) throws -> Observation {
    let image = try scenario.lowered()
    var tables = Array(repeating: [UInt64](repeating: 0, count: 512), count: image.tables.count)
    for run in image.runs {
      for (slot, word) in run.words { tables[Int(run.table)][slot] = word }
    }
    return Observation(
      ending: Ending(), events: events, tables: tables,
      lives: image.tables.map {
        PageLife(level: $0.level, owner: $0.owner, live: 1, constructed: Int32($0.constructed))
      }, maxPFN: 0, maxLowPFN: 0, altmapAllocs: [], altmapAligns: [])
  }

  static func naming() throws -> TableNames {
    let image = try scenario.lowered()
    return TableNames(layout: image.layout, levels: image.tables.map(\.level))
  }
}
