// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Violation {
  /// The violation, as a sentence.
  public var sentence: String {
    switch evidence {
    case .leaf(let address, let level, let pfn, let isPartial):
      leaf("the \(level.name) leaf at \(hex(address)), page frame \(hex(pfn)),", isPartial)
    case .stale(let address, let pfn):
      "a TLB that holds \(hex(address)) still reaches page frame \(hex(pfn)): no flush follows"
    case .unseen(let address):
      "a TLB may still fault on \(hex(address)), which is now mapped: no flush follows"
    case .unmapped(let address): "\(hex(address)) should be mapped, but is not"
    case .balance(let number, let level, let count) where rule == .tableConstructor:
      "the constructor of \(table(number, level)), which is new, ran \(count) times"
    case .balance(let number, let level, let count):
      count < 0
        ? "the destructor runs for \(table(number, level)), whose constructor never ran"
        : "\(table(number, level)) is freed, but its destructor never ran"
    case .table(let number, let level): freed(table(number, level))
    case .entry(let table, let slot, let word): entry("table \(table)[\(slot)]", word)
    case .link(let table, let slot, let number):
      "table \(table)[\(slot)] leads to table \(number), which was freed"
    case .pages(let pfn, let count):
      freed(count == 1 ? "page frame \(hex(pfn))" : "the run of \(count) pages from \(hex(pfn))")
    case .altmap(let number, let expected, let actual) where Int64(bitPattern: expected) < 0:
      "altmap \(number) is charged \(0 &- Int64(bitPattern: actual)) pages; its new leaves have "
        + "\(0 &- Int64(bitPattern: expected))"
    case .altmap(let number, let expected, let actual):
      "altmap \(number) gets back \(Int64(bitPattern: actual)) pages; \(expected) were its own"
    case .underflow(let number, let had, let gets):
      "altmap \(number) had allocated \(had) pages and gets back \(gets)"
    case .foreignBacking(let pfn, let altmap):
      altmap == 0
        ? "page frame \(hex(pfn)) belongs to an altmap, but no altmap was passed"
        : "page frame \(hex(pfn)) does not belong to altmap \(altmap), which was passed"
    case .number(let name, let expected, let actual):
      "\(name) is \(hex(actual)), not \(hex(expected))"
    case .ending(let ending): ended(ending)
    case .call(let what): what
    }
  }

  private func leaf(_ leaf: String, _ isPartial: Bool) -> String {
    switch rule {
    case .translationRemains: "\(leaf) remains"
    case .failedAddLeft: "\(leaf) remains after a failed add"
    case .addUnmapped: "\(leaf) has the wrong page frame or the wrong protection"
    case .leafSize: "\(leaf) has the wrong size"
    case .roundTrip: "\(leaf) is not as it was before the add"
    default:
      isPartial
        ? "\(leaf) is removed as a whole, although the range covers only a part of it"
        : "\(leaf) changed"
    }
  }

  private func freed(_ what: String) -> String {
    switch rule {
    case .tableLeaked: "\(what) is empty or has no parent, but is not freed"
    case .freedTwice: "\(what) is freed again"
    case .freedWhileLinked: "\(what) is freed while an entry leads to it"
    case .wrongAllocator: "\(what) goes to another allocator than it came from"
    case .wrongOrder: "\(what) is freed as one block, but is not one"
    case .memmapBacking: "\(what) backs the memmap, but the call must not use it"
    case .blockLost: "\(what) was allocated, but is neither mapped nor freed"
    case .backingLeaked: "\(what) backed the memmap, but is not freed"
    case .foreignPageFreed: "\(what) is freed, but the call must not free it"
    case .rootTableFreed: "\(what), which the root points to, is freed"
    case .usedAfterFree: "the destructor runs for \(what) after its free"
    case .roundTrip: "\(what) remains from the add"
    case .tableCount: "the destructor runs for \(what), which is no table"
    default: what
    }
  }

  private func entry(_ place: String, _ word: UInt64) -> String {
    switch rule {
    case .usedAfterFree: "\(place) is written after its table was freed"
    case .plainStore: "\(place) held \(hex(word)) and is zeroed by a plain store"
    case .roundTrip: "\(place) holds \(hex(word)), not its value from before the add"
    case .entryOverwritten: "\(place) held \(hex(word)) and is overwritten"
    case .tableNotZeroed: "\(place) holds \(hex(word)), but the table is new"
    case .rootPreallocated:
      word == 0
        ? "\(place) is still empty" : "\(place) holds \(hex(word)), but is outside the range"
    default: "\(place) held \(hex(word)) and is lost"
    }
  }

  private func ended(_ ending: Ending) -> String {
    switch EndingKind(rawValue: ending.kind) {
    case .bug: "the kernel stops at a BUG"
    case .panic: "the kernel panics"
    case .hang: "the call does not return"
    case .overrun:
      "slot \(ending.slot) is accessed, which is beyond the end of table \(ending.table)"
    case .wildAccess: "\(hex(ending.address)) is accessed, which is outside all tables"
    case .structPageAccess: "a struct page at \(hex(ending.address)) is read as memory"
    case .freedAccess:
      "slot \(ending.slot) of table \(ending.table) is accessed after the table's free"
    case let kind: "the call ends \(kind.map { "with \($0.name)" } ?? "in an unknown way")"
    }
  }

  private func table(_ number: Int, _ level: Level?) -> String {
    "table \(number)\(level.map { " (\($0.name))" } ?? "")"
  }

  private func hex(_ number: UInt64) -> String { "0x\(String(number, radix: 16))" }
}
