// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A rule that upstream's own text breaks, and the known facts about it. A subject that shares it with
/// upstream still conforms.
public struct Hazard: Sendable {
  /// Stable ids, in the order of discovery. H11 belongs to generic code and occurs only with a live
  /// core.
  public enum ID: String, CaseIterable, Sendable, Codable, Comparable {
    case h1 = "H1"
    case h2 = "H2"
    case h3 = "H3"
    case h4 = "H4"
    case h5 = "H5"
    case h6 = "H6"
    case h7 = "H7"
    case h8 = "H8"
    case h9 = "H9"
    case h10 = "H10"
    case h11 = "H11"

    public static func < (left: ID, right: ID) -> Bool {
      guard let one = allCases.firstIndex(of: left), let other = allCases.firstIndex(of: right)
      else { return false }
      return one < other
    }
  }

  public let id: ID
  /// The failure, in one line.
  public let title: String
  /// The known facts: where it was seen, and how others fixed it.
  public let known: String

  public init(_ id: ID) {
    self.id = id
    (title, known) = Self.texts(id)
  }

  public static var all: [Hazard] { ID.allCases.map { Hazard($0) } }

  private static func texts(_ id: ID) -> (title: String, known: String) {
    switch id {
    case .h1:
      (
        "removing a part of a section unmaps the memmap of its neighbours",
        "The memmap is populated in 2 MiB leaves, and a leaf that is covered in part is removed "
          + "whole. Seen on 6.12 and 7.2: two 64 MiB device regions in one section; removing the second "
          + "panics. arm64 "
          + "fixed the same in d4234d131b0a; x86, s390 and powerpc keep parts that are in use."
      )
    case .h2:
      (
        "the destructor runs for tables that never had a constructor",
        "free_pte_table runs it for every table: those of the memmap, of boot time and split ones lower "
          + "nr_page_table_pages. Seen on 6.12 and 7.2: 215 to 23 after 15 cycles."
      )
    case .h3:
      (
        "adding memory below the top of RAM lowers max_pfn",
        "arch_add_memory stores it without a test. Seen on 6.12 and 7.2: /proc/kpagecount then lacks live "
          + "memory. arm64 fixed it in 89f43e1ce6f6."
      )
    case .h4:
      (
        "the mappable range ends where no linear map can reach",
        "On Sv39 PAGE_END lies above the linear map, and its physical address comes from the kernel "
          + "image's formula. Computed, not seen."
      )
    case .h5:
      (
        "running out of memory while mapping stops the kernel",
        "alloc_*_late hit BUG when no page is left, and arch_add_memory cannot report it; "
          + "preallocate_pgd_pages_range panics, at boot. Read in the text."
      )
    case .h6:
      (
        "a leaf in a P4D or root table is not recognised",
        "p4d_leaf and pgd_leaf are constant false on RISC-V: a 512 GiB leaf of Sv57 is walked as a table; "
          + "a leaf in a folded level is left. Read in the text."
      )
    case .h7:
      (
        "a leaf of the linear map that the range covers in part is removed whole",
        "E.g. a 1 GiB leaf over two boot DIMMs: removing one unmaps the other. Read in the text; arm64 "
          + "fixed the same in 95a58852b0e5."
      )
    case .h8:
      (
        "tables and memory are freed while entries or the TLB still lead to them",
        "A table's page is freed before its parent's entry is cleared, and everything before the flush. "
          + "Another hart may then walk or write a page with a new owner. The order was seen on 6.12 and "
          + "7.2, the effect on another hart was not seen; arm64 clears, flushes and frees."
      )
    case .h9:
      (
        "PUD and P4D tables that have a constructor are freed without a destructor",
        "Later kernels construct them (pagetable_pud_ctor), and free_pud_table undoes nothing. Seen on "
          + "7.2, Sv57: the counter rises by one a cycle, 234 to 254 over 20."
      )
    case .h10:
      (
        "the altmap is trusted for leaves that are not its own",
        "A leaf of another owner is charged to the given altmap, whose count underflows, and the leaf's "
          + "pages leak or are freed as if they were RAM. Read in the text."
      )
    case .h11:
      (
        "an add that fails half-way leaves the sections before it",
        "__add_pages stops at the first section that fails and undoes none of those before: they stay "
          + "present and keep their memmap, but lose their linear map. Seen on 6.12 and 7.2: -ENOMEM, "
          + "and four stale leaves remain. It is the core's own, and no subject's."
      )
    }
  }
}

