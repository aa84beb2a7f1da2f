// SPDX-License-Identifier: GPL-2.0-only

/// The port's memory for table pages: one page of 512 words per table, contiguous. The first
/// `entriesPerTable` words of a page are its entries. The rest is poison, as is every word of a freed or
/// freshly allocated page.
///
/// The port uses unsafe pointers only here. Invariants:
/// - `words` is one allocation for `Pool.capacity` pages that lives as long as the value; the system
///   commits a page of it at the first write.
/// - `0 <= count <= initialised <= Pool.capacity`; the words of pages below `initialised` are
///   initialised, and no other word is ever read.
/// - A word's number is `table * 512 + slot`. `index(of:)` returns only numbers of pages below `count`;
///   every other access checks its table and slot.
/// - Poison fills the words behind the entries of a page below `initialised`, unless `isTailDirty`.
public struct TableMemory: ~Copyable {
  @usableFromInline let words: UnsafeMutablePointer<UInt64>
  /// Tables in use.
  public private(set) var count = 0
  /// Entries at the front of each page: 2 to the power of the index width.
  public private(set) var entriesPerTable = Pool.wordsPerPage
  private var initialised = 0
  /// Whether a store hit the words behind a table's entries.
  @usableFromInline var isTailDirty = false

  public init() {
    words = .allocate(capacity: Pool.capacity * Pool.wordsPerPage)
  }

  deinit { words.deallocate() }

  /// Drops every table and starts with `tables` new ones, all entries zero.
  ///
  /// - Precondition: at most `Pool.capacity` tables; 1 to 512 entries.
  public mutating func reset(tables: Int, entriesPerTable entries: Int) {
    precondition(tables >= 0 && tables <= Pool.capacity, "more tables than the pool holds")
    precondition(entries > 0 && entries <= Pool.wordsPerPage, "a table is one page")
    if isTailDirty || entries != entriesPerTable {
      poison(pages: 0..<initialised)
      isTailDirty = false
      entriesPerTable = entries
    }
    initialise(upTo: tables)
    count = tables
    for table in 0..<tables {
      words.advanced(by: table * Pool.wordsPerPage).update(repeating: 0, count: entries)
    }
  }

  /// Sets neighbouring words of a table in use: the first to `word`, each next one to `step` more,
  /// modulo 2^64.
  public mutating func fill(
    table: Int, from slot: Int, count filled: Int, with word: UInt64, step: UInt64
  ) {
    checkTable(table)
    precondition(slot >= 0 && filled >= 0 && filled <= Pool.wordsPerPage - slot, "no such slots")
    let first = words.advanced(by: table * Pool.wordsPerPage + slot)
    var next = word
    for place in 0..<filled {
      first[place] = next
      next &+= step
    }
    if slot + filled > entriesPerTable { isTailDirty = true }
  }

  /// Takes the next table into use, its page all poison. Nil if all guarded tables are in use.
  public mutating func add() -> Int? {
    guard count < Pool.guardedTables else { return nil }
    initialise(upTo: count + 1)
    count += 1
    poison(table: count - 1)
    return count - 1
  }

  /// The word at a slot of a table in use; slots behind the entries, up to 511, are readable, too.
  public subscript(table table: Int, slot slot: Int) -> UInt64 {
    get { words[checkedIndex(table, slot)] }
    set {
      words[checkedIndex(table, slot)] = newValue
      if slot >= entriesPerTable { isTailDirty = true }
    }
  }

  /// The number of the word that a pointer points to; negative if it points to no page in use.
  @inlinable @inline(__always)
  public func index(of pointer: EntryPointer) -> Int {
    let distance = pointer.address &- Pool.hostBase
    let table = distance / Pool.strideBytes
    let word = distance % Pool.strideBytes / 8
    guard table < UInt64(truncatingIfNeeded: count), word < UInt64(Pool.wordsPerPage) else {
      return -1
    }
    return Int(truncatingIfNeeded: table &* UInt64(Pool.wordsPerPage) &+ word)
  }

  /// The word with a number that `index(of:)` returned since the last `reset`.
  @inlinable
  public subscript(word index: Int) -> UInt64 {
    @inline(__always) get {
      assert(index >= 0 && index < count * Pool.wordsPerPage)
      return words[index]
    }
    @inline(__always) set {
      assert(index >= 0 && index < count * Pool.wordsPerPage)
      words[index] = newValue
      if index % Pool.wordsPerPage >= entriesPerTable { isTailDirty = true }
    }
  }

  /// Whether `entries` words, from a number that `index(of:)` returned on, are all zero. Nil if they do
  /// not lie in one page.
  @inlinable @inline(__always)
  public func isZero(from index: Int, count entries: Int) -> Bool? {
    guard index % Pool.wordsPerPage + entries <= Pool.wordsPerPage else { return nil }
    // Reads one line per step, because most tables that are not empty have a non-zero word near the
    // start.
    var word = index
    while word + 8 <= index + entries {
      let line = words.advanced(by: word)
      let first = line[0] | line[1] | line[2] | line[3]
      if first | line[4] | line[5] | line[6] | line[7] != 0 { return false }
      word += 8
    }
    while word < index + entries {
      if words[word] != 0 { return false }
      word += 1
    }
    return true
  }

  public mutating func poison(table: Int) {
    checkTable(table)
    words.advanced(by: table * Pool.wordsPerPage)
      .update(repeating: pagePoison, count: isTailDirty ? Pool.wordsPerPage : entriesPerTable)
  }

  public mutating func zero(table: Int) {
    checkTable(table)
    words.advanced(by: table * Pool.wordsPerPage).update(repeating: 0, count: entriesPerTable)
  }

  /// The first slot of a table in use whose entry equals `word`.
  public func slot(of word: UInt64, inTable table: Int) -> Int? {
    withTable(table) { $0[..<entriesPerTable].firstIndex(of: word) }
  }

  /// The 512 words of a table's page, the entries first. The pointer is valid only during the call.
  @inlinable
  public func withTable<Result>(
    _ table: Int, _ body: (UnsafeBufferPointer<UInt64>) throws -> Result
  ) rethrows -> Result {
    checkTable(table)
    return try body(
      UnsafeBufferPointer(
        start: words.advanced(by: table * Pool.wordsPerPage), count: Pool.wordsPerPage))
  }

  /// The contiguous pages of all tables. The pointer is valid as long as this value, and words of pages
  /// from `count` on must not be read.
  public var pages: UnsafePointer<UInt64> { UnsafePointer(words) }

  private mutating func initialise(upTo pages: Int) {
    guard pages > initialised else { return }
    poison(pages: initialised..<pages)
    initialised = pages
  }

  private func poison(pages: Range<Int>) {
    words.advanced(by: pages.lowerBound * Pool.wordsPerPage)
      .initialize(repeating: pagePoison, count: pages.count * Pool.wordsPerPage)
  }

  @inlinable
  func checkTable(_ table: Int) {
    precondition(table >= 0 && table < count, "no such table")
  }

  private func checkedIndex(_ table: Int, _ slot: Int) -> Int {
    checkTable(table)
    precondition(slot >= 0 && slot < Pool.wordsPerPage, "no such slot")
    return table * Pool.wordsPerPage + slot
  }
}
