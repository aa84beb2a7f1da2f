// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("The creation of one mapping")
struct CreateMappingTests {
  /// Calls a `create_*_mapping` on a table.
  private func create(
    _ function: KernelFunction, in bench: inout Bench, table: Int, at address: UInt64,
    pa: UInt64 = 0x1_4800_0000, size: UInt64, protection: UInt64 = 0xe7
  ) {
    bench.call(function, address) {
      $0.table = UInt32(table)
      $0.physical = pa
      $0.blockSize = size
      $0.protection = protection
    }
  }

  @Test("A page goes into its slot, with the caller's protection")
  func page() throws {
    var bench = try Bench("sv48")
    let address: UInt64 = 0xffff_af80_c800_3000
    let table = bench.path(to: .pte, for: address)
    create(.createPteMapping, in: &bench, table: table, at: address, size: 4096, protection: 0x63)
    let outcome = bench.run()
    #expect(outcome.tables[table][3] == 0x148000 << 10 | 0x63)
    #expect(outcome.tables[table].filter { $0 != 0 }.count == 1)
    #expect(outcome.deeds == [])
  }

  @Test("A PTE of any size but a page is a BUG", arguments: [0, 1, 4095, 4097, 0x2000, 1 << 21])
  func wrongSize(size: UInt64) throws {
    var bench = try Bench("sv39")
    let table = bench.path(to: .pte, for: 0xffff_ffd6_c800_0000)
    create(
      .createPteMapping, in: &bench, table: table, at: 0xffff_ffd6_c800_0000, size: size)
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.bug))
    #expect(outcome.tables[table].allSatisfy { $0 == 0 })
  }

  @Test(
    "An existing entry stays: a leaf, a word that is not present, a table",
    arguments: [0x12_3400 << 10 | 0xe7, 3 << 7, 0x4_5678 << 10 | 0xe6] as [UInt64])
  func kept(word: UInt64) throws {
    var bench = try Bench("sv57")
    let address: UInt64 = 0xff60_0000_c800_0000
    let table = bench.path(to: .pmd, for: address)
    bench.set(table, 64, word)
    create(.createPmdMapping, in: &bench, table: table, at: address, size: 1 << 21)
    #expect(bench.run().tables[table][64] == word)
  }

  @Test(
    "Mapping a page from each level makes the tables below, and constructs PTE and PMD tables",
    arguments: [
      (KernelFunction.createPmdMapping, Level.pmd, [Event.anyLevel - 255]),
      (.createPudMapping, .pud, [1, 0]), (.createP4dMapping, .p4d, [255, 1, 0]),
      (.createPgdMapping, .pgd, [255, 255, 1, 0]),
    ])
  func tablesBelow(function: KernelFunction, level: Level, levels: [UInt32]) throws {
    var bench = try Bench("sv57")
    let address: UInt64 = 0xff60_0000_c800_3000
    let table = level == .pgd ? 0 : bench.path(to: level, for: address)
    let old = bench.image.tables.count
    create(function, in: &bench, table: table, at: address, size: 4096)
    let outcome = bench.run()
    #expect(outcome.lives[old...].map(\.level) == levels)
    #expect(outcome.lives[old...].map(\.constructed) == levels.map { $0 == 255 ? 0 : 1 })
    let last = outcome.tables[outcome.tables.count - 1]
    #expect(last[3] == 0x148000 << 10 | 0xe7)
    #expect(last.filter { $0 != 0 }.count == 1)
  }

  @Test(
    "The table below the root is of the highest level that is not folded",
    arguments: [("sv39", 2, [1, 0]), ("sv48", 3, [255, 1, 0])] as [(String, Int, [UInt32])])
  func belowRoot(mode: String, count: Int, levels: [UInt32]) throws {
    var bench = try Bench(mode)
    let address = bench.layout.pageOffset + 0xc800_0000
    create(.createPgdMapping, in: &bench, table: 0, at: address, size: 4096)
    let outcome = bench.run()
    #expect(outcome.tables.count == 1 + count)
    #expect(outcome.lives[1...].map(\.level) == levels)
  }

  @Test("A leaf in the way of a page is taken for a table: the access faults")
  func leafWalked() throws {
    var bench = try Bench("sv39")
    let address: UInt64 = 0xffff_ffd6_c800_5000
    let table = bench.path(to: .pmd, for: address)
    bench.leaf(table, 64, pfn: 0x14_8000)
    create(.createPmdMapping, in: &bench, table: table, at: address, size: 4096)
    // The fifth entry in the memory that the leaf maps.
    #expect(bench.run().ending == Ending(.wildAccess, address: 0xffff_ffd6_c800_0028))
  }

  @Test(
    "A failed allocation of any table is a BUG, and the tables before it stay linked",
    arguments: 1...4)
  func outOfMemory(failing: Int) throws {
    var bench = try Bench("sv57")
    let address: UInt64 = 0xff60_0000_c800_3000
    bench.image.failingAllocation = UInt32(failing)
    create(.createPgdMapping, in: &bench, table: 0, at: address, size: 4096)
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.bug))
    #expect(outcome.tables.count == failing)
    // From the root on each table has one entry, except for the last one, whose table could not be allocated.
    #expect(
      outcome.tables.map { page in page.count { $0 != 0 } } == Array(
        repeating: 1, count: failing - 1) + [0])
  }

  @Test(
    "alloc_*_late return the page's physical address",
    arguments: [
      (KernelFunction.allocPteLate, UInt32(0), Int32(1)), (.allocPmdLate, 1, 1),
      (.allocPudLate, 255, 0),
      (.allocP4dLate, 255, 0),
    ])
  func late(function: KernelFunction, level: UInt32, constructed: Int32) throws {
    var bench = try Bench("sv48")
    bench.call(function)
    let outcome = bench.run()
    #expect(outcome.events.last == returned(0, bench.pfn(1) << 12))
    #expect(outcome.lives[1].level == level && outcome.lives[1].constructed == constructed)
  }

  @Test(
    "get_*_virt_late use the linear map's formula",
    arguments: [
      KernelFunction.getPteVirtLate, .getPmdVirtLate, .getPudVirtLate, .getP4dVirtLate,
    ])
  func virtualAddress(function: KernelFunction) throws {
    var bench = try Bench("sv39")
    bench.call(function) { $0.physical = 0x8020_1000 }
    #expect(bench.run().events.last == returned(0, 0xffff_ffd6_0020_1000))
  }
}
