// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of creation")
struct CreationRuleTests {
  static let wrongDoings = entries + tables + root + answers

  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  /// The number of the first table that the call made.
  private static func new(_ deeds: Deeds) -> Int { deeds.image.tables.count }

  private static func leaf(_ deeds: Deeds, pfn: UInt64? = nil) -> Violation.Evidence {
    .leaf(
      address: deeds.layout.canonical(deeds.layout.homeAddress), level: .pmd,
      pfn: pfn ?? deeds.layout.homePFN, isPartial: false)
  }

  private static let entries = [
    WrongDoing(
      .entryOverwritten, "makes a leaf of a word that is neither present nor zero", widths: [9, 2],
      build: {
        $0.setWord(.pmd, at: $0.layout.homeAddress, to: Bits.swap)
        $0.createHome()
      },
      bend: {
        $0.set(
          $0.table(.pmd), $0.layout.homeSlot, to: $0.layout.homePFN << 10 | Bits.kernel)
      },
      shows: { .entry(table: $0.table(.pmd), slot: $0.layout.homeSlot, word: Bits.swap) }),
    WrongDoing(
      .outsideChanged, "gives a leaf that is there the caller's protection", widths: [9, 2],
      build: {
        $0.leaves(1, protection: Bits.readOnly)
        $0.create(.pmd, at: $0.layout.homeAddress)
      },
      bend: {
        $0.set(
          $0.table(.pmd), $0.layout.homeSlot, to: $0.layout.homePFN << 10 | Bits.kernel)
      },
      shows: { leaf($0) }),
    WrongDoing(
      .addUnmapped, "maps the page frame before the one that is asked", widths: [9, 2],
      build: {
        _ = $0.table(.pmd, for: $0.layout.homeAddress)
        $0.create(.pmd, at: $0.layout.homeAddress)
      },
      bend: {
        $0.set(
          $0.table(.pmd), $0.layout.homeSlot, to: ($0.layout.homePFN - 1) << 10 | Bits.kernel)
      },
      shows: { leaf($0, pfn: $0.layout.homePFN - 1) }),
    WrongDoing(
      .addUnmapped, "maps data executable where no protection is given", widths: [9, 2],
      build: {
        _ = $0.table(.pmd, for: $0.layout.homeAddress)
        let end = $0.layout.home + $0.bytes(.pmd)
        $0.createLinear($0.layout.home, end, protection: nil)
      },
      bend: {
        $0.set(
          $0.table(.pmd), $0.layout.homeSlot,
          to: $0.layout.homePFN << 10 | Bits.kernel | Bits.riscv.execute)
      },
      shows: { leaf($0) }),
    WrongDoing(
      .leafSize, "makes a leaf where debug_pagealloc wants pages", widths: [9, 2],
      build: {
        $0.globals.isDebugPagealloc = true
        $0.mapLinear(
          physical: $0.layout.home + $0.bytes(.pmd), size: $0.bytes(.pmd), leaf: .pmd,
          protection: Bits.kernel)
        $0.createHome()
      },
      bend: {
        $0.set(
          $0.table(.pmd), $0.layout.homeSlot, to: $0.layout.homePFN << 10 | Bits.kernel)
        $0.forgetLastTable()
      },
      shows: { leaf($0) }),
    WrongDoing(
      .leafSize, "makes a leaf where pages are asked", widths: [9, 2],
      build: {
        $0.leavesBesideHome()
        let end = $0.layout.home + $0.bytes(.pmd)
        $0.createLinear($0.layout.home, end, fixed: 0x1000)
      },
      bend: {
        $0.set(
          $0.table(.pmd), $0.layout.homeSlot, to: $0.layout.homePFN << 10 | Bits.kernel)
        $0.forgetLastTable()
      },
      shows: { leaf($0) }),
  ]

  private static let tables = [
    WrongDoing(
      .tableNotZeroed, "leaves a word of the page's last life in a new table", widths: [9, 2],
      build: { $0.createPageAtHome() },
      bend: { $0.set(new($0), ($0.layout.pageSlot + 1) % 2, to: Bits.swap) },
      shows: { .entry(table: new($0), slot: ($0.layout.pageSlot + 1) % 2, word: Bits.swap) }),
    WrongDoing(
      .tableConstructor, "makes a pte table without a constructor", widths: [9, 2],
      build: { $0.createPageAtHome() },
      bend: {
        $0.drop(.construct)
        $0.last.lives[new($0)].constructed = 0
      },
      shows: { .balance(new($0), level: .pte, count: 0) }),
    WrongDoing(
      .tableConstructor, "runs a new table's constructor twice",
      build: { $0.call(.allocPmdLate) },
      bend: {
        $0.insert($0.last.events.filter { $0.kind == EventKind.construct.rawValue })
        $0.last.lives[new($0)].constructed = 2
      },
      shows: { .balance(new($0), level: .pmd, count: 2) }),
    WrongDoing(
      .tableConstructor, "constructs a table of the memmap",
      build: {
        $0.map(.vmemmap, .pmd, at: $0.layout.memmap + $0.bytes(.pud))
        $0.populate($0.layout.memmap, $0.layout.memmap + $0.bytes(.pmd))
      },
      bend: { deeds in
        guard new(deeds) < deeds.last.lives.count else { return }
        deeds.last.lives[new(deeds)].constructed = 1
      },
      shows: { .balance(new($0), level: .pmd, count: 1) }),
  ]

