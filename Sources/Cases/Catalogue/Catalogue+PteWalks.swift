// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `remove_pte_mapping` on a pte table.
  mutating func addPteWalks() {
    for area in Area.allCases {
      addPteRanges(area)
      addPteWords(area)
    }
    addPteBacking()
  }

  // Defects 2, 6, 11-14.
  private mutating func addPteRanges(_ area: Area) {
    // The mapped slots, then the range in bytes from the first address of the table.
    let cases: [(String, String, [Range<UInt64>], UInt64, UInt64)] = [
      ("one-page", "One page is unmapped.", [7..<8], 0x7000, 0x8000),
      ("whole-table", "All 512 pages of a table are unmapped.", [0..<512], 0, 0x20_0000),
      ("first-page", "The first page is unmapped, the second stays.", [0..<2], 0, 0x1000),
      (
        "last-page", "The last page is unmapped, the one before stays.", [510..<512], 0x1f_f000,
        0x20_0000
      ),
      (
        "middle", "Pages inside a range are unmapped, those on both sides stay.", [4..<12], 0x6000,
        0xa000
      ),
      ("holes", "A page without mapping does not end the walk.", [3..<4, 6..<8], 0x2000, 0x9000),
      // No kernel passes it, but texts have a branch for it.
      ("unaligned-end", "A page is unmapped if the range ends inside it.", [3..<6], 0x3000, 0x4001),
      ("nothing-mapped", "A table without entries is left as it is.", [], 0, 0x20_0000),
    ]
    for (name, purpose, mapped, start, end) in cases {
      add("remove-pte-mapping/\(area)-\(name)", "\(purpose)") {
        let base = $0.address(area, Slots(pte: 0))
        for slots in mapped {
          $0.map(area, .pte, at: base + slots.lowerBound << 12, count: UInt64(slots.count))
        }
        $0.walk(.pte, area, from: base + start, to: base + end)
      }
    }
  }

  // Defects 5, 25: an entry is present by bit 0 or prot_none, and other entries stay.
  private mutating func addPteWords(_ area: Area) {
    let frame: UInt64 = 0x14_5678 << 10
    let highest = (layout.ramBase + layout.linearSize) >> AddressLayout.pageShift - 1
    let cases: [(String, String, UInt64)] = [
      ("swap-word", "A swap-like word is not present and stays.", Bits.swap),
      ("absent-leaf", "A leaf without its present bit stays.", Bits.absentLeaf),
      ("accessed-only", "A word with the accessed bit alone stays.", Bits.accessedOnly),
      ("prot-none", "A prot_none page is present and is unmapped.", frame | Bits.riscv.protNone),
      (
        "present-only", "A page with the present bit alone is unmapped.", frame | Bits.riscv.present
      ),
      ("software-bits", "A devmap and special page is unmapped.", frame | Bits.software),
      ("not-global", "A page that is not global is unmapped.", frame | Bits.notGlobal),
      (
        "memory-type", "A page with a memory type in its top bits is unmapped.",
        frame | Bits.noCache
      ),
      (
        "highest-pfn", "A page of the highest PFN that the linear map reaches is unmapped.",
        highest << 10 | Bits.kernel
      ),
    ]
    // The page allocator cannot own the highest PFN.
    for (name, purpose, word) in cases where area == .linear || name != "highest-pfn" {
      add("remove-pte-mapping/\(area)-\(name)", purpose) {
        let base = $0.address(area)
        $0.map(area, .pte, at: base - 0x1000)
        $0.setWord(.pte, at: base, to: word, kind: area.kind)
        $0.map(area, .pte, at: base + 0x1000)
        $0.walk(.pte, area, from: base - 0x1000, to: base + 0x2000)
      }
    }
  }

  // Defects 15, 16, 21, 22.
  private mutating func addPteBacking() {
    add("remove-pte-mapping/vmemmap-reserved", "Reserved backing pages are released one by one.") {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 3, backing: .reserved)
      $0.walk(.pte, .vmemmap, from: base, to: base + 0x3000)
    }
    add("remove-pte-mapping/vmemmap-altmap", "Backing from an altmap is counted back.") {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base, count: 3, backing: .altmap)
      let altmap = $0.altmap(alloc: 5)
      $0.walk(.pte, .vmemmap, from: base, to: base + 0x3000, altmap: altmap)
    }
    add(
      "remove-pte-mapping/vmemmap-mixed",
      "Each backing page returns to its owner: the allocator's, a reserved one, the allocator's."
    ) {
      let base = $0.address(.vmemmap)
      $0.map(.vmemmap, .pte, at: base)
      $0.map(.vmemmap, .pte, at: base + 0x1000, backing: .reserved)
      $0.map(.vmemmap, .pte, at: base + 0x2000)
      $0.walk(.pte, .vmemmap, from: base, to: base + 0x3000)
    }
    add(
      "remove-pte-mapping/linear-reserved",
      "Linear removal frees no page, reserved or not: the memory is not the mapping's."
    ) {
      let base = $0.address(.linear)
      $0.map(.linear, .pte, at: base, count: 2)
      $0.own($0.physical(base) >> 12, count: 1, owner: .reserved)
      $0.walk(.pte, .linear, from: base, to: base + 0x2000)
    }
    add(
      "remove-pte-mapping/linear-with-altmap",
      "Linear removal charges no altmap, even when one is passed."
    ) {
      let base = $0.address(.linear)
      $0.map(.linear, .pte, at: base)
      let altmap = $0.altmap(alloc: 5)
      $0.walk(.pte, .linear, from: base, to: base + 0x1000, altmap: altmap)
    }
  }
}
