// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A kernel's state at one moment, as far as a case reads it.
public struct KernelState: Codable, Hashable, Sendable {
  /// The tables that translate the linear map and the memmap of the case's regions: the root first, then in
  /// the order of a walk.
  public var tables: [KernelTable]
  /// `max_pfn`.
  public var maxPFN: UInt64
  /// `max_low_pfn`.
  public var maxLowPFN: UInt64
  /// `nr_page_table_pages`; may be negative (hazard H2).
  var pageTablePages: Int64
  /// `nr_memmap_pages`; nil where the kernel does not count them.
  var memmapPages: Int64?
}

/// A table of a running kernel.
public struct KernelTable: Codable, Hashable, Sendable {
  /// Its PFN.
  public var pfn: UInt64
  /// The level whose entries it holds.
  public var level: Level
  /// Its nonzero words.
  public var runs: [WordRun]
  /// Whether the page is reserved (`KPF_RESERVED`), i.e. from boot time. Nil if that was not read.
  public var isReserved: Bool?
  /// Whether it has been constructed (`KPF_PGTABLE`). Nil if that was not read.
  public var isConstructed: Bool?

  public init(
    pfn: UInt64, level: Level, runs: [WordRun], isReserved: Bool? = nil, isConstructed: Bool? = nil
  ) {
    self.pfn = pfn
    self.level = level
    self.runs = runs
    self.isReserved = isReserved
    self.isConstructed = isConstructed
  }

  /// Neighbouring slots whose words differ by one constant step.
  public struct WordRun: Codable, Hashable, Sendable {
    /// The first slot.
    public var slot: Int
    /// The number of slots, at least 1.
    public var count: Int
    /// The word in the first slot, not zero.
    public var word: UInt64
    /// The difference from one slot's word to the next one's, modulo 2^64.
    public var step: UInt64

    public init(slot: Int, count: Int = 1, word: UInt64, step: UInt64 = 0) {
      self.slot = slot
      self.count = count
      self.word = word
      self.step = step
    }
  }
}
