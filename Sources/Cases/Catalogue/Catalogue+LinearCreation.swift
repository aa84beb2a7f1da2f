// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `create_linear_mapping_range` on physical addresses.
  mutating func addLinearCreation() {
    for (name, what, start, size) in Self.regions {
      add("create-linear-mapping-range/\(name)", "Mapping \(what) in leaves of the best size.") {
        $0.createLinear(start, start + size)
      }
    }
    addLinearEnds()
    addFixedSizes()
    addLinearProtections()
    addLinearOverOthers()
    addLinearWithoutMemory()
  }

  // Defects 11, 12, 47.
  private mutating func addLinearEnds() {
    let onPUD = Memory.onPUD
    let ranges: [(String, String, UInt64, UInt64)] = [
      ("last-page-of-2m", "The page before a PMD boundary.", onPUD - 0x1000, onPUD),
      ("over-2m", "A page on both sides of a PMD boundary.", onPUD - 0x1000, onPUD + 0x1000),
      (
        "2m-all-but-a-page", "A page less than 2 MiB is mapped by 511 pages.", onPUD,
        onPUD + 0x1f_f000
      ),
      (
        "tails-at-both-ends", "Pages, leaves and pages again.", onPUD - 0x2000,
        onPUD + 0x40_3000
      ),
      (
        "2m-over-1g", "PMD leaves on both sides of a PUD boundary.", onPUD - 0x20_0000,
        onPUD + 0x20_0000
      ),
    ]
    for (name, purpose, start, end) in ranges {
      add("create-linear-mapping-range/\(name)", purpose) { $0.createLinear(start, end) }
    }
    add("create-linear-mapping-range/debug-pagealloc", "With debug_pagealloc 2 MiB are 512 pages.")
    {
      $0.globals.isDebugPagealloc = true
      $0.createLinear(onPUD, onPUD + 0x20_0000)
    }
    guard mode.isL4Enabled else { return }
    add("create-linear-mapping-range/1g-all-but-a-page", "A page less than 1 GiB has no PUD leaf.")
    {
      $0.createLinear(onPUD, onPUD + Memory.gib - 0x1000)
    }
    add("create-linear-mapping-range/3g-and-tails", "PUD leaves between PMD leaves and pages.") {
      $0.createLinear(onPUD - 0x20_1000, onPUD + 3 * Memory.gib + 0x20_1000)
    }
    add("create-linear-mapping-range/far-away", "A section beyond 512 GiB has tables of its own.") {
      $0.createLinear(Memory.far, Memory.far + Memory.section)
    }
    // In other modes it would take hundreds of tables.
    if mode.isL5Enabled {
      add(
        "create-linear-mapping-range/512-gib-of-odd-frames",
        "RAM starts at a boundary of 512 GiB by its address, not by its frames: PUD leaves."
      ) {
        $0.createLinear($0.layout.ramBase, $0.layout.ramBase + 512 * Memory.gib)
      }
    }
  }

  private mutating func addFixedSizes() {
    let onPUD = Memory.onPUD
    let sizes: [(String, String, UInt64, UInt64, UInt64)] = [
      ("pages", "Pages, where a leaf would do.", onPUD, onPUD + 0x20_0000, 0x1000),
      ("2m", "PMD leaves, where a PUD leaf would do.", onPUD, onPUD + Memory.gib, 0x20_0000),
      ("2m-for-a-page", "A whole PMD leaf for a page.", onPUD, onPUD + 0x1000, 0x20_0000),
      ("2m-and-a-half", "Two PMD leaves for 3 MiB.", onPUD, onPUD + 0x30_0000, 0x20_0000),
      ("2m-unaligned", "A PMD leaf at an odd page.", onPUD + 0x5000, onPUD + 0x20_5000, 0x20_0000),
      ("two-pages", "A size that no level has is a BUG.", onPUD, onPUD + 0x2000, 0x2000),
      ("a-byte", "A size below a page is a BUG.", onPUD, onPUD + 0x2000, 1),
    ]
    for (name, purpose, start, end, size) in sizes {
      add("create-linear-mapping-range/fixed-\(name)", purpose) {
        $0.createLinear(start, end, fixed: size)
      }
    }
    for (name, protection) in [("read-only", Bits.readOnly), ("by-address", nil)] {
      add("create-linear-mapping-range/fixed-\(name)", "A fixed size leaves the protection alone.")
      {
        $0.createLinear(onPUD, onPUD + 0x3000, fixed: 0x1000, protection: protection)
      }
    }
    add("create-linear-mapping-range/fixed-1g", "PUD leaves, or on Sv39 leaves of the root.") {
      $0.createLinear(onPUD, onPUD + 2 * Memory.gib, fixed: Memory.gib)
    }
    add(
      "create-linear-mapping-range/fixed-debug-pagealloc",
      "debug_pagealloc does not change a fixed size."
    ) {
      $0.globals.isDebugPagealloc = true
      $0.createLinear(onPUD, onPUD + 0x40_0000, fixed: 0x20_0000)
    }
  }

  // Defect 45.
  private mutating func addLinearProtections() {
    let onPUD = Memory.onPUD
    for (name, protection) in [
      ("read-only", Bits.readOnly), ("no-cache", Bits.noCache), ("not-global", Bits.notGlobal),
      ("executable", Bits.kernel | Bits.riscv.execute),
    ] {
      add("create-linear-mapping-range/\(name)", "The caller's protection, \(name), is mapped.") {
        $0.createLinear(onPUD, onPUD + 0x20_1000, protection: protection)
      }
    }
    let image = AddressLayout.kernelLinkAddress &- layout.kernelImageOffset
    let behindText = image + AddressLayout.kernelTextSize
    let linkAddress = layout.physical(ofLinear: AddressLayout.kernelLinkAddress)
    let ranges: [(String, String, UInt64, UInt64)] = [
      ("data", "Added memory is data.", onPUD, onPUD + 0x20_1000),
      ("text-alias", "The text's image in the linear map is read-only.", image, image + 0x20_0000),
      ("into-the-alias", "Data, then the text's image.", image - 0x1000, image + 0x1000),
      (
        "out-of-the-alias", "The text's image, then data.", behindText - 0x1000, behindText + 0x1000
      ),
      (
        "image", "A leaf has the protection of its first page.", image - 0x20_0000,
        image + 0x100_0000
      ),
      (
        "text", "The kernel's own addresses are text.", linkAddress, linkAddress + 0x2000
      ),
    ]
    for (name, purpose, start, end) in ranges {
      add("create-linear-mapping-range/by-address-\(name)", purpose) {
        $0.createLinear(start, end, protection: nil)
      }
    }
    add(
      "create-linear-mapping-range/alias-with-a-protection",
      "Over the text's image the caller's protection holds."
    ) {
      $0.createLinear(image, image + 0x20_0000)
    }
  }

  // Defect 48.
  private mutating func addLinearOverOthers() {
    let start = Memory.onSection
    add("create-linear-mapping-range/leaf-kept", "An existing PMD leaf stays; the next is new.") {
      $0.mapLinear(physical: start, size: 0x20_0000, leaf: .pmd, protection: Bits.readOnly)
      $0.createLinear(start, start + 0x40_0000)
    }
    add("create-linear-mapping-range/page-kept", "An existing page stays; the next is new.") {
      $0.mapLinear(physical: start, size: 0x1000, leaf: .pte, protection: Bits.readOnly)
      $0.createLinear(start, start + 0x2000)
    }
    add("create-linear-mapping-range/table-kept", "No leaf replaces an existing pte table.") {
      $0.mapLinear(physical: start, size: 0x3000, leaf: .pte, protection: Bits.readOnly)
      $0.createLinear(start, start + 0x40_0000)
    }
    add("create-linear-mapping-range/word-kept", "A word that is neither present nor zero stays.") {
      $0.setWord(.pmd, at: $0.layout.virtual(ofPhysical: start), to: Bits.swap)
      $0.createLinear(start, start + 0x40_0000)
    }
    add("create-linear-mapping-range/page-word-kept", "Among pages such a word stays, too.") {
      $0.setWord(.pte, at: $0.layout.virtual(ofPhysical: start + 0x1000), to: Bits.swap)
      $0.createLinear(start, start + 0x3000)
    }
    add("create-linear-mapping-range/pages-through-a-leaf", "A leaf is walked as a pte table.") {
      $0.mapLinear(physical: start, size: 0x20_0000, leaf: .pmd, protection: Bits.readOnly)
      $0.createLinear(start, start + 0x2000)
    }
  }

  // Hazard H5.
  private mutating func addLinearWithoutMemory() {
    let start = Memory.onPUD - 0x1000
    for last in 1...7 {
      add(
        "create-linear-mapping-range/allocation-\(last)-fails",
        "Pages over a PUD boundary, where allocation \(last) fails, if there are that many."
      ) {
        $0.injected.failingAllocation = UInt32(last)
        $0.createLinear(start, start + 0x2000)
      }
    }
    for budget: UInt32 in 0...6 {
      add(
        "create-linear-mapping-range/memory-for-\(budget)-tables",
        "Pages over a PUD boundary, with memory for \(budget) tables."
      ) {
        $0.injected.allocationBudget = budget
        $0.createLinear(start, start + 0x2000)
      }
    }
  }
}

extension ScenarioBuilder {
  /// Calls `create_linear_mapping_range`. A nil `protection` means that of the address; a nil `size` means
  /// the best size.
  mutating func createLinear(
    _ start: UInt64, _ end: UInt64, fixed size: UInt64? = nil, protection: UInt64? = Bits.kernel
  ) {
    call(.createLinearMappingRange) {
      $0.start = start
      $0.end = end
      $0.blockSize = size
      $0.protection = protection
    }
  }
}

extension AddressLayout {
  /// The physical address that the linear map would place at this virtual one, even outside the map's window.
  fileprivate func physical(ofLinear address: UInt64) -> UInt64 { address &- linearOffset }
}
