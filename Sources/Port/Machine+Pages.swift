// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Pages: their owners, and how they leave the allocators and return to them.
extension Machine {
  /// The number of the table in use whose page has this PFN; negative if no such table exists.
  @inline(__always)
  func table(ofPFN pfn: UInt64) -> Int {
    let distance = pfn &- poolBasePFN
    guard distance < UInt64(truncatingIfNeeded: tables.count) &* Pool.stridePages,
      distance % Pool.stridePages == 0
    else { return -1 }
    return Int(truncatingIfNeeded: distance / Pool.stridePages)
  }

  /// Allocates a page for a table (`alloc_page`, `pagetable_alloc`, `__get_free_page`), full of poison,
  /// and returns its PFN. Nil when the budget or the pool is exhausted. The node is the requested one;
  /// nil is any.
  mutating func allocate(node: Int32? = nil) throws(Halt) -> UInt64? {
    guard hasMemory(), let table = memory.add() else { return nil }
    tables.append(
      TableRecord(
        life: PageLife(
          level: Event.anyLevel, owner: PageOwner.allocator.rawValue, live: 1, constructed: 0)))
    let pfn = poolBasePFN &+ UInt64(truncatingIfNeeded: table) &* Pool.stridePages
    try record(Event(.allocate, detail: Event.asked(node), a: pfn))
    takeFromBudget()
    return pfn
  }

  /// Allocates a block of `1 << order` pages whose contents nobody reads (`alloc_pages_node`) and
  /// returns its first PFN. Nil when the budget or the blocks are exhausted.
  mutating func allocateBlock(order: UInt64, node: Int32) throws(Halt) -> UInt64? {
    guard order > 0 else { return try allocate(node: node) }
    guard hasMemory(), order < 64, 1 << order <= Blocks.pages else { return nil }
    let pages: UInt64 = 1 << order
    let first = (blockPages &+ pages &- 1) & ~(pages &- 1)
    guard first <= Blocks.pages &- pages else { return nil }
    blockPages = first &+ pages
    let pfn = Blocks.pfns(in: layout).lowerBound &+ first
    try record(Event(.allocate, detail: Event.asked(node), a: pfn, b: order))
    takeFromBudget()
    return pfn
  }

  /// Whether a request finds memory. Every request counts, even one that is made to fail.
  private mutating func hasMemory() -> Bool {
    allocations &+= 1
    return allocations != failingAllocation && allocationBudget > 0
  }

  private mutating func takeFromBudget() {
    if allocationBudget != .max { allocationBudget -= 1 }
  }

  /// The PFN from `virt_to_phys(__va(...))` of a page. It is unchanged for a table and inside the linear
  /// map; beyond the map, the kernel image's formula gives another one.
  func pfn(throughAddressOf pfn: UInt64) -> UInt64 {
    if pfn &- poolBasePFN < UInt64(Pool.capacity) * Pool.stridePages { return pfn }
    let address = layout.virtual(ofPhysical: pfn << AddressLayout.pageShift)
    return layout.physical(ofVirtual: address) >> AddressLayout.pageShift
  }

  /// `memset(table, 0, PAGE_SIZE)` of a new table.
  mutating func zeroTable(pfn: UInt64) {
    let table = table(ofPFN: pfn)
    if table >= 0 { memory.zero(table: table) }
  }

  /// The constructor of a table's page (`pagetable_pte_ctor`, `pagetable_pmd_ctor`).
  mutating func construct(pfn: UInt64, level: Level) throws(Halt) {
    let table = table(ofPFN: pfn)
    if table >= 0 {
      if tables[table].life.level == Event.anyLevel {
        tables[table].life.level = UInt32(level.rawValue)
      }
      tables[table].life.constructed &+= 1
    }
    try record(Event(.construct, detail: UInt32(level.rawValue), a: pfn))
  }

  /// The destructor of a table's page (`pagetable_pte_dtor`, `pagetable_pmd_dtor`).
  mutating func destruct(pfn: UInt64, level: Level) throws(Halt) {
    let table = table(ofPFN: pfn)
    if table >= 0 { tables[table].life.constructed &-= 1 }
    try record(Event(.destruct, detail: UInt32(level.rawValue), a: pfn))
  }

  /// `get_page`: adds a reference. Only pages of the table pool have a count, because a shared page of
  /// the memmap is allocated as a single page.
  mutating func getPage(pfn: UInt64) throws(Halt) {
    let table = table(ofPFN: pfn)
    if table >= 0 { tables[table].references &+= 1 }
    try recordGetPage(pfn: pfn)
  }

