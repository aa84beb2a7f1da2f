// SPDX-License-Identifier: GPL-2.0-only

/// Spellings of the kernel API that normalise to the same event; bits of `enum mhp_spelling`.
public struct Spellings: OptionSet, Hashable, Sendable, Codable {
  public let rawValue: UInt32

  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// A table constructor or destructor with a name other than `pagetable_{pte,pmd}_{c,d}tor`.
  public static let tableConstructor = Spellings(rawValue: 1 << 0)
  /// `__free_pages`, `__free_page` or `free_page` in place of `free_pages`.
  public static let pageFree = Spellings(rawValue: 1 << 1)
  /// `__remove_pages` or `arch_remove_memory` without a pgmap.
  public static let noPgmap = Spellings(rawValue: 1 << 2)
  /// `pr_*`, `printk`.
  public static let print = Spellings(rawValue: 1 << 3)
  /// A WARN whose condition did not hold.
  public static let quietWarn = Spellings(rawValue: 1 << 4)
  /// The pages of a reserved block released from the last one down.
  public static let releasedDown = Spellings(rawValue: 1 << 5)
}
