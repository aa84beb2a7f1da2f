// SPDX-License-Identifier: GPL-2.0-only

/// Where blocks of pages that are no tables come from: the memory behind the memmap. Nobody touches
/// them, so they are PFNs alone, handed out in turn and aligned to their size; the C machine has the
/// same (`MHP_BLOCKS_FIRST_PAGE`, `MHP_BLOCKS_PAGES`). They lie in the linear map of every mode, far
/// above what most cases add.
public enum Blocks {
  /// Pages from the start of RAM to the first block.
  public static var firstPage: UInt64 { 0x180_0000 }
  /// Pages that there are.
  public static var pages: UInt64 { 0x40_0000 }

  /// The PFNs that blocks have in a layout.
  public static func pfns(in layout: AddressLayout) -> Range<UInt64> {
    let first = (layout.ramBase >> AddressLayout.pageShift) + firstPage
    return first..<first + pages
  }
}