  /// `free_pages(page_address(page), order)`, `pagetable_free(ptdesc)`: drops a reference, and frees the
  /// block with the last one.
  mutating func free(pfn: UInt64, order: UInt64) throws(Halt) {
    let table = table(ofPFN: pfn)
    if table >= 0, tables[table].references > 0 {
      tables[table].references -= 1
      return try record(
        Event(.putPage, a: pfn, b: order, c: UInt64(tables[table].references) + 1))
    }
    let isLinked = table >= 0 && isLinked(table)
    if table >= 0 { retire(table) }
    try record(Event(.free, detail: isLinked ? 1 : 0, a: pfn, b: order))
  }

  /// `free_reserved_page`: the page is no longer reserved.
  mutating func freeReserved(pfn: UInt64) throws(Halt) {
    let table = table(ofPFN: pfn)
    var isLinked = false
    if table >= 0 {
      isLinked = self.isLinked(table)
      tables[table].isReleased = true
      // free_reserved_page resets the count.
      tables[table].references = 0
      retire(table)
    } else {
      noteReleased(pfn)
    }
    try recordFreeReserved(pfn: pfn, isLinked: isLinked)
  }

  /// `PageReserved`: true for a reserved table or frame until `free_reserved_page` releases it.
  mutating func isReserved(pfn: UInt64) -> Bool {
    let table = table(ofPFN: pfn)
    if table >= 0 {
      return tables[table].life.owner == PageOwner.reserved.rawValue && !tables[table].isReleased
    }
    return frameOwner(pfn) == PageOwner.reserved.rawValue && !isReleased(pfn)
  }

  /// Marks a freed table as dead and poisons it, for a walk that still reads it.
  private mutating func retire(_ table: Int) {
    tables[table].life.live = 0
    memory.poison(table: table)
  }

  /// The owner of a frame's range; the page allocator outside every range.
  private mutating func frameOwner(_ pfn: UInt64) -> UInt32 {
    if lastFrame < frames.count, pfn &- frames[lastFrame].pfn < frames[lastFrame].count {
      return frames[lastFrame].owner
    }
    var low = 0
    var high = frames.count
    while low < high {
      let middle = (low + high) / 2
      if frames[middle].pfn <= pfn { low = middle + 1 } else { high = middle }
    }
    guard low > 0, pfn &- frames[low - 1].pfn < frames[low - 1].count else {
      return PageOwner.allocator.rawValue
    }
    lastFrame = low - 1
    return frames[low - 1].owner
  }

  private mutating func noteReleased(_ pfn: UInt64) {
    let last = released.count - 1
    if last >= 0, pfn == released[last].first &+ released[last].count {
      released[last].count += 1
    } else {
      released.append(FrameRun(first: pfn, count: 1))
    }
  }

  private func isReleased(_ pfn: UInt64) -> Bool {
    for run in released.elements where pfn &- run.first < run.count { return true }
    return false
  }

  /// Records the word, by its number, as the parent of the table it points to.
  @inline(__always)
  mutating func noteParent(at index: Int, of word: UInt64) {
    guard isTable(word) else { return }
    let pfn = pfn(of: word)
    let table = table(ofPFN: pfn)
    if table >= 0 {
      tables[table].parentHint = Int32(truncatingIfNeeded: index)
    } else if pfn &- poolBasePFN < UInt64(Pool.capacity) &* Pool.stridePages {
      hasEarlyPointers = true
    }
  }

  /// Whether a live table has an entry that points to this one. The search tries the hint first, then
  /// all tables.
  private mutating func isLinked(_ table: Int) -> Bool {
    let pfn = poolBasePFN &+ UInt64(truncatingIfNeeded: table) &* Pool.stridePages
    let hint = Int(tables[table].parentHint)
    // Every store of a pointer is noted, so a table without a hint never had a parent.
    guard hint >= 0 || hasEarlyPointers else { return false }
    if hint >= 0, isPointer(memory[word: hint], to: pfn),
      tables[hint / Pool.wordsPerPage].life.live != 0
    {
      return true
    }
    for parent in 0..<tables.count where tables[parent].life.live != 0 {
      for slot in 0..<memory.entriesPerTable
      where isPointer(memory[table: parent, slot: slot], to: pfn) {
        tables[table].parentHint = Int32(truncatingIfNeeded: parent * Pool.wordsPerPage + slot)
        return true
      }
    }
    return false
  }

  @inline(__always)
  private func isPointer(_ word: UInt64, to pfn: UInt64) -> Bool {
    isTable(word) && self.pfn(of: word) == pfn
  }
}
