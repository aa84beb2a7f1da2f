// SPDX-License-Identifier: GPL-2.0-only

/// The hardware's translation of a virtual address, through tables that lie in other memory.
public enum Translation {
  /// The physical address for a virtual one, through the tables below a root. Nil if the address is not
  /// mapped or a table cannot be read.
  ///
  /// - Parameters:
  ///   - address: virtual.
  ///   - root: the PFN of the root.
  ///   - layout: the mode's addresses.
  ///   - bits: the architecture's entries.
  ///   - page: returns the words of a page by its PFN; nil if the page cannot be read.
  public static func physical(
    of address: UInt64, root: UInt64, layout: AddressLayout,
    bits: EntryBits = Architecture.riscv.entryBits, page: (UInt64) -> [UInt64]?
  ) -> UInt64? {
    var table = root
    for level in layout.mode.levels.reversed() {
      guard let words = page(table) else { return nil }
      let word = words[layout.index(of: address, at: level)]
      guard word & bits.present != 0 else { return nil }
      if level == .pte || bits.isLeaf(word) {
        let within = address & (layout.size(of: level) - 1)
        return (bits.pfn(of: word) << AddressLayout.pageShift) + within
      }
      table = bits.pfn(of: word)
    }
    return nil
  }
}
