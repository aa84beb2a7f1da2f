// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("The population of the memmap")
struct MemmapPopulationTests {
  /// On Sv39 this is in slot 276 of the root; the section's leaf is in slot 64.
  private let memmap: UInt64 = 0xffff_ffc5_0800_0000
  private let section: UInt64 = 1 << 21
  /// The first block: 0x1800000 pages from the start of RAM, aligned to 512.
  private let block: UInt64 = 0x80000 + 0x180_0000
  private let noMemory = UInt64(bitPattern: -12)

  @Test("A section takes a table without a constructor, and a block of 512 pages")
  func plain() throws {
    var bench = try Bench("sv39")
    bench.call(.vmemmapPopulate, memmap, memmap + section)
    let outcome = bench.run()
    #expect(
      outcome.events == [
        Event(.allocate, detail: 1, a: bench.pfn(1)), Event(.allocate, detail: 1, a: block, b: 9),
        returned(),
      ])
    #expect(outcome.tables[1][64] == block << 10 | 0xe7)
    #expect(outcome.lives[1].constructed == 0)
  }

  @Test("An altmap gives its next pages, aligned, and is charged for them")
  func altmap() throws {
    var bench = try Bench("sv39")
    bench.image.altmaps = [
      AltmapState(
        basePFN: 0x140000, endPFN: 0x14ffff, reserve: 0x10, free: 0x8000, align: 0, alloc: 1)
    ]
    bench.call(.vmemmapPopulate, memmap, memmap + 2 * section) { $0.altmap = 1 }
    let outcome = bench.run()
    // The next page is 0x11 pages above the base; the next boundary of 512 is 0x1ef further.
    #expect(outcome.tables[1][64] == 0x140200 << 10 | 0xe7)
    #expect(outcome.tables[1][65] == 0x140400 << 10 | 0xe7)
    #expect(outcome.altmapAllocs == [0x401])
    #expect(outcome.kinds == [.allocate])
  }

  @Test(
    "An altmap that is one page short gives -ENOMEM, without a fallback",
    arguments: [0x200, 0x1ff] as [UInt64])
  func shortAltmap(free: UInt64) throws {
    var bench = try Bench("sv39")
    bench.image.altmaps = [
      AltmapState(basePFN: 0x140000, endPFN: 0x14ffff, reserve: 0, free: free, align: 0, alloc: 0)
    ]
    bench.call(.vmemmapPopulate, memmap, memmap + section) { $0.altmap = 1 }
    let outcome = bench.run()
    let fits = free == 0x200
    #expect(outcome.events.last == returned(0, fits ? 0 : noMemory))
    #expect(outcome.altmapAllocs == [fits ? 0x200 : 0])
  }

  @Test("Without a block, single pages are used, in a PTE table without a constructor")
  func singlePages() throws {
    var bench = try Bench("sv39")
    bench.image.failingAllocation = 2
    bench.call(.vmemmapPopulate, memmap + 0x1000, memmap + 0x3000)
    let outcome = bench.run()
    #expect(outcome.tables[1][64] == bench.pfn(2) << 10 | 1)
    #expect(outcome.tables[2][1] == bench.pfn(3) << 10 | 0xe7)
    #expect(outcome.tables[2][2] == bench.pfn(4) << 10 | 0xe7)
    #expect(outcome.tables[2].filter { $0 != 0 }.count == 2)
    #expect(outcome.kinds == [.allocate, .allocate, .allocate, .allocate])
  }

  @Test(
    "Any word in the PMD counts as populated",
    arguments: [0x12_3400 << 10 | 0xe7, 3 << 7] as [UInt64])
  func populated(word: UInt64) throws {
    var bench = try Bench("sv39")
    let table = bench.path(to: .pmd, for: memmap, isConstructed: false)
    bench.set(table, 64, word)
    bench.call(.vmemmapPopulate, memmap, memmap + section)
    let outcome = bench.run()
    #expect(outcome.tables[table][64] == word)
    #expect(outcome.events == [returned()])
  }

  @Test(
    "A failed allocation of a table is -ENOMEM, and the tables before it stay",
    arguments: 0...3)
  func outOfMemory(budget: Int) throws {
    var bench = try Bench("sv57")
    bench.image.allocationBudget = UInt32(budget)
    let start: UInt64 = 0xff1c_0000_0800_0000
    bench.call(.vmemmapPopulate, start, start + section)
    let outcome = bench.run()
    #expect(outcome.events.last == returned(0, noMemory))
    #expect(outcome.tables.count == min(budget, 3) + 1)
  }

  @Test(
    "Tables and blocks are allocated on the node that the caller names",
    arguments: [-1, 0, 1, 3])
  func node(number: Int32) throws {
    var bench = try Bench("sv48")
    let start: UInt64 = 0xffff_8d80_0800_0000
    bench.call(.vmemmapPopulate, start, start + section) { $0.node = number }
    let asked = bench.run().events.filter { $0.kind == EventKind.allocate.rawValue }
    #expect(asked.count == 3)
    #expect(asked.allSatisfy { $0.detail == UInt32(number + 1) })
    #expect(asked.allSatisfy { $0.askedNode == (number == -1 ? nil : number) })
  }

  @Test("By pages, as in 6.1, no block is allocated, and a word in the PMD points to a table")
  func byPages() throws {
    var bench = try Bench("sv39")
    bench.call(.vmemmapPopulate, memmap + 0x1000, memmap + 0x3000)
    let outcome = bench.run(in: [.memmapByPages])
    #expect(outcome.tables[1][64] == bench.pfn(2) << 10 | 1)
    #expect(outcome.tables[2].prefix(512).filter { $0 != 0 }.count == 2)
    #expect(!outcome.events.contains { $0.kind == EventKind.allocate.rawValue && $0.b > 0 })
  }

  @Test(
    "If no altmap is passed on, memory comes from the page allocator", arguments: [false, true])
  func withoutAltmap(byPages: Bool) throws {
    var bench = try Bench("sv39")
    bench.image.altmaps = [
      AltmapState(basePFN: 0x140000, endPFN: 0x14ffff, reserve: 0, free: 0x8000, align: 0, alloc: 0)
    ]
    bench.call(.vmemmapPopulate, memmap, memmap + section) { $0.altmap = 1 }
    let outcome = bench.run(
      in: byPages ? [.memmapByPages, .memmapWithoutAltmap] : [.memmapWithoutAltmap])
    #expect(outcome.altmapAllocs == [0])
    #expect(outcome.events.count { $0.kind == EventKind.allocate.rawValue } == (byPages ? 514 : 2))
  }

  @Test(
    "In 7.2, a leaf counts as populated, and the holes of a table are filled",
    arguments: [true, false])
  func populatedIsLeaf(isLeaf: Bool) throws {
    var bench = try Bench("sv39")
    let pmd = bench.path(to: .pmd, for: memmap, isConstructed: false)
    if isLeaf {
      bench.leaf(pmd, 64, pfn: 0x12_3400)
    } else {
      let pte = bench.table(.pte, isConstructed: false)
      bench.link(pmd, 64, to: pte)
    }
    bench.call(.vmemmapPopulate, memmap, memmap + section)
    bench.call(.vmemmapCheckPmd) {
      $0.parentTable = UInt32(pmd)
      $0.parentSlot = 64
    }
    let outcome = bench.run(in: [.populatedIsLeaf])
    #expect(outcome.events.last == returned(1, isLeaf ? 1 : 0))
    #expect(outcome.events.count { $0.kind == EventKind.allocate.rawValue } == (isLeaf ? 0 : 512))
  }

  @Test("vmemmap_set_pmd maps a block as a leaf, and vmemmap_check_pmd accepts any entry")
  func hooks() throws {
    var bench = try Bench("sv48")
    let table = bench.path(to: .pmd, for: 0xffff_8d80_0800_0000)
    bench.call(.vmemmapSetPmd) {
      $0.parentTable = UInt32(table)
      $0.parentSlot = 64
      $0.physical = 0x1_4820_0fff
    }
    bench.call(.vmemmapCheckPmd) {
      $0.parentTable = UInt32(table)
      $0.parentSlot = 65
    }
    let outcome = bench.run()
    #expect(outcome.tables[table][64] == 0x148200 << 10 | 0xe7)
    #expect(outcome.events == [returned(), returned(1, 1)])
  }
}
