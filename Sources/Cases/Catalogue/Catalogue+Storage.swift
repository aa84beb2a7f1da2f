// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension CatalogueBuilder {
  /// `free_vmemmap_storage` on a page and a size.
  mutating func addStorage() {
    // The walks free what a leaf maps, and nothing else.
    let sizes: [(name: String, bytes: UInt64)] = [("4k", 0x1000), ("2m", 0x20_0000)]
    // Defects 19-22: reserved pages are released one by one, all of them.
    for (name, bytes) in sizes {
      add(
        "storage/allocator-\(name)",
        "\(bytes) bytes of the page allocator's return as one block of their order."
      ) { $0.free(bytes: bytes, of: .allocator) }
      add(
        "storage/reserved-\(name)", "\(bytes) bytes reserved at boot are released page by page."
      ) { $0.free(bytes: bytes, of: .reserved) }
      // Defect 16.
      add(
        "storage/altmap-\(name)",
        "\(bytes) bytes from an altmap are counted back in pages, and no page is touched."
      ) { $0.free(bytes: bytes, of: .altmap, altmapAlloc: 0x1000) }
    }
    add("storage/allocator-1g", "1 GiB of the page allocator's returns as one block.") {
      $0.free(bytes: 1 << 30, of: .allocator)
    }
    add("storage/altmap-1g", "1 GiB from an altmap is counted back in pages.") {
      $0.free(bytes: 1 << 30, of: .altmap, altmapAlloc: 0x4_0000)
    }
    add(
      "storage/reserved-1g",
      "1 GiB reserved at boot, a PUD leaf's backing, is released page by page."
    ) { $0.free(bytes: 1 << 30, of: .reserved) }
    addStorageOwners()
  }

  private mutating func addStorageOwners() {
    // Defect 15.
    add("storage/altmap-wins-over-reserved", "With an altmap a reserved page is not released.") {
      $0.free(bytes: 0x20_0000, of: .reserved, altmapAlloc: 0x400)
    }
    add("storage/altmap-wins-over-allocator", "With an altmap a page is not freed.") {
      $0.free(bytes: 0x20_0000, of: .allocator, altmapAlloc: 0x400)
    }
    add(
      "storage/altmap-emptied", "The last pages of an altmap bring its count back to 0."
    ) { $0.free(bytes: 0x20_0000, of: .altmap, altmapAlloc: 0x200) }
    // Defect 18, hazard H10.
    add(
      "storage/altmap-underflow",
      "The count of an altmap underflows if more pages return than it allocated."
    ) { $0.free(bytes: 0x20_0000, of: .altmap, altmapAlloc: 0x1ff) }
    add("storage/second-altmap", "Of two altmaps the one that was passed is charged.") {
      _ = $0.altmap(alloc: 0x11)
      let second = $0.altmap(alloc: 0x22)
      let pfn = $0.pages(1, of: .device(second))
      $0.call(.freeVmemmapStorage) {
        $0.pfn = pfn
        $0.size = 0x1000
        $0.altmap = second
      }
    }
    // A block is an altmap's by its place.
    let places: [(name: String, purpose: String, offset: UInt64, owner: PageOwner)] = [
      (
        "altmap-of-reserved-pages",
        "The struct pages of a device may be reserved: its memmap is counted back, and not released.",
        0x200, .reserved
      ),
      (
        "altmap-last-pages",
        "The last pages of an altmap lie behind those that its driver keeps: they are counted back.",
        0x400, .altmap
      ),
    ]
    for (name, purpose, offset, owner) in places {
      add("storage/\(name)", purpose) {
        let number = $0.altmap(alloc: 0x400, free: 0x400, reserve: 0x200)
        let pfn = ScenarioBuilder.pages(ofDevice: number).lowerBound + offset
        $0.own(pfn, count: 0x200, owner: owner)
        $0.call(.freeVmemmapStorage) {
          $0.pfn = pfn
          $0.size = 0x20_0000
          $0.altmap = number
        }
      }
    }
    add(
      "storage/after-a-reserved-run",
      "The run before a block is reserved, and the block is not, so it is freed."
    ) {
      let pfn = $0.pages(0x200, aligned: 0x200, of: .allocator)
      $0.own(pfn - 4, count: 4, owner: .reserved)
      $0.call(.freeVmemmapStorage) {
        $0.pfn = pfn
        $0.size = 0x20_0000
      }
    }
    add(
      "storage/reserved-from-the-middle",
      "Releasing a page from the middle of a reserved run releases the page that was passed."
    ) {
      let pfn = $0.pages(16, aligned: 16, of: .reserved)
      $0.call(.freeVmemmapStorage) {
        $0.pfn = pfn + 5
        $0.size = 0x1000
      }
    }
    add("storage/first-page-of-ram", "The first page of RAM is a page like others.") {
      let first = $0.layout.ramBase >> AddressLayout.pageShift
      $0.call(.freeVmemmapStorage) {
        $0.pfn = first
        $0.size = 0x1000
      }
    }
  }
}

extension ScenarioBuilder {
  /// Calls `free_vmemmap_storage` on a block of that owner, with an altmap if `altmapAlloc` is set.
  fileprivate mutating func free(bytes: UInt64, of backing: Backing, altmapAlloc: UInt64? = nil) {
    var order: UInt64 = 1
    while order << 12 < bytes { order <<= 1 }
    let pfn = pages(order, aligned: order, of: backing)
    let number = altmapAlloc.map { altmap(alloc: $0) }
    call(.freeVmemmapStorage) {
      $0.pfn = pfn
      $0.size = bytes
      $0.altmap = number
    }
  }
}
