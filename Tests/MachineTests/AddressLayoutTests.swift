// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine

/// Values from running kernels, and the formulas of the contract computed by hand.
@Suite("Addresses of a paging mode")
struct AddressLayoutTests {
  struct Facts: CustomTestStringConvertible, Sendable {
    var mode: String
    var pageOffset: UInt64
    var vmemmapStart: UInt64
    var pageEnd: UInt64
    var lastMappable: UInt64
    var shifts: [UInt64]
    var testDescription: String { mode }
  }

  static let facts = [
    Facts(
      mode: "sv39", pageOffset: 0xffff_ffd6_0000_0000, vmemmapStart: 0xffff_ffc5_0000_0000,
      pageEnd: 0xffff_fff7_0000_0000, lastMappable: 0xffff_fff8_001f_ffff,
      shifts: [12, 21, 30, 30, 30]),
    Facts(
      mode: "sv48", pageOffset: 0xffff_af80_0000_0000, vmemmapStart: 0xffff_8d80_0000_0000,
      pageEnd: 0xffff_ef80_0000_0000, lastMappable: 0x4000_7fff_ffff,
      shifts: [12, 21, 30, 39, 39]),
    Facts(
      mode: "sv57", pageOffset: 0xff60_0000_0000_0000, vmemmapStart: 0xff1c_0000_0000_0000,
      pageEnd: 0xffdf_0000_0000_0000, lastMappable: 0x7f_0000_7fff_ffff,
      shifts: [12, 21, 30, 39, 48]),
  ]

  private func layout(_ name: String) throws -> AddressLayout {
    AddressLayout(mode: try #require(Architecture.riscv.mode(named: name)))
  }

  @Test("PAGE_OFFSET, VMEMMAP_START and PAGE_END are those of running kernels", arguments: facts)
  func bases(_ facts: Facts) throws {
    let layout = try layout(facts.mode)
    #expect(layout.pageOffset == facts.pageOffset)
    #expect(layout.vmemmapStart == facts.vmemmapStart)
    #expect(layout.pageEnd == facts.pageEnd)
    #expect(layout.physical(ofVirtual: layout.pageEnd - 1) == facts.lastMappable)
  }

  @Test("Shifts are the kernel's, those of folded levels included", arguments: facts)
  func shifts(_ facts: Facts) throws {
    let layout = try layout(facts.mode)
    #expect(Level.allCases.map { layout.shift(of: $0) } == facts.shifts)
  }

  @Test("The linear map starts with the first byte of RAM", arguments: facts)
  func linearMap(_ facts: Facts) throws {
    let layout = try layout(facts.mode)
    #expect(layout.virtual(ofPhysical: 0x8000_0000) == facts.pageOffset)
    #expect(layout.physical(ofVirtual: facts.pageOffset) == 0x8000_0000)
  }

  @Test("Sv39's linear map starts at root slot 344 and its memmap at 276")
  func rootSlots() throws {
    let layout = try layout("sv39")
    #expect(layout.index(of: layout.pageOffset, at: .pgd) == 344)
    #expect(layout.index(of: layout.vmemmapStart, at: .pgd) == 276)
  }

  @Test("A section of 128 MiB has a memmap of one 2 MiB leaf", arguments: facts)
  func memmapOfASection(_ facts: Facts) throws {
    let layout = try layout(facts.mode)
    let pages: UInt64 = (128 << 20) >> 12
    #expect(layout.structPage(ofPFN: 0x80000) == facts.vmemmapStart)
    #expect(
      layout.structPage(ofPFN: 0x80000 + pages) - facts.vmemmapStart == layout.size(of: .pmd))
  }

  @Test("A table's PFN fits an entry and leads back to the table's host address", arguments: facts)
  func poolPFNs(_ facts: Facts) throws {
    let layout = try layout(facts.mode)
    for table in [0, 1, 4095] {
      let pfn = Pool.pfn(ofTable: table, in: layout)
      #expect(pfn < 1 << 44)
      #expect(layout.virtual(ofPhysical: pfn << 12) == 0x2000_0000_0000 + UInt64(table) * 0x4000)
      #expect(Pool.table(ofPFN: pfn, in: layout) == table)
      #expect(Pool.table(ofPFN: pfn + 1, in: layout) == nil)
    }
    #expect(Pool.table(ofPFN: Pool.basePFN(in: layout) + 40960 * 4, in: layout) == nil)
    #expect(Pool.table(ofPFN: Pool.basePFN(in: layout) - 4, in: layout) == nil)
  }
}

@Suite("Bits of an entry")
struct EntryBitsTests {
  let bits = Architecture.riscv.entryBits

  @Test("The kernel's data protection is 0xe7, and a PFN stands from bit 10 to bit 53")
  func words() {
    #expect(bits.kernel == 0xe7)
    #expect(bits.leafWord(pfn: 0x80000, protection: 0xe7) == 0x2000_00e7)
    #expect(bits.tableWord(pfn: 0x80001) == 0x2000_0401)
    #expect(bits.pfn(of: 0xffc0_0000_2000_04e7) == 0x80001)
  }

  @Test("A leaf is valid with read, write or execute; a table is valid with none")
  func kinds() {
    for leaf: UInt64 in [0x3, 0x5, 0x9, 0xe7] {
      #expect(bits.isLeaf(leaf) && !bits.isTable(leaf), "\(leaf)")
    }
    #expect(bits.isTable(0x2000_0401) && !bits.isLeaf(0x2000_0401))
    for absent: UInt64 in [0, 0x2, 0x20, 0x2000_00e6] {
      #expect(!bits.isLeaf(absent) && !bits.isTable(absent), "\(absent)")
    }
  }

  @Test("Poison reads as a present leaf")
  func poison() {
    #expect(bits.isLeaf(pagePoison))
  }
}
