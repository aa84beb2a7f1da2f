// SPDX-License-Identifier: GPL-2.0-only

/// Everything that one side did in one case, as a value.
public struct Observation: Hashable, Sendable {
  /// How the operations ended.
  public var ending: Ending
  /// The normalised trace, in order.
  public var events: [Event]
  /// The words of the page of every table in use, those allocated during the case included: the
  /// entries, then poison where a table is smaller than its page. Table 0 is the root.
  public var tables: [[UInt64]]
  /// The life of each table's page so far.
  public var lives: [PageLife]
  /// `max_pfn` at the end.
  public var maxPFN: UInt64
  /// `max_low_pfn` at the end.
  public var maxLowPFN: UInt64
  /// `alloc` of each altmap, in pages.
  public var altmapAllocs: [UInt64]
  /// `align` of each altmap, in pages.
  public var altmapAligns: [UInt64]
  /// The sections of which something is present at the end, by number; none without a live core.
  public var sections: [SectionState]
  /// Which spellings of the kernel API were met (`enum mhp_spelling`); zero for the port.
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
