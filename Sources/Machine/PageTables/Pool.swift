// SPDX-License-Identifier: GPL-2.0-only

/// The addresses of table pages. The C machine maps its pool at `hostBase`. A table's *physical* address
/// follows from its host address, so that the `__va` of a table can be dereferenced and every address
/// constant is the kernel's own. The port has the same PFNs for its own memory.
///
/// The constants are inlinable so that address arithmetic folds in the modules that walk tables.
public enum Pool {
  /// The host address of table 0's page.
  @inlinable public static var hostBase: UInt64 { 0x2000_0000_0000 }
  /// Pages from one table to the next: the table's page and three inaccessible ones, so that slots up to
  /// 2047 of a 512-entry table fault.
  @inlinable public static var stridePages: UInt64 { 4 }
  /// Bytes from one table to the next.
  @inlinable public static var strideBytes: UInt64 { stridePages << 12 }
  /// The maximum number of tables in one machine.
  @inlinable public static var capacity: Int { 40960 }
  /// Tables that have inaccessible pages behind them in the C machine; allocations during a case use
  /// only these. The tables from this number on are for images of many gibibytes.
  @inlinable public static var guardedTables: Int { 4096 }
  /// Words of a table's page, at any index width.
  @inlinable public static var wordsPerPage: Int { 512 }

  /// The PFN of table 0 in a layout.
  public static func basePFN(in layout: AddressLayout) -> UInt64 {
    (hostBase &- layout.linearOffset) >> AddressLayout.pageShift
  }

  /// The PFN of a table's page.
  public static func pfn(ofTable table: Int, in layout: AddressLayout) -> UInt64 {
    basePFN(in: layout) + UInt64(table) * stridePages
  }

  /// The table whose page has this PFN; nil if the pool has none.
  public static func table(ofPFN pfn: UInt64, in layout: AddressLayout) -> Int? {
    let distance = pfn &- basePFN(in: layout)
    guard distance < UInt64(capacity) * stridePages, distance % stridePages == 0 else { return nil }
    return Int(distance / stridePages)
  }
}

/// The fill word of a free or freshly allocated table page. It reads as a present leaf with a wild PFN,
/// so that a walk into such a page is visible.
@inlinable public var pagePoison: UInt64 { 0x6b6b_6b6b_6b6b_6b6b }
