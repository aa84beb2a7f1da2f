// SPDX-License-Identifier: GPL-2.0-only

/// The complete behaviour of one side in one case, as a value.
public struct Observation: Hashable, Sendable {
  public var ending: Ending
  /// The normalised trace, in order.
  public var events: [Event]
  /// The words of each table's page, for all tables in use, including those allocated during the case:
  /// the entries, then poison if the table is smaller than its page. Table 0 is the root.
  public var tables: [[UInt64]]
  /// One per table.
  public var lives: [PageLife]
  /// `max_pfn` at the end.
  public var maxPFN: UInt64
  /// `max_low_pfn` at the end.
  public var maxLowPFN: UInt64
  /// `alloc` of each altmap, in pages.
  public var altmapAllocs: [UInt64]
  /// `align` of each altmap, in pages.
  public var altmapAligns: [UInt64]
  /// The sections with present sub-sections at the end, by number; empty without a live core.
  public var sections: [SectionState]
  /// The spellings of the kernel API that occurred (`enum mhp_spelling`); empty for the port.
  public var spellings: Spellings

  public init(
    ending: Ending, events: [Event], tables: [[UInt64]], lives: [PageLife], maxPFN: UInt64,
    maxLowPFN: UInt64, altmapAllocs: [UInt64],
    altmapAligns: [UInt64], sections: [SectionState] = [], spellings: Spellings = []
  ) {
    self.ending = ending
    self.events = events
    self.tables = tables
    self.lives = lives
    self.maxPFN = maxPFN
    self.maxLowPFN = maxLowPFN
    self.altmapAllocs = altmapAllocs
    self.altmapAligns = altmapAligns
    self.sections = sections
    self.spellings = spellings
  }
}
