// SPDX-License-Identifier: GPL-2.0-only

/// The source of page blocks that are no tables: the memory behind the memmap. Nobody touches the
/// blocks, so they are PFNs alone, handed out in turn and aligned to their size. The C machine uses the
/// same PFNs (`MHP_BLOCKS_FIRST_PAGE`, `MHP_BLOCKS_PAGES`). They lie in the linear map of every mode,
/// far above the memory that most cases add.
public enum Blocks {
  /// Pages from the start of RAM to the first block.
  public static var firstPage: UInt64 { 0x180_0000 }
  /// The total number of pages.
  public static var pages: UInt64 { 0x40_0000 }

  /// The PFNs of the blocks in a layout.
  public static func pfns(in layout: AddressLayout) -> Range<UInt64> {
    let first = (layout.ramBase >> AddressLayout.pageShift) + firstPage
    return first..<first + pages
  }
}
