// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Oracle
@testable import Port

/// Runs oracle and port all over the small machines, with a share of the cases of each universe.
@Suite("In the universes")
struct UniverseShareTests {
  /// A prime, so that no common divisor leaves out an operation, range or slot.
  private static let stride: UInt64 = 211

  @Test(
    "the reference breaks rules only by listed hazards, or if another entry is in the way",
    arguments: Architecture.riscv.modes.map(\.name))
  func share(mode name: String) throws {
    let mode = try #require(Architecture.riscv.mode(named: name))
    let port = HotplugPort(fixes: .latest)
    var judged = 0
    var hazards: Set<Hazard.ID> = []
    for universe in Universe.universes(.standard, mode: mode) {
      var cursor = UniverseCursor(universe)
      for index in Swift.stride(from: 0, to: universe.caseCount, by: Int(Self.stride)) {
        let calls = UInt64(universe.operations.count) * universe.rangeCount
        cursor.setState(index / calls)
        cursor.setCall(
          Int(index % calls / universe.rangeCount), range: index % universe.rangeCount)
        for violation in Oracle.violations(cursor.image, port.steps(cursor.image)) {
          hazards.formUnion(violation.hazard.map { [$0] } ?? [])
          let isKnown = violation.hazard != nil || isUnlisted(violation)
          #expect(
            isKnown,
            "\(universe.name), case \(index): \(violation.rule.rawValue), \(violation.sentence)")
        }
        judged += 1
      }
    }
    #expect(judged > 1900)
    let common: Set<Hazard.ID> = [.h1, .h3, .h7, .h8]
    #expect(hazards.isSuperset(of: common), "\(hazards)")
  }

  /// The unlisted hazards: see `hazard/unlisted-...` in the catalogue.
  private func isUnlisted(_ violation: Violation) -> Bool {
    switch violation.function {
    case .archAddMemory:
      [.outsideChanged, .addUnmapped, .walkedOutside].contains(violation.rule)
    case .createLinearMappingRange, .createPteMapping, .createPmdMapping, .createPudMapping,
      .createP4dMapping, .createPgdMapping:
      [.addUnmapped, .walkedOutside].contains(violation.rule)
    case .vmemmapPopulate: [.memmapHole, .walkedOutside].contains(violation.rule)
    default: false
    }
  }
}
