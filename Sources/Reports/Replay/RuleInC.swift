// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Oracle
import Port

/// An oracle rule that a case breaks, as a test of the state in C: a `struct mhp_rule`.
struct RuleInC: Hashable, Sendable {
  /// The rule's `enum mhp_rule_kind`.
  var kind: String
  /// The number of calls before the test.
  var calls: Int
  var a: UInt64 = 0
  var b: UInt64 = 0
  /// The rule and its violation, in one sentence.
  var sentence: String

  /// Nil for a violation that no test of the state after a call can show.
  ///
  /// - Parameters:
  ///   - violation: the violation by the reference.
  ///   - image: the initial state of the case.
  ///   - tables: the entries of each table before the call that breaks the rule.
  init?(_ violation: Violation, image: MachineImage, before tables: [[UInt64]]) {
    calls = violation.operation + 1
    sentence = "\(violation.rule.sentence) (\(violation.sentence))"
    kind = ""
    switch (violation.rule, violation.evidence) {
    case (_, .leaf(let address, let level, _, _)):
      let place =
        Self.isOutside(violation.rule)
        ? Self.outside(address, level: level, image.operations[violation.operation], image.layout)
        : address
      // A mapping outside the range must still exist; any other leaf must not.
      if Self.isOutside(violation.rule),
        let pfn = Self.translated(place, PageTableWalk(tables, layout: image.layout), image.layout)
      {
        (kind, a, b) = ("MHP_RULE_MAPPED", place, pfn)
      } else {
        (kind, a) = ("MHP_RULE_UNMAPPED", place)
      }
    case (.tableCount, .balance(let table, _, _)):
      (kind, a) = ("MHP_RULE_BALANCED", UInt64(table))
    case (.freedWhileLinked, .table(let table, _)):
      (kind, a) = ("MHP_RULE_UNLINKED", UInt64(table))
    case (.maxPFN, .number("max_pfn", let expected, _)):
      (kind, a) = ("MHP_RULE_MAX_PFN", expected)
    case (.mappableRange, .number(_, let expected, let actual)) where actual > expected:
      (kind, a) = ("MHP_RULE_RANGE_END", expected)
    case (.kernelStopped, .ending), (.walkedOutside, .ending): kind = "MHP_RULE_COMES_BACK"
    default: return nil
    }
  }

  /// The C initialiser.
  var text: String {
    "{ .kind = \(kind), .calls = \(calls), .a = \(CText.hex(a)), .b = \(CText.hex(b)),\n"
      + "\t  .sentence = \(CText.string(sentence)) },\n"
  }

  private static func isOutside(_ rule: OracleRule) -> Bool { rule == .outsideChanged }

  /// An address of the leaf outside the call's range.
  private static func outside(
    _ address: UInt64, level: Level, _ operation: Operation, _ layout: AddressLayout
  ) -> UInt64 {
    let function = KernelFunction(rawValue: operation.function)
    // A physical range with an end, that of create_linear_mapping_range, is taken as it is.
    let isVirtual = function.map { !$0.hasPhysicalRange || $0.takes(.end) } ?? true
    let start = isVirtual ? operation.start : layout.virtual(ofPhysical: operation.start)
    let end = isVirtual ? operation.end : start &+ operation.end
    return address >= start && address < end && end &- address < layout.size(of: level)
      ? end : address
  }

  private static func translated(
    _ address: UInt64, _ walk: PageTableWalk, _ layout: AddressLayout
  ) -> UInt64? {
    for entry in walk.entries where entry.kind == .leaf {
      let distance = address &- entry.address
      guard distance < layout.size(of: entry.level) else { continue }
      return Architecture.riscv.entryBits.pfn(of: entry.word)
        &+ distance >> AddressLayout.pageShift
    }
    return nil
  }
}
