// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `best_map_size`, `pgprot_from_va`, and the functions that allocate and find tables once the kernel runs
  /// (`alloc_*_late`, `get_*_virt_late`).
  mutating func addMapSizes() {
    // On Sv39 a p4d entry spans as much as a pud entry.
    for level in [Level.pmd, .pud, .p4d] where level != .p4d || mode.isL4Enabled {
      addMapSizeBoundaries(level)
    }
    add("best-map-size/odd-bytes", "Addresses inside of a page have no leaf above it.") {
      $0.askMapSize(physical: Memory.onPUD + 0x800, at: $0.bytes(.pud) + 0x800, size: Memory.gib)
    }
    addProtectionsByAddress()
    addLateTables()
  }

  // Defect 47: a leaf has three conditions. Each in turn fails alone, by as little as a byte or a page.
  private mutating func addMapSizeBoundaries(_ level: Level) {
    let name = "best-map-size/\(level.name)"
    add("\(name)-exact", "Both addresses on a \(level.name) boundary, and just the bytes of one.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size, at: 5 * size, size: size)
    }
    add("\(name)-and-more", "A \(level.name) leaf is begun where more than one would fit.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size, at: 5 * size, size: 2 * size - 0x1000)
    }
    add("\(name)-a-byte-short", "A byte less than a \(level.name) leaf is none.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size, at: 5 * size, size: size - 1)
    }
    for (side, pages) in [("before", UInt64(0) &- 0x1000), ("behind", 0x1000)] {
      add("\(name)-pa-a-page-\(side)", "The physical address alone is a page \(side) the boundary.")
      {
        let size = $0.bytes(level)
        $0.askMapSize(physical: 3 * size &+ pages, at: 5 * size, size: 2 * size)
      }
      add("\(name)-va-a-page-\(side)", "The virtual address alone is a page \(side) the boundary.")
      {
        let size = $0.bytes(level)
        $0.askMapSize(physical: 3 * size, at: 5 * size &+ pages, size: 2 * size)
      }
    }
    add("\(name)-pa-a-byte-behind", "The physical address alone is a byte behind the boundary.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size + 1, at: 5 * size, size: 2 * size)
    }
    add("\(name)-va-a-byte-behind", "The virtual address alone is a byte behind the boundary.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size, at: 5 * size + 1, size: 2 * size)
    }
    add("\(name)-both-a-page-behind", "Addresses that are both a page behind the boundary.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size + 0x1000, at: 5 * size + 0x1000, size: 2 * size)
    }
    add("\(name)-half-aligned", "Addresses on half a boundary, each its own, get a smaller leaf.") {
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size + size / 2, at: 5 * size, size: size)
      $0.askMapSize(physical: 3 * size, at: 5 * size + size / 2, size: size)
    }
    add("\(name)-debug-pagealloc", "With debug_pagealloc every leaf is a page.") {
      $0.globals.isDebugPagealloc = true
      let size = $0.bytes(level)
      $0.askMapSize(physical: 3 * size, at: 5 * size, size: size)
    }
  }

  // Defect 45: strict permissions depend on the address, at each end of the text and of its alias.
  private mutating func addProtectionsByAddress() {
    let text = AddressLayout.kernelLinkAddress
    let alias = layout.virtual(ofPhysical: text &- layout.kernelImageOffset)
    let textSize = AddressLayout.kernelTextSize
    let areas: [(name: String, what: String, start: UInt64, size: UInt64)] = [
      ("text", "the kernel's text", text, textSize),
      ("alias", "the alias of the text in the linear map", alias, textSize),
    ]
    for (name, what, start, size) in areas {
      for (edge, place, address) in [
        ("before", "The last byte before", start - 1), ("first", "The first byte of", start),
        ("middle", "The middle of", start + size / 2),
        ("last", "The last byte of", start + size - 1),
        ("behind", "The first byte behind", start + size),
      ] {
        add("pgprot-from-va/\(name)-\(edge)", "\(place) \(what) has its own protection.") {
          $0.call(.pgprotFromVa) { $0.start = address }
        }
      }
    }
    let others: [(String, String, UInt64)] = [
      (
        "image-last", "The kernel image's last byte is data.",
        text + AddressLayout.kernelImageSize - 1
      ),
      ("image-behind", "Behind the kernel image is data.", text + AddressLayout.kernelImageSize),
      ("page-offset", "The first page of the linear map is data.", layout.pageOffset),
      ("hot-added", "Memory that is added is data.", layout.virtual(ofPhysical: Memory.onSection)),
      ("memmap", "The memmap is data.", layout.vmemmapStart),
      ("nothing", "The lowest address is data.", 0),
    ]
    for (name, purpose, address) in others {
      add("pgprot-from-va/\(name)", purpose) { $0.call(.pgprotFromVa) { $0.start = address } }
    }
  }

  // Hazard H5, defect 33: pte and pmd tables have a constructor, those above have none.
  private mutating func addLateTables() {
    for function in KernelFunction.tableAllocations {
      let name = function.catalogueName
      add(
        "\(name)/plain",
        "The physical address of a page is returned, constructed if its level needs it."
      ) {
        $0.call(function) { $0.start = Memory.onSection }
      }
      add("\(name)/any-address", "The address makes no difference: the page is not zeroed.") {
        // Taken as allocation flags, this address would contain __GFP_ZERO.
        $0.call(function) { $0.start = Memory.onSection + 0x100 }
      }
      add("\(name)/twice", "Two tables are two pages.") {
        $0.call(function)
        $0.call(function)
      }
      add("\(name)/no-memory", "Without memory the kernel stops.") {
        $0.injected.allocationBudget = 0
        $0.call(function)
      }
      add(
        "\(name)/second-fails", "The first table is allocated, and the kernel stops at the second."
      ) {
        $0.injected.failingAllocation = 2
        $0.call(function)
        $0.call(function)
      }
    }
    for function in KernelFunction.tableAddresses {
      let name = function.catalogueName
      for (place, physical) in [
        ("start-of-ram", layout.ramBase), ("hot-added", Memory.onSection), ("far", Memory.far),
      ] {
        add("\(name)/\(place)", "A table's address is that of its page in the linear map.") {
          $0.call(function) { $0.physical = physical }
        }
      }
    }
  }
}

extension KernelFunction {
  /// The functions that allocate a table.
  static let tableAllocations = allCases.filter { $0.purpose == .allocatesTable }
  /// The functions of generic code that populate the memmap.
  static let genericPopulations = allCases.filter { $0.purpose == .populates && $0.isOfGenericCode }
  /// The functions that answer with the address of a table.
  static let tableAddresses = allCases.filter { $0.purpose == .answers && $0.result == .address }
}

extension ScenarioBuilder {
  fileprivate mutating func askMapSize(physical: UInt64, at address: UInt64, size: UInt64) {
    call(.bestMapSize) {
      $0.physical = physical
      $0.start = address
      $0.size = size
    }
  }
}