extension Hazard {
  /// The listed hazard that matches a violation, if upstream's text breaks the rule in this way.
  static func known(_ violation: Violation, in step: JudgedCall) -> ID? {
    // A walk through a leaf can have any effect.
    if step.hasUpperLeaf, violation.rule.isAboutWalks { return .h6 }
    return switch (violation.rule, violation.evidence) {
    case (.outsideChanged, .leaf(_, _, _, isPartial: true)): violation.isVmemmap ? .h1 : .h7
    case (.tableCount, .balance(_, _, let count)) where count < 0: .h2
    case (.tableCount, .balance(_, .pud?, _)), (.tableCount, .balance(_, .p4d?, _)): .h9
    case (.maxPFN, .number(_, let expected, let actual))
    where step.hasAdded && actual < expected && expected > step.addedEnd: .h3
    case (.mappableRange, .number(_, let expected, let actual))
    where actual > expected && actual == step.layout.physical(ofVirtual: step.layout.pageEnd &- 1):
      .h4
    case (.kernelStopped, .ending(let ending))
    where [EndingKind.bug.rawValue, EndingKind.panic.rawValue].contains(ending.kind)
      && step.takesMemory && step.isOutOfMemory:
      .h5
    case (.walkedOutside, _) where step.hasUpperLeaf,
      (.translationRemains, .leaf(_, .p4d, _, _)), (.translationRemains, .leaf(_, .pgd, _, _)):
      .h6
    case (.freedWhileLinked, .table), (.freedBeforeFlush, _): .h8
    case (.failedAddLeft, .leaf(let address, _, _, _))
    where violation.isVmemmap && step.isLeftPresent(memmapAt: address):
      .h11
    case (.altmapUnbalanced, .foreignBacking), (.altmapUnbalanced, .underflow),
      (.wrongAllocator, .foreignBacking), (.backingLeaked, .foreignBacking):
      .h10
    default: nil
    }
  }
}

extension JudgedCall {
  /// Whether the case used up its allocation budget or reached the allocation that fails.
  var isOutOfMemory: Bool {
    if image.allocationBudget != .max, allocations >= Int(image.allocationBudget) { return true }
    return image.failingAllocation != 0 && allocations + 1 >= Int(image.failingAllocation)
  }

  /// Whether an add returned -ENOMEM and memory for tables is indeed out.
  var handsUpNoMemory: Bool {
    function == .archAddMemory && isOutOfMemory && returned?.b == UInt64(bitPattern: -12)
  }

  /// Whether a part of the linear map may be missing, because memory ran out and the caller must learn
  /// of it. The result of an add shows the failure; functions below it need the add to show it.
  var mayHaveFailed: Bool { isOutOfMemory && function != .archAddMemory }

  /// Whether the call allocates tables and stops the kernel if it cannot.
  var takesMemory: Bool {
    function.createsLinearMap || function.preallocates || function.allocatesTable
  }

  /// The first page frame behind an added range.
  var addedEnd: UInt64 {
    (operation.start &+ operation.end &+ (AddressLayout.pageSize - 1)) >> AddressLayout.pageShift
  }

  /// Whether the call must remove a leaf in the root or a P4D table, or may meet one because it walks
  /// the wrong table.
  var hasUpperLeaf: Bool {
    guard let removal else { return false }
    return before.translations.upperLeaves.contains { removal.range.touches($0) || !isAimed }
  }
}

extension OracleRule {
  /// Whether a violation of the rule depends on the entries that a walk finds, not on its time or
  /// caller.
  fileprivate var isAboutWalks: Bool {
    switch self {
    case .translationRemains, .outsideChanged, .tableLeaked, .liveEntryLost, .freedTwice,
      .danglingTable, .wrongAllocator, .backingLeaked, .foreignPageFreed, .usedAfterFree,
      .walkedOutside:
      true
    default: false
    }
  }
}
