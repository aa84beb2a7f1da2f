// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab
@testable import Machine
@testable import Port

@Suite("The capture of a kernel's tables")
struct TableCaptureTests {
  private let layout = AddressLayout(mode: Architecture.riscv.modes[0])
  private let bits = Architecture.riscv.entryBits

  /// Page 1 is the root, page 2 is a PMD table for the GiB of `address`, with one leaf.
  private func memory(_ address: UInt64) -> [UInt64: [UInt64]] {
    var root = [UInt64](repeating: 0, count: 512)
    var pmd = root
    root[layout.index(of: address, at: .pgd)] = bits.tableWord(pfn: 2)
    pmd[layout.index(of: address, at: .pmd)] = bits.leafWord(
      pfn: 0x10_0000, protection: bits.kernel)
    return [1: root, 2: pmd]
  }

  @Test("follows only tables that translate the requested windows")
  func windows() throws {
    let address = layout.virtual(ofPhysical: 0x1_0000_0000)
    let memory = memory(address)
    let inside = TableCapture(layout: layout, windows: [address..<address + 0x20_0000])
    let tables = try #require(inside.tables(root: 1) { memory[$0] })
    #expect(tables.map(\.pfn) == [1, 2])
    #expect(tables.map(\.level) == [.pgd, .pmd])
    let elsewhere = address + (1 << 30)
    let outside = TableCapture(layout: layout, windows: [elsewhere..<elsewhere + 0x20_0000])
    #expect(outside.tables(root: 1) { memory[$0] }?.map(\.pfn) == [1])
  }

  @Test("fails if a table lies outside of memory")
  func wild() {
    let address = layout.virtual(ofPhysical: 0x1_0000_0000)
    var memory = memory(address)
    memory[2] = nil
    let capture = TableCapture(layout: layout, windows: [address..<address + 0x20_0000])
    #expect(capture.tables(root: 1) { memory[$0] } == nil)
  }

  @Test("ends if every entry points to the same page")
  func cycle() {
    let table = [UInt64](repeating: bits.tableWord(pfn: 1), count: 512)
    let all = UInt64(0)..<UInt64.max
    let capture = TableCapture(layout: layout, windows: [all])
    #expect(capture.tables(root: 1) { _ in table } == nil)
  }

  @Test("folds neighbours with a constant step into one run, and restores the words")
  func runs() {
    var words = [UInt64](repeating: 0, count: 512)
    for slot in 8..<12 { words[slot] = 0xe7 + UInt64(slot) << 19 }
    words[12] = 7
    words[500] = 9
    let runs = TableCapture.runs(of: words)
    #expect(runs.map(\.slot) == [8, 12, 500])
    #expect(runs.map(\.count) == [4, 1, 1])
    let table = KernelTable(pfn: 1, level: .pmd, runs: runs)
    #expect(TableWords(table).words == words)
  }

  @Test("from a stranger's recording stays within its tables")
  func hostileRuns() {
    let table = KernelTable(
      pfn: 1, level: .pmd,
      runs: [
        .init(slot: -5, count: 10, word: 1), .init(slot: 510, count: .max, word: 3, step: .max),
        .init(slot: .max, count: 1, word: 4), .init(slot: 3, count: -1, word: 5),
      ])
    let words = TableWords(table).words
    #expect(words.count == 512)
    #expect(words[510] == 3)
    #expect(words[511] == 2)
    #expect(words[..<510].allSatisfy { $0 == 0 })
  }
}
