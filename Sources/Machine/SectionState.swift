// SPDX-License-Identifier: GPL-2.0-only

/// A memory section of which something is present, as `struct mhp_section` in the shim: what
/// `struct mem_section` says of it, as far as adding and removing memory goes by it.
public struct SectionState: BitwiseCopyable, Hashable, Sendable {
  /// The section's number: its first PFN divided by `pages`.
  public var number: UInt64
  /// Bit n: sub-section n is present. Never 0.
  public var subsections: UInt64
  /// 1 when it is there since boot (`SECTION_IS_EARLY`): its memmap is whole, whatever is present.
  public var early: UInt32
  /// Zero.
  public var padding: UInt32 = 0

  /// Whether it is there since boot.
  public var isEarly: Bool { early != 0 }

  public init(number: UInt64, subsections: UInt64 = .max, isEarly: Bool = false) {
    self.number = number
    self.subsections = subsections
    early = isEarly ? 1 : 0
  }

  /// log2 of the pages of a section (`PFN_SECTION_SHIFT`: sections of RISC-V have 128 MiB).
  @inlinable public static var pagesShift: UInt64 { 15 }
  /// Pages of a section (`PAGES_PER_SECTION`).
  @inlinable public static var pages: UInt64 { 1 << pagesShift }
  /// Pages of a sub-section (`PAGES_PER_SUBSECTION`: 2 MiB on every architecture).
  @inlinable public static var subsectionPages: UInt64 { 512 }
  /// Sections that can be present at a time (`MHP_MAX_SECTIONS`).
  @inlinable public static var capacity: Int { 16384 }

  /// The bits of the sub-sections in a part of one section, whose first PFN and number of pages are
  /// multiples of `subsectionPages`.
  public static func bits(pfn: UInt64, pages: UInt64) -> UInt64 {
    let first = (pfn & (Self.pages - 1)) / subsectionPages
    let count = pages / subsectionPages
    return (count < 64 ? (1 << count) - 1 : .max) << first
  }
}
