// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine

@Suite("Table memory")
struct TableMemoryTests {
  @Test("A small table has its entries in front and poison behind", arguments: [2, 4, 512])
  func freshTables(entries: Int) {
    var memory = TableMemory()
    memory.reset(tables: 2, entriesPerTable: entries)
    for table in 0..<2 {
      let words = memory.withTable(table) { Array($0) }
      #expect(words[..<entries].allSatisfy { $0 == 0 })
      #expect(words[entries...].allSatisfy { $0 == pagePoison })
      #expect(words.count == 512)
    }
  }

  @Test("An added page is all poison, and no page is added beyond the guarded tables")
  func adding() {
    var memory = TableMemory()
    memory.reset(tables: Pool.guardedTables - 1, entriesPerTable: 4)
    let added = memory.add()
    #expect(added == Pool.guardedTables - 1)
    #expect(memory.withTable(Pool.guardedTables - 1) { $0.allSatisfy { $0 == pagePoison } })
    let beyond = memory.add()
    #expect(beyond == nil)
    #expect(memory.count == Pool.guardedTables)
  }

  @Test("A case leaves nothing in the next one, not even stores behind the entries")
  func resetting() {
    var memory = TableMemory()
    memory.reset(tables: 1, entriesPerTable: 4)
    memory[table: 0, slot: 3] = 7
    memory[table: 0, slot: 9] = 8
    memory.reset(tables: 1, entriesPerTable: 4)
    #expect(memory[table: 0, slot: 3] == 0)
    #expect(memory[table: 0, slot: 9] == pagePoison)
  }

  @Test("A change of the index width lays every page out anew")
  func changingWidth() {
    var memory = TableMemory()
    memory.reset(tables: 2, entriesPerTable: 512)
    memory[table: 1, slot: 100] = 7
    memory.reset(tables: 1, entriesPerTable: 2)
    let added = memory.add()
    #expect(added == 1)
    #expect(memory.withTable(1) { $0.allSatisfy { $0 == pagePoison } })
    #expect(memory[table: 0, slot: 2] == pagePoison)
  }

  @Test("A run of words steps from slot to slot and touches no other")
  func filling() {
    var memory = TableMemory()
    memory.reset(tables: 2, entriesPerTable: 512)
    memory.fill(table: 1, from: 509, count: 3, with: 5, step: .max)
    #expect(memory.withTable(1) { Array($0[508...]) } == [0, 5, 4, 3])
    #expect(memory.withTable(0) { $0.allSatisfy { $0 == 0 } })
    memory.fill(table: 0, from: 7, count: 0, with: 5, step: 1)
    #expect(memory[table: 0, slot: 7] == 0)
  }

  @Test("The words of a run beyond a small table are gone in the next case")
  func fillingBehind() {
    var memory = TableMemory()
    memory.reset(tables: 1, entriesPerTable: 2)
    memory.fill(table: 0, from: 1, count: 2, with: 5, step: 1)
    #expect(memory[table: 0, slot: 2] == 6)
    memory.reset(tables: 1, entriesPerTable: 2)
    #expect(memory[table: 0, slot: 2] == pagePoison)
  }

  @Test("Freeing poisons the whole page, a word behind the entries included")
  func poisoning() {
    var memory = TableMemory()
    memory.reset(tables: 1, entriesPerTable: 4)
    memory[table: 0, slot: 9] = 8
    memory.poison(table: 0)
    #expect(memory.withTable(0) { $0.allSatisfy { $0 == pagePoison } })
  }

  @Test("A pointer is valid only on the page of a table in use")
  func pointers() {
    var memory = TableMemory()
    memory.reset(tables: 2, entriesPerTable: 512)
    #expect(memory.index(of: EntryPointer(table: 0, slot: 0)) == 0)
    #expect(memory.index(of: EntryPointer(table: 1, slot: 511)) == 1023)
    #expect(memory.index(of: EntryPointer(table: 0, slot: 512)) < 0)
    #expect(memory.index(of: EntryPointer(table: 2, slot: 0)) < 0)
    #expect(memory.index(of: EntryPointer(address: 0x1fff_ffff_fff8)) < 0)
    #expect(memory.index(of: EntryPointer(address: 0)) < 0)
    #expect(memory.index(of: EntryPointer(address: .max)) < 0)
  }

  @Test("A pointer behind a table still has its table and slot")
  func places() throws {
    let place = try #require((EntryPointer(table: 3, slot: 344) + 688).place)
    #expect(place.table == 3)
    #expect(place.slot == 1032)
    #expect(EntryPointer(address: 0x2000_0000_0000 - 8).place == nil)
    #expect(EntryPointer(table: 40960, slot: 0).place == nil)
  }
}
