// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

@testable import Machine

@Suite("Memory that is a file")
struct MappedRAMTests {
  /// Runs a test with a file of these bytes, and then removes the file.
  private func withFile(_ bytes: [UInt8], _ body: (String) throws -> Void) throws {
    let folder = try PrivateFolder()
    try body(try folder.write("memory", bytes))
  }

  @Test("gives words and pages by their physical addresses")
  func words() throws {
    var bytes = [UInt8](repeating: 0, count: 8192)
    bytes[4096] = 0x12
    bytes[8191] = 0xff
    try withFile(bytes) { path in
      let memory = try #require(MappedRAM(path: path, base: 0x8000_0000))
      #expect(memory.word(at: 0x8000_1000) == 0x12)
      #expect(memory.page(pfn: 0x80001)?.first == 0x12)
      #expect(memory.page(pfn: 0x80001)?.last == 0xff00_0000_0000_0000)
      #expect(memory.page(pfn: 0x80000)?.allSatisfy { $0 == 0 } == true)
    }
  }

  @Test(
    "gives nothing outside of it, and no word that is not aligned",
    arguments: [0x7fff_fff8, 0x8000_2000, 0x8000_0004, 0, .max - 7] as [UInt64])
  func outside(address: UInt64) throws {
    try withFile([UInt8](repeating: 1, count: 8192)) { path in
      let memory = try #require(MappedRAM(path: path, base: 0x8000_0000))
      #expect(memory.word(at: address) == nil)
    }
  }

  @Test("shows what another process writes into the file")
  func shared() throws {
    try withFile([UInt8](repeating: 0, count: 4096)) { path in
      let memory = try #require(MappedRAM(path: path, base: 0))
      let file = try FileHandle(forUpdating: URL(fileURLWithPath: path))
      try file.write(contentsOf: Data([7]))
      try file.close()
      #expect(memory.word(at: 0) == 7)
    }
  }

  @Test("needs a file, a whole page and an aligned address")
  func none() throws {
    #expect(MappedRAM(path: "/nonexistent/ram", base: 0) == nil)
    try withFile([1, 2, 3]) { #expect(MappedRAM(path: $0, base: 0) == nil) }
    try withFile([UInt8](repeating: 0, count: 4096)) {
      #expect(MappedRAM(path: $0, base: 0x800) == nil)
    }
  }
}

@Suite("The translation of an address")
struct TranslationTests {
  private let bits = Architecture.riscv.entryBits

  @Test(
    "is found through tables, and in leaves of every level", arguments: Architecture.riscv.modes)
  func found(mode: PagingMode) throws {
    let layout = AddressLayout(mode: mode)
    let address = layout.virtual(ofPhysical: 0x1_2345_6000)
    for leaf in mode.levels {
      var pages: [UInt64: [UInt64]] = [:]
      var pfn: UInt64 = 10
      for level in mode.levels.reversed() where level >= leaf {
        var words = [UInt64](repeating: 0, count: 512)
        let size = layout.size(of: level) >> 12
        words[layout.index(of: address, at: level)] =
          level == leaf
          ? bits.leafWord(pfn: (0x1_2345_6 / size) * size, protection: bits.kernel)
          : bits.tableWord(pfn: pfn + 1)
        pages[pfn] = words
        pfn += 1
      }
      let found = Translation.physical(of: address + 0x123, root: 10, layout: layout) { pages[$0] }
      let mask = layout.size(of: leaf) - 1
      #expect(found == (0x1_2345_6000 & ~mask) + ((address + 0x123) & mask), "\(leaf.name)")
    }
  }

  @Test("does not exist if nothing is mapped, or if a table cannot be read")
  func none() {
    let layout = AddressLayout(mode: Architecture.riscv.modes[0])
    let empty = [UInt64](repeating: 0, count: 512)
    #expect(
      Translation.physical(of: layout.pageOffset, root: 1, layout: layout) { _ in empty } == nil)
    let lost = [UInt64](repeating: bits.tableWord(pfn: 99), count: 512)
    #expect(
      Translation.physical(of: layout.pageOffset, root: 1, layout: layout) { $0 == 1 ? lost : nil }
        == nil)
  }
}