  private static let root = [
    WrongDoing(
      .rootPreallocated, "fills the slot behind the range",
      build: { $0.preallocate($0.layout.homeAddress, $0.layout.homeAddress + 1) },
      bend: { deeds in
        let slot = deeds.layout.slot(.pgd, deeds.layout.homeAddress)
        deeds.set(0, slot + 1, to: deeds.last.tables[0][slot])
      },
      shows: { deeds in
        let slot = deeds.layout.slot(.pgd, deeds.layout.homeAddress)
        return .entry(table: 0, slot: slot + 1, word: deeds.last.tables[0][slot])
      }),
    WrongDoing(
      .rootPreallocated, "passes over a slot of the range", also: [.tableLeaked],
      build: {
        let start = $0.layout.homeAddress
        $0.preallocate(start, start + $0.bytes(.pgd))
      },
      bend: { $0.set(0, $0.layout.slot(.pgd, $0.layout.homeAddress) + 1, to: 0) },
      shows: {
        .entry(table: 0, slot: $0.layout.slot(.pgd, $0.layout.homeAddress) + 1, word: 0)
      }),
  ]

  private static func returns(_ value: UInt64, not expected: UInt64) -> Violation.Evidence {
    .number("the return value", expected: expected, actual: value)
  }

  private static let answers = [
    WrongDoing(
      .answer, "finds room for a leaf in a page less",
      build: {
        $0.call(.bestMapSize) {
          $0.physical = 0x20_0000
          $0.start = 0x40_0000
          $0.size = 0x1f_f000
        }
      },
      bend: { $0.change(.returned) { $0.b = 0x20_0000 } },
      shows: { _ in returns(0x20_0000, not: 0x1000) }),
    WrongDoing(
      .answer, "takes the first page of the linear map for text",
      build: { builder in
        let start = builder.layout.pageOffset
        builder.call(.pgprotFromVa) { $0.start = start }
      },
      bend: { $0.change(.returned) { $0.b = Bits.kernel | Bits.riscv.execute } },
      shows: { _ in returns(Bits.kernel | Bits.riscv.execute, not: Bits.kernel) }),
    WrongDoing(
      .answer, "finds a table at its physical address",
      build: { $0.call(.getPmdVirtLate) { $0.physical = 0x1_4800_0000 } },
      bend: { $0.change(.returned) { $0.b = 0x1_4800_0000 } },
      shows: { returns(0x1_4800_0000, not: $0.layout.pageOffset + 0xc800_0000) }),
    WrongDoing(
      .answer, "comes back with the page behind the one that it allocated",
      build: { $0.call(.allocPudLate) },
      bend: { deeds in deeds.change(.returned) { $0.b += 0x1000 } },
      shows: { returns(($0.pfn(1) + 1) << 12, not: $0.pfn(1) << 12) }),
    WrongDoing(
      .answer, "finds a section without its leaf, which it has",
      build: { builder in
        let memmap = builder.layout.memmap
        builder.map(.vmemmap, .pmd, at: memmap)
        let entry = builder.place(.pmd, for: memmap, kind: .vmemmap)
        builder.call(.vmemmapCheckPmd) {
          $0.parentTable = entry.table
          $0.parentSlot = entry.slot
        }
      },
      bend: { $0.change(.returned) { $0.b = 0 } },
      shows: { _ in returns(0, not: 1) }),
  ]

  @Test("accept a BUG for a size that no level has, and no other BUG")
  func strays() throws {
    let mode = try #require(Architecture.riscv.mode(named: "sv48"))
    for (size, rules) in [(UInt64(0x2000), []), (0x1000, [OracleRule.kernelStopped])] {
      var builder = ScenarioBuilder(mode: mode)
      _ = builder.table(.pmd, for: builder.layout.homeAddress)
      builder.create(.pmd, at: builder.layout.homeAddress, size: size)
      var deeds = try Deeds(of: builder)
      if size == 0x1000 { deeds.end(Ending(.bug)) }
      #expect(Oracle.violations(deeds.image, deeds.observations).map(\.rule) == rules)
    }
  }
}

extension ScenarioBuilder {
  /// Maps the PMD leaf after home, so that the tables above home exist.
  fileprivate mutating func leavesBesideHome() {
    mapLinear(
      physical: layout.home + bytes(.pmd), size: bytes(.pmd), leaf: .pmd,
      protection: Bits.kernel)
  }

  /// Maps a leaf at home.
  fileprivate mutating func createHome() {
    createLinear(layout.home, layout.home + bytes(.pmd))
  }

  /// Maps a page at home, which needs a new pte table.
  fileprivate mutating func createPageAtHome() {
    leavesBesideHome()
    createLinear(layout.home, layout.home + 0x1000)
  }
}

extension Deeds {
  /// Undoes the one table that the call made.
  fileprivate mutating func forgetLastTable() {
    drop(.allocate)
    drop(.construct)
    last.tables.removeLast()
    last.lives.removeLast()
  }
}
