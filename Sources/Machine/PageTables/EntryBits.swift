// SPDX-License-Identifier: GPL-2.0-only

/// The bits of a 64-bit page-table entry, as masks, and the position of its page frame number.
public struct EntryBits: Sendable {
  /// `_PAGE_PRESENT`: the hardware's valid bit.
  public let present: UInt64
  /// `_PAGE_READ`.
  public let read: UInt64
  /// `_PAGE_WRITE`.
  public let write: UInt64
  /// `_PAGE_EXEC`.
  public let execute: UInt64
  /// `_PAGE_USER`.
  public let user: UInt64
  /// `_PAGE_GLOBAL`.
  public let global: UInt64
  /// `_PAGE_ACCESSED`.
  public let accessed: UInt64
  /// `_PAGE_DIRTY`.
  public let dirty: UInt64
  /// `_PAGE_SPECIAL`, the first software bit.
  public let special: UInt64
  /// `_PAGE_DEVMAP`, the second software bit (commit 216e04bf1e4d).
  public let devmap: UInt64
  /// `_PAGE_PROT_NONE`: marks an entry that is present for the kernel but not for the hardware.
  public let protNone: UInt64
  /// The lowest bit of the page frame number.
  public let pfnShift: UInt64
  /// The width of the page frame number in bits.
  public let pfnBits: UInt64

  /// `_PAGE_LEAF`: an entry with any of these bits is a leaf, one with none points to a table.
  public var leaf: UInt64 { read | write | execute }
  /// `_PAGE_TABLE`: the protection of a pointer to a table.
  public var table: UInt64 { present }
  /// `_PAGE_KERNEL`, the protection of kernel data.
  public var kernel: UInt64 { read | write | present | accessed | dirty | global }

  /// The page frame number field, in place (`_PAGE_PFN_MASK`).
  public var pfnMask: UInt64 { ((1 << pfnBits) - 1) << pfnShift }

  /// The PFN of an entry (`__page_val_to_pfn`), without the bits above the field.
  public func pfn(of word: UInt64) -> UInt64 { (word & pfnMask) >> pfnShift }

  /// Whether the hardware treats an entry as a leaf: valid, with any of read, write, execute.
  public func isLeaf(_ word: UInt64) -> Bool { word & present != 0 && word & leaf != 0 }

  /// Whether the hardware treats an entry as a pointer to a table: valid, with none of read, write,
  /// execute.
  public func isTable(_ word: UInt64) -> Bool { word & (present | leaf) == present }

  /// A leaf that maps the page or block at a PFN with a protection in entry bits (`pfn_pte`, ...).
  public func leafWord(pfn: UInt64, protection: UInt64) -> UInt64 {
    pfn << pfnShift | protection
  }

  /// A pointer to the table whose page has that PFN (`pfn_pmd(pfn, PAGE_TABLE)`, ...).
  public func tableWord(pfn: UInt64) -> UInt64 { pfn << pfnShift | table }
}
