// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

/// Fix a0188cc13369: before it, `remove_p4d_mapping` and `remove_pud_mapping` indexed the entry of a
/// folded level a second time.
@Suite("Folded levels")
struct FoldedLevelTests {
  private func oneLeaf(_ mode: String) throws -> Bench {
    var bench = try Bench(mode)
    let pmdTable = bench.path(to: .pmd, for: bench.layout.pageOffset)
    bench.leaf(pmdTable, 0, pfn: 0x80000)
    bench.call(.removeLinearMapping, 0x8000_0000, 2 << 20)
    return bench
  }

  @Test("As merged, Sv39 reads root slot 344 + 344 as the P4D; the PUD would be slot 1032")
  func overrunOnSv39() throws {
    let outcome = try oneLeaf("sv39").run(fixes: .noVmemmapPmdDestructor)
    #expect(outcome.ending == Ending(.overrun, table: 0, slot: 688))
    #expect(outcome.events.isEmpty)
  }

  @Test("As merged, Sv48 reads root slot 351 + 351 as the P4D")
  func overrunOnSv48() throws {
    let outcome = try oneLeaf("sv48").run(fixes: .asMerged)
    #expect(outcome.ending == Ending(.overrun, table: 0, slot: 702))
  }

  @Test("Sv57 has no folded level and was right as merged")
  func noOverrunOnSv57() throws {
    let bench = try oneLeaf("sv57")
    #expect(bench.run(fixes: .asMerged) == bench.run(fixes: .latest))
    #expect(bench.run(fixes: .asMerged).ending == Ending(.finished))
  }

  @Test("With the fix the folded entry is the base, in every mode", arguments: modes)
  func withTheFix(mode: String) throws {
    let outcome = try oneLeaf(mode).run(fixes: .foldedEntryIsBase)
    #expect(outcome.ending == Ending(.finished))
    #expect(outcome.deeds.first?.kind == EventKind.clear.rawValue)
  }

  @Test("A folded PUD gets its own entry as the base: slot 344 of the root")
  func directCall() throws {
    var bench = try oneLeaf("sv39")
    let start = bench.layout.pageOffset
    bench.image.operations = []
    bench.call(.removePudMapping, start, start + (2 << 20)) { $0.parentSlot = 344 }
    #expect(bench.run().deeds == [Event(.clear, a: 1, b: 0, c: 1)])
    #expect(bench.run(fixes: .asMerged).ending == Ending(.overrun, table: 0, slot: 688))
  }

  @Test("An overrun names its operation, and earlier events stay")
  func secondOperation() throws {
    var bench = try oneLeaf("sv39")
    bench.image.operations.insert(Operation(.archGetMappableRange), at: 0)
    let outcome = bench.run(fixes: .asMerged)
    #expect(outcome.ending == Ending(.overrun, operation: 1, table: 0, slot: 688))
    #expect(outcome.events.count == 1)
  }

  @Test("As merged, a small Sv39 root walks the wrong entry: 1 + 1 + 1 is slot 3")
  func wrongEntryInSmallRoot() throws {
    var bench = try Bench("sv39", indexBits: 2)
    let right = bench.table(.pmd)
    let wrong = bench.table(.pmd)
    bench.link(0, 1, to: right)
    bench.link(0, 3, to: wrong)
    bench.leaf(right, 0, pfn: 0x90000)
    bench.leaf(wrong, 0, pfn: 0xa0000)
    let start: UInt64 = 1 << 16
    bench.call(.removePgdMapping, start, start + (1 << 14))
    #expect(bench.run().deeds == [Event(.clear, a: 1, b: 0, c: 1), flush])
    #expect(bench.run(fixes: .asMerged).deeds == [Event(.clear, a: 2, b: 0, c: 1), flush])
  }

  @Test("As merged, a small Sv39 root reads poison behind its entries and takes it for a leaf")
  func poisonBehindSmallRoot() throws {
    var bench = try Bench("sv39", indexBits: 2)
    let pmdTable = bench.table(.pmd)
    bench.link(0, 3, to: pmdTable)
    bench.leaf(pmdTable, 0, pfn: 0x90000)
    let start: UInt64 = 3 << 16
    bench.call(.removePgdMapping, start, start + (1 << 14))
    #expect(bench.run(fixes: .asMerged).deeds == [flush])
  }

  @Test("As merged, a small Sv48 root follows poison to a page that is no table")
  func poisonAsPointer() throws {
    var bench = try Bench("sv48", indexBits: 2)
    bench.link(0, 3, to: bench.table(.pud))
    let start: UInt64 = 3 << 18 | 2 << 16
    bench.call(.removePgdMapping, start, start + (1 << 14))
    // Bits 10 to 53 of the poison are a PFN; the walk reads PUD slot 2 of that page.
    let pfn: UInt64 = 0xada_dada_dada
    let address = pfn << 12 &+ 0xffff_af80_0000_0000 &- 0x8000_0000 &+ 16
    #expect(bench.run(fixes: .asMerged).ending == Ending(.wildAccess, address: address))
  }

  @Test("Small roots behave like large ones", arguments: modes, [1, 2] as [UInt64])
  func smallGeometry(mode: String, indexBits: UInt64) throws {
    var bench = try Bench(mode, indexBits: indexBits)
    let pteTable = bench.path(to: .pte, for: 0)
    bench.leaf(pteTable, 0, pfn: 0x90000)
    bench.leaf(pteTable, 1, pfn: 0x90001)
    bench.call(.removePgdMapping, 0, 0x2000)
    let outcome = bench.run()
    #expect(outcome.ending == Ending(.finished))
    // The removal frees all tables but the root and the one below it.
    #expect(outcome.lives.map(\.live) == [1, 1] + outcome.lives.dropFirst(2).map { _ in 0 })
    #expect(outcome.deeds.first == Event(.clear, a: UInt64(pteTable), b: 0, c: 2))
  }
}
