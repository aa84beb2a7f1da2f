// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Oracle

/// The reason for an oracle rule, and a way to break it.
struct RuleReason: Sendable {
  /// The effect on a kernel that breaks the rule.
  let why: String
  /// The numbers of the defect classes that break the rule, as in `docs/use/oracle.md`.
  let classes: [Int]
  /// The patch in `patches/defects` that breaks the rule, without its extension; nil if an edit or a hazard
  /// of the upstream text shows the rule.
  var patch: String?
  /// A `sed` script that edits the reference so that it breaks the rule.
  var edit: String?

  init(_ rule: OracleRule) { self = Self.reason(rule) }

  private init(_ why: String, _ classes: [Int], patch: String? = nil, edit: String? = nil) {
    self.why = why
    self.classes = classes
    self.patch = patch
    self.edit = edit
  }

  private static func reason(_ rule: OracleRule) -> RuleReason {
    switch rule {
    case .translationRemains:
      RuleReason(
        "Memory that is gone can still be read and written.", [2, 3, 6, 9],
        patch: "06-pmd-hole-ends-walk")
    case .outsideChanged:
      RuleReason(
        "Memory that stays loses its mapping, and its next use is an oops.",
        [2, 3, 7, 8, 10, 11, 12, 23, 24, 48, 49], patch: "11-pmd-next-not-clamped")
    case .tableLeaked:
      RuleReason(
        "Every cycle of adding and removing memory loses a page.", [26, 29],
        patch: "26-pte-table-kept-after-part")
    case .liveEntryLost:
      RuleReason(
        "What the entry stood for is lost without a trace.", [5, 23, 24, 25],
        patch: "24-pte-last-entry-missed")
    case .plainStore:
      RuleReason(
        "The compiler may split, delay or drop it, while the hardware walks the tables.", [28],
        edit: "s/^\\t\\t\\tpte_clear(&init_mm, addr, entry);/\\t\\t\\t*entry = __pte(0);/")
    case .freedTwice:
      RuleReason(
        "The page allocator hands the same page to two users.", [28],
        patch: "13-linear-removal-as-vmemmap")
    case .freedWhileLinked:
      RuleReason(
        "For a moment a walk can come by a page that is somebody else's.", [30],
        patch: "30-pmd-backing-freed-before-clear")
    case .danglingTable:
      RuleReason(
        "The next walk goes through freed memory.", [28, 29],
        patch: "28-pmd-of-freed-table-not-cleared")
    case .wrongAllocator:
      RuleReason(
        "The page allocator hands out pages that it never had, or counts go wrong.",
        [15, 18, 21, 22], patch: "22-pte-table-as-reserved")
    case .wrongOrder:
      RuleReason("Pages leak, or others' pages are freed.", [19], patch: "19-storage-order-zero")
    case .backingLeaked:
      RuleReason(
        "Every removal loses what the memmap took: 2 MiB a section.", [14, 18, 20],
        patch: "14-pmd-backing-kept")
    case .foreignPageFreed:
      RuleReason(
        "Somebody's memory is handed to somebody else.", [13, 19, 29],
        patch: "13-linear-removal-as-vmemmap")
    case .altmapUnbalanced:
      RuleReason(
        "A device's count of its pages is wrong from then on: it never returns to 0, or underflows.",
        [15, 16, 17, 18, 52], patch: "16-altmap-charged-in-bytes")
    case .tableCount:
      RuleReason(
        "nr_page_table_pages is wrong for ever; debug kernels stop with a VM_BUG.", [32, 33],
        patch: "33-pte-no-dtor")
    case .usedAfterFree:
      RuleReason(
        "Somebody else's page is written to.", [34], patch: "34-pte-dtor-after-free")
    case .rootTableFreed:
      RuleReason(
        "Every process's root still leads to the freed table.", [27],
        patch: "27-pmd-table-below-root-freed")
    case .flushMissing:
      RuleReason(
        "Harts go on using translations that are gone.", [35, 36, 37],
        patch: "35-no-flush-after-removal")
    case .freedBeforeFlush:
      RuleReason(
        "For a moment another hart can reach a page through its TLB that is somebody else's.", [31])
    case .maxPFN:
      RuleReason(
        "Code that uses max_pfn ignores the memory above it.", [38, 39],
        patch: "39-max-pfn-not-updated")
    case .failedAddLeft:
      RuleReason(
        "Memory that was refused stays mapped.", [40], patch: "40-failed-add-keeps-mapping")
    case .addUnmapped:
      RuleReason(
        "The first access to the new memory faults, or reaches other memory.", [45, 47, 48],
        patch: "45-protection-by-address")
    case .coreCall:
      RuleReason(
        "The core and the architecture disagree about what memory there is.", [41, 42, 43, 46, 52],
        patch: "41-error-swallowed")
    case .mappableRange:
      RuleReason(
        "Memory that fits is refused, or memory is taken that cannot be mapped.", [44],
        patch: "44-mappable-end-off-by-one")
    case .roundTrip:
      RuleReason(
        "What each cycle leaves behind adds up until memory is out.", [26, 40],
        patch: "26-pte-table-kept-after-part")
    case .entryOverwritten:
      RuleReason(
        "A mapping in use changes under its user.", [25, 48], patch: "48-pte-overwrites")
    case .leafSize:
      RuleReason(
        "More is mapped than was asked for, or a hundred times the tables are needed.", [47],
        edit: "s/ && size >= PMD_SIZE//")
    case .tableNotZeroed:
      RuleReason("Walks find mappings that nobody made.", [49], patch: "49-pte-table-not-zeroed")
    case .tableConstructor:
      RuleReason(
        "Its destructor then lowers a count that was never raised.", [32, 33],
        edit: "s/BUG_ON(!pagetable_pmd_ctor(table));//")
    case .rootPreallocated:
      RuleReason(
        "Processes whose root was copied before fault on new memory.", [12, 51],
        edit: "/preallocate_pgd_pages_range(PAGE_OFFSET/d")
    case .memmapHole:
      RuleReason("The first use of a struct page in the hole is an oops.", [41, 50])
    case .memmapBacking:
      RuleReason(
        "Two users share the pages behind the memmap, or RAM is taken that was not to be.",
        [15, 18, 52],
        edit: "s/virt_to_phys(p), PAGE_KERNEL/virt_to_phys(p) + PMD_SIZE, PAGE_KERNEL/")
    case .blockLost:
      RuleReason(
        "Each populate that meets it loses 2 MiB.", [14, 40],
        edit: "/^\\tpmd_set_huge(pmd, virt_to_phys(p), PAGE_KERNEL);/d")
    case .populateResult:
      RuleReason(
        "The core goes on with a memmap that is not there.", [41],
        edit: "s/return \\(vmemmap_populate_hugepages(.*)\\);/return \\1 ? -EINVAL : 0;/")
    case .answer:
      RuleReason(
        "All that builds on the number is wrong with it.", [44, 45, 47],
        patch: "47-map-size-ignores-va")
    case .walkedOutside:
      RuleReason(
        "Memory that is no table is read, and may be written, as if it were one.",
        [1, 3, 4, 5, 11, 12], patch: "undo-a0188cc13369")
    case .kernelStopped:
      RuleReason("The machine is down.", [12, 32], patch: "51-no-wrap-test")
    }
  }
}
