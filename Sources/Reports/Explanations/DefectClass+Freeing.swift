// SPDX-License-Identifier: GPL-2.0-only

extension DefectClass {
  /// Slips in the release of the memory behind a mapping.
  static let storage = [
    DefectClass(
      number: 13, title: "linear removal frees what it maps",
      slip: "Removing a linear mapping gives the mapped pages to the page allocator.",
      harm: "RAM that is being taken away, or in use, is handed out again.",
      patch: "13-linear-removal-as-vmemmap", rule: "foreign-page-freed"),
    DefectClass(
      number: 14, title: "the backing is kept",
      slip: "A leaf of the memmap is cleared and the memory behind it is not given back.",
      harm: "Each removal loses as much memory as the memmap took.",
      patch: "14-pmd-backing-kept", rule: "backing-leaked"),
    DefectClass(
      number: 15, title: "the altmap is ignored",
      slip: "The memmap lies on the device itself, and its pages are freed as if they were RAM.",
      harm: "The page allocator gets pages of a device, which may be gone.",
      patch: "15-vmemmap-altmap-dropped", rule: "wrong-allocator"),
    DefectClass(
      number: 16, title: "the altmap is charged in bytes",
      slip: "What goes back to an altmap is counted in bytes, or once for each leaf, not in pages.",
      harm: "Its count does not return to 0, or falls below it.",
      patch: "16-altmap-charged-in-bytes", rule: "altmap-unbalanced"),
    DefectClass(
      number: 17, title: "a table is charged to the altmap",
      slip: "The page of a table, which is always RAM, is counted back to the altmap.",
      harm: "The altmap's count underflows, and the table's page leaks.",
      patch: "17-pte-table-charged-to-altmap", rule: "altmap-unbalanced"),
    DefectClass(
      number: 18, title: "another owner's altmap",
      slip:
        "An altmap other than the one that was handed over is charged, e.g. that of the call before.",
      harm: "One device's count underflows and the other's pages leak.",
      patch: "18-altmap-of-the-call-before", rule: "altmap-unbalanced"),
    DefectClass(
      number: 19, title: "the wrong order",
      slip: "A block is freed with another order than it was allocated with.",
      harm: "Pages that others use are freed, or pages leak.",
      patch: "19-storage-order-zero", rule: "wrong-order"),
    DefectClass(
      number: 20, title: "of reserved backing the first page only",
      slip:
        "A huge block that was reserved at boot has to be released page by page; only its first is.",
      harm: "The rest of the block is lost.",
      patch: "20-reserved-first-page-only", rule: "backing-leaked"),
    DefectClass(
      number: 21, title: "reserved backing to the page allocator",
      slip: "Pages reserved at boot are freed as if the page allocator had given them out.",
      harm: "The count of managed pages is off, and a debug kernel complains of a bad page.",
      patch: "21-storage-reserved-to-allocator", rule: "wrong-allocator"),
    DefectClass(
      number: 22, title: "allocator pages as reserved ones",
      slip: "Pages of the page allocator are freed by free_reserved_page.",
      harm: "The counts of managed and reserved pages are off by each of them.",
      patch: "22-pte-table-as-reserved", rule: "wrong-allocator"),
  ]

  /// Slips in the lifetime of tables.
  static let tables = [
    DefectClass(
      number: 23, title: "emptiness only inside the range",
      slip: "Whether a table is empty is asked of the entries of the range alone.",
      harm: "A table that still maps something else is freed with all that is in it.",
      patch: "23-pte-emptiness-inside-range", rule: "live-entry-lost"),
    DefectClass(
      number: 24, title: "emptiness of 511 entries",
      slip: "The test leaves out an entry, mostly the last.",
      harm: "A table whose only entry is that one is freed with it.",
      patch: "24-pte-last-entry-missed", rule: "live-entry-lost"),
    DefectClass(
      number: 25, title: "present in place of none",
      slip:
        "A table counts as empty when none of its entries is present, though some are not zero.",
      harm: "What a non-present entry keeps, e.g. a swapped page or a guarded mapping, is lost.",
      patch: "25-pte-table-present-for-none", rule: "live-entry-lost"),
    DefectClass(
      number: 26, title: "an empty table is kept",
      slip: "A table whose last entry goes is not freed.",
      harm: "Every cycle of adding and removing loses the page of a table.",
      patch: "26-pte-table-kept-after-part", rule: "table-leaked"),
    DefectClass(
      number: 27, title: "the table below the root is freed",
      slip: "A table that a root entry leads to is freed when it becomes empty.",
      harm:
        "Every process's root was copied and still leads there: a use after free in each of them.",
      instance: "x86, fixed by 98fe3633c5a4", patch: "27-pmd-table-below-root-freed",
      rule: "root-table-freed"),
    DefectClass(
      number: 28, title: "the parent is not cleared",
      slip: "A table is freed and the entry that leads to it stays.",
      harm: "The next walk goes through freed memory and frees the page again.",
      patch: "28-pmd-of-freed-table-not-cleared", rule: "dangling-table"),
    DefectClass(
      number: 29, title: "the parent is cleared too early",
      slip: "The entry is cleared before the page that it leads to is read from it.",
      harm: "Another page is freed: that of frame 0.",
      patch: "29-pmd-cleared-before-table-known", rule: "foreign-page-freed"),
    DefectClass(
      number: 30, title: "freed before cleared",
      slip: "A page is freed while an entry still leads to it.",
      harm: "Between the two, whoever gets the page shares it with whoever walks the table.",
      patch: "30-pmd-backing-freed-before-clear", rule: "freed-while-linked"),
    DefectClass(
      number: 31, title: "freed before flushed",
      slip: "The flush comes before the entries are cleared and pages are freed, not after.",
      harm: "A hart can reach a page through its TLB that somebody else owns by then.",
      patch: "31-flush-before-the-walk", rule: "flush-missing"),
    DefectClass(
      number: 32, title: "destructor without constructor",
      slip: "The destructor runs for a table that never had a constructor, as those of the memmap.",
      harm:
        "The count of page tables falls by one each time, and a debug kernel stops with a VM_BUG.",
      instance: "c75a74f4ba19 as merged, fixed by 21f1b85c8912 (CVE-2024-56673)",
      patch: "undo-21f1b85c8912", rule: "table-count"),
    DefectClass(
      number: 33, title: "constructor without destructor",
      slip: "A table that had its constructor is freed without the destructor.",
      harm: "The count of page tables rises for ever, and a split lock is lost with each.",
      patch: "33-pte-no-dtor", rule: "table-count"),
    DefectClass(
      number: 34, title: "destructor after the free",
      slip: "The page goes back to the allocator first, then its destructor runs.",
      harm: "The destructor writes to a page that somebody else may own.",
      patch: "34-pte-dtor-after-free", rule: "used-after-free"),
  ]
}
