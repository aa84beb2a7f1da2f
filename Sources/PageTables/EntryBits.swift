// SPDX-License-Identifier: GPL-2.0-only

/// The bits of a 64-bit page-table entry, as masks, and where its page frame number lies.
public struct EntryBits: Sendable {
  public let present: UInt64
  public let read: UInt64
  public let write: UInt64
  public let execute: UInt64
  public let user: UInt64
  public let global: UInt64
  public let accessed: UInt64
  public let dirty: UInt64
  /// `_PAGE_SPECIAL`, the first software bit.
  public let special: UInt64
  /// `_PAGE_DEVMAP`, the second software bit (commit 216e04bf1e4d).
  public let devmap: UInt64
  /// `_PAGE_PROT_NONE`: marks an entry present for the kernel and not for the hardware.
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
}
