// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A rule that one call of a case breaks, with the first place that shows it.
public struct Violation: Hashable, Sendable {
  /// The rule.
  public var rule: OracleRule
  /// The place of the call in the case.
  public var operation: Int
  /// The function called.
  public var function: KernelFunction
  /// Whether the call is about the memmap, not the linear map.
  public var isVmemmap: Bool
  /// What shows it.
  public var evidence: Evidence
  /// The listed hazard that it is, when upstream's text is known to break the rule so.
  public var hazard: Hazard.ID?

  /// What shows that a rule is broken. Addresses are virtual unless named physical.
  public enum Evidence: Hashable, Sendable {
    /// A leaf of a level that translates from an address on to a PFN; whether the range covers only a
    /// part of it.
    case leaf(address: UInt64, level: Level, pfn: UInt64, isPartial: Bool)
    /// A cached translation that nothing flushes.
    case stale(address: UInt64, pfn: UInt64)
    /// New translations that the TLB may still know as faults.
    case unseen(address: UInt64)
    /// An address that was to be mapped and is not.
    case unmapped(address: UInt64)
    /// A table by number, and the level it is for where that is known.
    case table(Int, level: Level?)
    /// Constructors that ran for a table's page minus destructors.
    case balance(Int, level: Level?, count: Int32)
    /// A slot of a table, and the word in it.
    case entry(table: Int, slot: Int, word: UInt64)
    /// A slot of a table that still leads to another table, by number.
    case link(table: Int, slot: Int, to: Int)
    /// A run of page frames.
    case pages(pfn: UInt64, count: UInt64)
    /// An altmap's number, and how many pages it should have got back and got.
    case altmap(Int, expected: UInt64, actual: UInt64)
    /// An altmap's number, and how many pages it had handed out and gets back.
    case underflow(Int, had: UInt64, gets: UInt64)
    /// Pages of a leaf that belong to another altmap than the one given, or to none.
    case foreignBacking(pfn: UInt64, altmap: Int)
    /// A number by name: what it should be and is.
    case number(String, expected: UInt64, actual: UInt64)
    /// How the call ended.
    case ending(Ending)
    /// The call as a whole.
    case call(String)
  }
}

extension Violation {
  /// What kind of hazard a violation is where the reference breaks the rule, too.
  public enum Kind: Hashable, Sendable {
    case listed(Hazard.ID)
    case unlisted(OracleRule)
  }

  /// See `Kind`.
  public var kind: Kind { hazard.map(Kind.listed) ?? .unlisted(rule) }

  /// What makes violations of two sides in one case the same.
  public struct Key: Hashable, Sendable {
    var rule: OracleRule
    var operation: Int
    var hazard: Hazard.ID?
    var level: Level?
  }

  /// See `Key`.
  public var key: Key {
    var level: Level?
    switch evidence {
    case .balance(_, let one, _): level = one
    case .table(_, let one) where rule == .freedWhileLinked: level = one
    default: break
    }
    return Key(rule: rule, operation: operation, hazard: hazard, level: level)
  }
}
