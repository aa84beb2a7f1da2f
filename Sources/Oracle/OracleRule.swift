// SPDX-License-Identifier: GPL-2.0-only

/// A rule of the oracle: a property of every call, whoever wrote the code. Raw values are the ids in
/// reports.
///
/// Rules use states, events and addresses, and neither the port nor a subject's text.
/// `docs/develop/defects.md` names the class of defects that each rule detects.
public enum OracleRule: String, CaseIterable, Sendable, Codable, Comparable {
  case translationRemains = "translation-remains"
  case outsideChanged = "outside-changed"
  case tableLeaked = "table-leaked"
  case liveEntryLost = "live-entry-lost"
  case plainStore = "plain-store"
  case freedTwice = "freed-twice"
  case freedWhileLinked = "freed-while-linked"
  case danglingTable = "dangling-table"
  case wrongAllocator = "wrong-allocator"
  case wrongOrder = "wrong-order"
  case backingLeaked = "backing-leaked"
  case foreignPageFreed = "foreign-page-freed"
  case altmapUnbalanced = "altmap-unbalanced"
  case tableCount = "table-count"
  case usedAfterFree = "used-after-free"
  case rootTableFreed = "root-table-freed"
  case flushMissing = "flush-missing"
  case freedBeforeFlush = "freed-before-flush"
  case maxPFN = "max-pfn"
  case failedAddLeft = "failed-add-left"
  case addUnmapped = "add-unmapped"
  case coreCall = "core-call"
  case mappableRange = "mappable-range"
  case roundTrip = "round-trip"
  case entryOverwritten = "entry-overwritten"
  case leafSize = "leaf-size"
  case tableNotZeroed = "table-not-zeroed"
  case tableConstructor = "table-constructor"
  case rootPreallocated = "root-preallocated"
  case memmapHole = "memmap-hole"
  case memmapBacking = "memmap-backing"
  case blockLost = "block-lost"
  case populateResult = "populate-result"
  case answer = "answer"
  case walkedOutside = "walked-outside"
  case kernelStopped = "kernel-stopped"

  public enum Severity: String, Sendable, Codable {
    /// A user of memory loses it, or the kernel stops.
    case error
    /// Memory or a count is lost for everybody.
    case leak
    /// A race window that other code may never hit.
    case advisory
  }

  public var severity: Severity {
    switch self {
    case .tableLeaked, .backingLeaked, .tableCount, .failedAddLeft, .roundTrip, .tableConstructor,
      .blockLost:
      .leak
    case .freedWhileLinked, .freedBeforeFlush, .plainStore: .advisory
    default: .error
    }
  }

  /// The rule, in one sentence.
  public var sentence: String {
    switch self {
    case .translationRemains: "no translation remains in a removed range"
    case .outsideChanged: "the call changes only the translations it was asked to change"
    case .tableLeaked: "a table page that becomes empty or loses its parent is freed"
    case .liveEntryLost:
      "only mappings of the range are cleared or freed with their table"
    case .plainStore: "an entry is cleared by the kernel's functions, not by a plain store"
    case .freedTwice: "no page is freed more often than it was in use"
    case .freedWhileLinked: "no page is freed while an entry still leads to it"
    case .danglingTable: "no entry leads to a table that was freed"
    case .wrongAllocator: "a page returns to the allocator that it came from"
    case .wrongOrder: "a block is freed with the order that it has"
    case .backingLeaked: "all memory behind a removed part of the memmap is freed"
    case .foreignPageFreed: "only tables and the memory behind the memmap are freed"
    case .altmapUnbalanced:
      "an altmap is charged the pages of its leaves, and gets back the removed ones, no more and "
        + "no fewer"
    case .tableCount:
      "when a table page is freed, its destructor has run as often as its constructor"
    case .usedAfterFree: "nothing touches a page after its free"
    case .rootTableFreed:
      "a table that the root points to stays, because other roots point to it too"
    case .flushMissing: "the TLB is flushed after the last change of a translation"
    case .freedBeforeFlush:
      "pages are freed after the flush, when no cached translation leads there"
    case .maxPFN: "max_pfn covers added memory, never falls, and changes for no other reason"
    case .failedAddLeft: "an add that fails leaves no mapping behind"
    case .addUnmapped:
      "every requested page is mapped to its frame with the requested protection"
    case .coreCall:
      "the core is called once, in the right order, with the caller's arguments, and its error is "
        + "returned"
    case .mappableRange: "the mappable range is the memory that the linear map can reach"
    case .roundTrip:
      "adding memory and removing it again, in any order, restores the previous state"
    case .entryOverwritten: "a new mapping does not overwrite an existing entry"
    case .leafSize: "a leaf has the requested size, or the largest that fits"
    case .tableNotZeroed: "a new table holds only the mappings of the call"
    case .tableConstructor:
      "the constructor runs once for a new table of PTEs or PMDs, and never for one of the memmap"
    case .rootPreallocated: "the root's empty slots of a range get tables, and no others"
    case .memmapHole: "a populate that succeeds leaves no hole"
    case .memmapBacking: "a new memmap lies in unused pages of its altmap, or in blocks of its own"
    case .blockLost: "a block that a call allocates is mapped or freed"
    case .populateResult: "a populate fails only with -ENOMEM, when memory runs out"
    case .answer: "sizes, protections and addresses are those of the layout"
    case .walkedOutside: "a walk reads tables only, each within its bounds"
    case .kernelStopped: "the call returns"
    }
  }

  public static func < (left: OracleRule, right: OracleRule) -> Bool {
    left.rawValue < right.rawValue
  }
}
