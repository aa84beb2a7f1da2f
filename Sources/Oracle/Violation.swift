// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A rule that one call of a case breaks, with the first evidence.
public struct Violation: Hashable, Sendable, Codable {
  public var rule: OracleRule
  /// The index of the call in the case.
  public var operation: Int
  public var function: KernelFunction
  /// Whether the call is about the memmap, not the linear map.
  public var isVmemmap: Bool
  public var evidence: Evidence
  /// The listed hazard, if upstream's text is known to break the rule in this way.
  public var hazard: Hazard.ID?

  /// The evidence of a violation. Addresses are virtual unless named physical.
  public enum Evidence: Hashable, Sendable, Codable {
    /// A leaf of a level that maps an address to a PFN; `isPartial` if the range covers only a part of
    /// it.
    case leaf(address: UInt64, level: Level, pfn: UInt64, isPartial: Bool)
    /// A cached translation without a later flush.
    case stale(address: UInt64, pfn: UInt64)
    /// New translations that the TLB may still hold as faults.
    case unseen(address: UInt64)
    /// An address that should be mapped and is not.
    case unmapped(address: UInt64)
    /// A table by number, with its level if known.
    case table(Int, level: Level?)
    /// A table by number; `count` is the constructors that ran for its page minus the destructors.
    case balance(Int, level: Level?, count: Int32)
    /// A slot of a table, and the word in it.
    case entry(table: Int, slot: Int, word: UInt64)
    /// A slot of a table that still points to another table, by number.
    case link(table: Int, slot: Int, to: Int)
    /// A run of page frames.
    case pages(pfn: UInt64, count: UInt64)
    /// An altmap by number, and the pages that it should have got back and did get back.
    case altmap(Int, expected: UInt64, actual: UInt64)
    /// An altmap by number, and the pages that it had handed out and gets back.
    case underflow(Int, had: UInt64, gets: UInt64)
    /// Pages of a leaf that belong to another altmap than the given one, or to none.
    case foreignBacking(pfn: UInt64, altmap: Int)
    /// A number by name, with the expected and the actual value.
    case number(String, expected: UInt64, actual: UInt64)
    case ending(Ending)
    /// The call as a whole.
    case call(String)
  }
}

extension Violation {
  /// The kind of hazard of a violation that the reference commits, too.
  public enum Kind: Hashable, Sendable, Codable {
    case listed(Hazard.ID)
    case unlisted(OracleRule)
  }

  public var kind: Kind { hazard.map(Kind.listed) ?? .unlisted(rule) }

  /// The identity of a violation: both sides commit the same one in a case if the keys are equal.
  public struct Key: Hashable, Sendable {
    var rule: OracleRule
    var operation: Int
    var hazard: Hazard.ID?
    var level: Level?
  }

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
