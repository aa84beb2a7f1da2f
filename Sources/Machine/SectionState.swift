// SPDX-License-Identifier: GPL-2.0-only

/// A memory section with present sub-sections, as `struct mhp_section` in the shim: the parts of `struct
/// mem_section` that memory hotplug depends on.
public struct SectionState: BitwiseCopyable, Hashable, Sendable {
  /// The section's number: its first PFN divided by `pages`.
  public var number: UInt64
  /// Bit n: sub-section n is present. Never 0.
  public var subsections: UInt64
  /// 1 if it exists since boot (`SECTION_IS_EARLY`): its memmap is complete, whatever is present.
  public var early: UInt32
  /// Zero.
  public var padding: UInt32 = 0

  public var isEarly: Bool { early != 0 }

  public init(number: UInt64, subsections: UInt64 = .max, isEarly: Bool = false) {
    self.number = number
    self.subsections = subsections
    early = isEarly ? 1 : 0
  }

  /// log2 of the pages of a section (`PFN_SECTION_SHIFT`: a RISC-V section has 128 MiB).
  @inlinable public static var pagesShift: UInt64 { 15 }
  /// Pages of a section (`PAGES_PER_SECTION`).
  @inlinable public static var pages: UInt64 { 1 << pagesShift }
  /// Pages of a sub-section (`PAGES_PER_SUBSECTION`: 2 MiB on every architecture).
  @inlinable public static var subsectionPages: UInt64 { 512 }
  /// The maximum number of present sections (`MHP_MAX_SECTIONS`).
  @inlinable public static var capacity: Int { 16384 }

  /// The bits of the sub-sections in a part of one section. The first PFN and the number of pages of the
  /// part are multiples of `subsectionPages`.
  public static func bits(pfn: UInt64, pages: UInt64) -> UInt64 {
    let first = (pfn & (Self.pages - 1)) / subsectionPages
    let count = pages / subsectionPages
    return (count < 64 ? (1 << count) - 1 : .max) << first
  }
}
