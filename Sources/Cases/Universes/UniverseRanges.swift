// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The part of the address space that an operation of a universe is about: none is called with addresses
/// that no kernel calls it with.
enum UniverseArea: Sendable, Hashable {
  case linear, memmap
  /// Where any slot of the root is as good as another, up to the end of the address space.
  case root
}

/// Which ranges a universe has, numbered from 0, and where its pages lie.
public enum UniverseRanges: Sendable, Hashable {
  /// The empty range at the beginning, and every [a, b) of whole pages; the pages lie at the beginning
  /// of their area.
  case pages
  /// Every pair of half-page boundaries, whichever comes first, at the end of the area. None begins there,
  /// and none ends in the last page: where that is the last of the address space, upstream's
  /// `remove_pte_mapping` goes on at address 0, for longer than anybody waits.
  case edges
  /// Every pair of page boundaries, whichever comes first.
  case pairs
  /// Every aligned block of each power of two of pages, and the first three pages, which are none; the
  /// pages lie at the beginning of their area.
  case blocks
  /// One page and 4 GiB, from each of the first two pages, or to the end of the memmap: sizes that no 32
  /// bits hold. The small machine's tables repeat all over such a range.
  case long

  /// How many there are over so many pages.
  func count(pages: UInt64) -> UInt64 {
    switch self {
    case .pages: return 1 + pages * (pages + 1) / 2
    case .edges:
      return 2 * pages * (2 * pages - 1)
    case .pairs: return (pages + 1) * (pages + 1)
    // So many pages, half as many pairs of them, and so on down to the whole.
    case .blocks: return 2 * pages
    case .long: return 2
    }
  }

  /// The virtual address of the first page in an area: a multiple of what the root spans, at small
  /// widths.
  func base(_ area: UniverseArea, _ layout: AddressLayout, pages: UInt64) -> UInt64 {
    let span = pages * AddressLayout.pageSize
    return switch (area, self) {
    case (.linear, .edges): layout.pageOffset &+ layout.linearSize &- span
    case (.linear, _): layout.pageOffset
    // In a small machine the memmap is what the root spans.
    case (.memmap, _): layout.vmemmapStart
    case (.root, .edges): 0 &- span
    case (.root, _): layout.pageOffset
    }
  }

  /// The beginning and the end of a range, in bytes from the first page.
  func bounds(of range: UInt64, pages: UInt64) -> (start: UInt64, end: UInt64) {
    let pageSize = AddressLayout.pageSize
    switch self {
    case .pages:
      let (first, beyond) = Self.wholePages(range, among: pages)
      return (first * pageSize, beyond * pageSize)
    case .edges:
      let (start, end) = range.quotientAndRemainder(dividingBy: 2 * pages - 1)
      return (start * pageSize / 2, end * pageSize / 2)
    case .pairs:
      let (start, end) = range.quotientAndRemainder(dividingBy: pages + 1)
      return (start * pageSize, end * pageSize)
    case .blocks:
      guard range > 0 else { return (0, 3 * pageSize) }
      // Numbers from `2^k` on are the blocks of the k-th division.
      let parts: UInt64 = 1 << UInt64(63 - range.leadingZeroBitCount)
      let block = pages / parts * pageSize
      return ((range - parts) * block, (range - parts + 1) * block)
    case .long:
      return (range * pageSize, (range + 1) * pageSize + (1 << 32))
    }
  }

  /// The first page and the one beyond of a range: number 0 is empty; then [0, 1), [0, 2), ..., [1,
  /// 2), ...
  private static func wholePages(_ range: UInt64, among pages: UInt64) -> (UInt64, UInt64) {
    guard range > 0 else { return (0, 0) }
    var rest = range - 1
    var first: UInt64 = 0
    while rest >= pages - first {
      rest -= pages - first
      first += 1
    }
    return (first, first + rest + 1)
  }
}
