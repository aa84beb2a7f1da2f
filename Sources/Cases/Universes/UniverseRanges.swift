// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The part of the address space that an operation of a universe works on, so that no call has addresses that
/// no kernel would pass.
enum UniverseArea: Sendable, Hashable {
  case linear, memmap
  /// Up to the end of the address space, for operations to which all slots of the root are alike.
  case root
}

/// The ranges of a universe, numbered from 0, and the place of its pages. The functions that remove get whole
/// pages, one at least, as in a kernel.
public enum UniverseRanges: Sendable, Hashable {
  /// Every [a, b) of whole pages. The pages lie at the start of their area.
  case pages
  /// The same, with the pages at the end of their area.
  case top
  /// Every pair of half-page boundaries, in either order, at the end of the address space, for the slots of
  /// the root alone. No range begins at the end of the area, and none ends in the last page.
  case edges
  /// Every aligned block of each power of two of pages, and the first three pages, which are no such block.
  /// The pages lie at the start of their area.
  case blocks
  /// A page and 4 GiB from each of the first two pages, cut at the end of the memmap. Such sizes do not fit
  /// in 32 bits. The tables of a small machine repeat throughout the range.
  case long

  /// The number of ranges over `pages` pages.
  func count(pages: UInt64) -> UInt64 {
    switch self {
    case .pages, .top: return pages * (pages + 1) / 2
    case .edges:
      return 2 * pages * (2 * pages - 1)
    // Blocks of one page, half as many of two pages, and so on up to one of all pages; and the three pages.
    case .blocks: return 2 * pages
    case .long: return 2
    }
  }

  /// The virtual address of the first page in an area. At small widths it is a multiple of the bytes that the
  /// root spans.
  func base(_ area: UniverseArea, _ layout: AddressLayout, pages: UInt64) -> UInt64 {
    let span = pages * AddressLayout.pageSize
    return switch (area, self) {
    case (.linear, .top): layout.pageOffset &+ layout.linearSize &- span
    case (.linear, _): layout.pageOffset
    // In a small machine the memmap is as large as the span of the root.
    case (.memmap, _): layout.vmemmapStart
    case (.root, .edges): 0 &- span
    case (.root, _): layout.pageOffset
    }
  }

  /// The start and end of a range, in bytes from the first page.
  func bounds(of range: UInt64, pages: UInt64) -> (start: UInt64, end: UInt64) {
    let pageSize = AddressLayout.pageSize
    switch self {
    case .pages, .top:
      let (first, beyond) = Self.wholePages(range, among: pages)
      return (first * pageSize, beyond * pageSize)
    case .edges:
      let (start, end) = range.quotientAndRemainder(dividingBy: 2 * pages - 1)
      return (start * pageSize / 2, end * pageSize / 2)
    case .blocks:
      guard range > 0 else { return (0, 3 * pageSize) }
      // Numbers from 2^k to 2^(k+1) - 1 are the blocks of a division into 2^k parts.
      let parts: UInt64 = 1 << UInt64(63 - range.leadingZeroBitCount)
      let block = pages / parts * pageSize
      return ((range - parts) * block, (range - parts + 1) * block)
    case .long:
      return (range * pageSize, (range + 1) * pageSize + (1 << 32))
    }
  }

  /// The first page of a range, and the page after its last: [0, 1), [0, 2), ..., [1, 2), ...
  private static func wholePages(_ range: UInt64, among pages: UInt64) -> (UInt64, UInt64) {
    var rest = range
    var first: UInt64 = 0
    while rest >= pages - first {
      rest -= pages - first
      first += 1
    }
    return (first, first + rest + 1)
  }
}
