// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Memory that the catalogue adds and removes. In these physical addresses the slots differ at each level.
enum Memory {
  /// 5 GiB, on a PUD boundary: the first byte of a hot-plugged region.
  static let onPUD: UInt64 = 0x1_4000_0000
  /// 5 GiB and 128 MiB: on a section boundary, but not on a PUD boundary.
  static let onSection: UInt64 = 0x1_4800_0000
  /// Beyond the first 512 GiB of the linear map: another root slot on Sv48, another p4d slot on Sv57.
  static let far: UInt64 = 0x90_c000_0000
  /// Bytes of a memory section on RISC-V: 128 MiB.
  static let section: UInt64 = 0x800_0000
  static let gib: UInt64 = 0x4000_0000
}

extension CatalogueBuilder {
  /// `remove_linear_mapping` on physical addresses.
  mutating func addLinearRemoval() {
    let onSection = Memory.onSection
    // Defects 13, 46: the mapping is removed, the memory is not freed.
    let whole: [(String, String, UInt64, UInt64, Level)] = [
      ("a-page", "One page of the linear map is unmapped.", onSection, 0x1000, .pte),
      (
        "2m-of-pages", "2 MiB of pages are unmapped, and their table is freed.", onSection,
        0x20_0000, .pte
      ),
      (
        "a-leaf", "One PMD leaf is unmapped; empty tables above it are freed.", onSection,
        0x20_0000, .pmd
      ),
      ("a-section", "A section of 64 leaves is unmapped.", onSection, Memory.section, .pmd),
      (
        "1g-of-leaves", "1 GiB of PMD leaves is unmapped, a whole table.", Memory.onPUD, Memory.gib,
        .pmd
      ),
      (
        "a-pud-leaf", "A PUD leaf is unmapped, unless it is folded.", Memory.onPUD, Memory.gib, .pud
      ),
    ]
    for (name, purpose, start, size, level) in whole {
      add("remove-linear-mapping/\(name)", purpose) {
        $0.mapLinear(physical: start, size: size, leaf: level, protection: Bits.kernel)
        $0.call(.removeLinearMapping) {
          $0.start = start
          $0.size = size
        }
      }
    }
    if mode.isL4Enabled {
      add("remove-linear-mapping/far-away", "Memory beyond 512 GiB: all its own tables are freed.")
      {
        $0.mapLinear(physical: Memory.far, size: 0x40_0000, leaf: .pmd, protection: Bits.kernel)
        $0.call(.removeLinearMapping) {
          $0.start = Memory.far
          $0.size = 0x40_0000
        }
      }
    }
    // Defects 8, 9 and hazard H7; defects 6 and 11 at the ends.
    let parts: [(String, String, UInt64, UInt64)] = [
      ("front-of-a-leaf", "The first MiB of a leaf: all of it is unmapped.", 0, 0x10_0000),
      ("back-of-a-leaf", "The last MiB of a leaf: all of it is unmapped.", 0x10_0000, 0x10_0000),
      ("middle-leaf", "The middle one of three leaves is unmapped.", 0x20_0000, 0x20_0000),
      (
        "two-halves", "Halves of two leaves: both are unmapped, the third stays.", 0x30_0000,
        0x20_0000
      ),
    ]
    for (name, purpose, offset, size) in parts {
      add("remove-linear-mapping/\(name)", purpose) {
        $0.mapLinear(physical: onSection, size: 0x60_0000, leaf: .pmd, protection: Bits.kernel)
        $0.call(.removeLinearMapping) {
          $0.start = onSection + offset
          $0.size = size
        }
      }
    }
    addLinearOwners()
  }

  private mutating func addLinearOwners() {
    let start = Memory.onSection
    add(
      "remove-linear-mapping/reserved-memory",
      "Reserved memory is not released when its mapping is removed."
    ) {
      $0.mapLinear(physical: start, size: 0x40_0000, leaf: .pmd, protection: Bits.kernel)
      $0.own(start >> 12, count: 0x400, owner: .reserved)
      $0.call(.removeLinearMapping) {
        $0.start = start
        $0.size = 0x40_0000
      }
    }
    add(
      "remove-linear-mapping/boot-tables",
      "Boot-time tables are released, the memory that they map is not."
    ) {
      $0.mapLinear(
        physical: start, size: 0x3000, leaf: .pte, protection: Bits.kernel, kind: .boot)
      $0.call(.removeLinearMapping) {
        $0.start = start
        $0.size = 0x3000
      }
    }
    add("remove-linear-mapping/start-of-ram", "The first page of RAM is the first of the map.") {
      $0.mapLinear(
        physical: 0x8000_0000, size: 0x20_0000, leaf: .pmd, protection: Bits.kernel, kind: .boot)
      $0.call(.removeLinearMapping) {
        $0.start = 0x8000_0000
        $0.size = 0x20_0000
      }
    }
    add(
      "remove-linear-mapping/pages-then-leaves",
      "One walk unmaps pages up to a 2 MiB boundary, and PMD leaves after it."
    ) {
      $0.mapLinear(
        physical: start - 0x3000, size: 0x3000, leaf: .pte, protection: Bits.kernel)
      $0.mapLinear(physical: start, size: 0x40_0000, leaf: .pmd, protection: Bits.readOnly)
      $0.mapLinear(
        physical: start + 0x40_0000, size: 0x2000, leaf: .pte, protection: Bits.noCache)
      $0.call(.removeLinearMapping) {
        $0.start = start - 0x3000
        $0.size = 0x40_5000
      }
    }
    add("remove-linear-mapping/twice", "Removing again finds nothing and flushes again.") {
      $0.mapLinear(physical: start, size: 0x2000, leaf: .pte, protection: Bits.kernel)
      for _ in 0..<2 {
        $0.call(.removeLinearMapping) {
          $0.start = start
          $0.size = 0x2000
        }
      }
    }
  }
}
