// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine

@Suite("The walk of reachable tables")
struct PageTableWalkTests {
  let bits = Architecture.riscv.entryBits

  private func layout(_ name: String, indexBits: UInt64 = 9) throws -> AddressLayout {
    AddressLayout(
      mode: try #require(Architecture.riscv.mode(named: name)), indexBits: indexBits)
  }

  private func emptyTable() -> [UInt64] { [UInt64](repeating: 0, count: 512) }

  @Test("Sv39: root, PMD and PTE tables and a page, with their addresses")
  func path() throws {
    let layout = try layout("sv39")
    var tables = [emptyTable(), emptyTable(), emptyTable()]
    tables[0][344] = bits.tableWord(pfn: Pool.pfn(ofTable: 1, in: layout))
    tables[1][2] = bits.tableWord(pfn: Pool.pfn(ofTable: 2, in: layout))
    tables[2][3] = bits.leafWord(pfn: 0x80403, protection: bits.kernel)

    let walk = PageTableWalk(tables, layout: layout)
    #expect(walk.tables.map(\.number) == [0, 1, 2])
    #expect(walk.tables.map(\.level) == [.pgd, .pmd, .pte])
    #expect(walk.tables.last?.address == 0xffff_ffd6_0040_0000)
    #expect(walk.entries.map(\.kind) == [.table(1), .table(2), .leaf])
    #expect(walk.entries.last?.address == 0xffff_ffd6_0040_3000)
  }

  @Test("The walk distinguishes leaves, absent entries and pointers to nowhere")
  func kinds() throws {
    let layout = try layout("sv48")
    var root = emptyTable()
    root[0] = bits.leafWord(pfn: 0x80000, protection: bits.kernel)
    root[1] = 0x20
    root[511] = bits.tableWord(pfn: 0x1234)
    let walk = PageTableWalk([root], layout: layout)
    #expect(walk.entries.map(\.kind) == [.leaf, .nonPresent, .wild])
    #expect(walk.entries.map(\.slot) == [0, 1, 511])
  }

  @Test("The walk ends even if tables point at themselves", arguments: ["sv39", "sv57"])
  func cycles(mode: String) throws {
    let layout = try layout(mode)
    let own = bits.tableWord(pfn: Pool.pfn(ofTable: 0, in: layout))
    let walk = PageTableWalk([[UInt64](repeating: own, count: 512)], layout: layout)
    #expect(walk.tables.count == layout.mode.levelCount)
  }

  @Test("The words behind the entries of a small table are not walked")
  func smallTables() throws {
    let layout = try layout("sv39", indexBits: 2)
    var memory = TableMemory()
    memory.reset(tables: 2, entriesPerTable: 4)
    memory[table: 0, slot: 3] = bits.tableWord(pfn: Pool.pfn(ofTable: 1, in: layout))
    let walk = PageTableWalk(memory, layout: layout)
    #expect(walk.tables.map(\.number) == [0, 1])
    #expect(walk.entries.count == 1)
    // Slot 3 of 4: the top quarter of 2^18 bytes, so the last 2^16 of the address space.
    #expect(walk.entries.first?.address == 0xffff_ffff_ffff_0000)
  }

  @Test("The walk is empty if there is no table")
  func nothing() throws {
    let walk = PageTableWalk([], layout: try layout("sv39"))
    #expect(walk.tables.isEmpty && walk.entries.isEmpty)
  }
}
