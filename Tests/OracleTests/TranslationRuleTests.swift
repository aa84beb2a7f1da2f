// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of translations")
struct TranslationRuleTests {
  static let wrongDoings = removal + adding + sequences

  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  private static func leaf(_ number: UInt64, _ deeds: Deeds, isPartial: Bool = false)
    -> Violation.Evidence
  {
    let layout = deeds.layout
    return .leaf(
      address: layout.canonical(layout.homeAddress + number * layout.size(of: .pmd)),
      level: .pmd, pfn: layout.homePFN + number * layout.leafPages, isPartial: isPartial)
  }

  private static let removal = [
    WrongDoing(
      .translationRemains, "leaves a mapping of the range", widths: [9, 1],
      build: {
        $0.leaves(2)
        $0.removeLeaf()
      },
      bend: {
        $0.dropClears(of: $0.table(.pmd))
        $0.keep($0.table(.pmd), $0.layout.homeSlot)
      },
      shows: { leaf(0, $0) }),
    WrongDoing(
      .translationRemains, "skips a leaf that the range covers in part",
      build: {
        $0.leaves(2)
        $0.remove(.linear, from: $0.layout.homeAddress, bytes: 0x1000)
      },
      bend: {
        $0.dropClears(of: $0.table(.pmd))
        $0.keep($0.table(.pmd), $0.layout.homeSlot)
      },
      shows: { leaf(0, $0, isPartial: true) }),
    WrongDoing(
      .outsideChanged, "unmaps the leaf beside the range", widths: [9, 2],
      build: {
        $0.leaves(3)
        $0.removeLeaf()
      },
      bend: { $0.clear($0.table(.pmd), $0.layout.homeSlot + 1, before: .flush) },
      shows: { leaf(1, $0) }),
  ]

  private static let adding = [
    WrongDoing(
      .outsideChanged, "gives the leaf beside what is added another protection", widths: [9, 2],
      build: {
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd))
      },
      bend: {
        let (table, slot) = ($0.table(.pmd), $0.layout.homeSlot)
        $0.set(table, slot, to: $0.first(table, slot) & ~Bits.riscv.write)
      },
      shows: { leaf(0, $0) }),
    WrongDoing(
      .addUnmapped, "leaves a hole in what is added", widths: [9, 2],
      build: {
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd))
      },
      bend: { $0.set($0.table(.pmd), $0.layout.homeSlot + 1, to: 0) },
      shows: { .unmapped(address: $0.layout.homeAddress + $0.layout.size(of: .pmd)) }),
    WrongDoing(
      .addUnmapped, "ignores the caller's protection", widths: [9, 2],
      build: {
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd), protection: Bits.readOnly)
      },
      bend: {
        let (table, slot) = ($0.table(.pmd), $0.layout.homeSlot + 1)
        $0.set(table, slot, to: $0.last.tables[table][slot] | Bits.riscv.write)
      },
      shows: { leaf(1, $0) }),
    WrongDoing(
      .addUnmapped, "maps another frame than the address says", widths: [9, 2],
      build: {
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd))
      },
      bend: { $0.set($0.table(.pmd), $0.layout.homeSlot + 1, to: 0x123 << 10 | Bits.kernel) },
      shows: {
        .leaf(
          address: $0.layout.canonical($0.layout.homeAddress + $0.layout.size(of: .pmd)),
          level: .pmd, pfn: 0x123, isPartial: false)
      }),
    WrongDoing(
      .failedAddLeft, "keeps the mapping of an add that failed", widths: [9, 2],
      build: {
        $0.injected.addPagesResult = -17
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd))
      },
      bend: {
        $0.dropClears(of: $0.table(.pmd))
        let pfn = $0.layout.homePFN + $0.layout.leafPages
        $0.set($0.table(.pmd), $0.layout.homeSlot + 1, to: pfn << 10 | Bits.kernel)
      },
      shows: { leaf(1, $0) }),
  ]

  /// Makes the last call end in the state of the call before it, except for the leaf at home, which becomes
  /// not present instead of cleared.
  private static func leaveAbsent(_ deeds: inout Deeds) {
    let before = deeds.observations[deeds.observations.count - 2]
    let pmd = before.lives.lastIndex { $0.level == UInt32(Level.pmd.rawValue) } ?? 0
    let slot = deeds.layout.homeSlot
    deeds.last.tables = before.tables
    deeds.last.lives = before.lives
    for kind in [EventKind.clear, .free, .destruct] { deeds.drop(kind) }
    deeds.clear(pmd, slot, before: .flush)
    deeds.set(pmd, slot, to: Bits.swap)
  }

  private static func leftOfTheAdd(_ deeds: Deeds) -> Violation.Evidence {
    let pmd = deeds.table(.pmd)
    return pmd > 0
      ? .entry(table: pmd, slot: deeds.layout.homeSlot, word: Bits.swap)
      : .table(deeds.image.tables.count, level: nil)
  }

  private static let sequences = [
    WrongDoing(
      .roundTrip, "leaves a word of what was added, and so the table around it", widths: [9, 2],
      build: {
        $0.preallocate(physical: $0.layout.home)
        $0.add($0.layout.home, $0.bytes(.pmd))
        $0.removeMemory($0.layout.home, $0.bytes(.pmd))
      },
      bend: leaveAbsent, shows: leftOfTheAdd),
    WrongDoing(
      .roundTrip, "leaves a word of one of two ranges that are added and removed",
      build: {
        let size = $0.bytes(.pmd)
        $0.preallocate(physical: $0.layout.home)
        $0.add($0.layout.home + size, size)
        $0.add($0.layout.home, size)
        $0.removeMemory($0.layout.home + size, size)
        $0.removeMemory($0.layout.home, size)
      },
      bend: leaveAbsent, shows: leftOfTheAdd),
    WrongDoing(
      .roundTrip, "leaves a word of two ranges that are removed at once",
      build: {
        let size = $0.bytes(.pmd)
        $0.preallocate(physical: $0.layout.home)
        $0.add($0.layout.home, size)
        $0.add($0.layout.home + size, size)
        $0.removeMemory($0.layout.home, 2 * size)
      },
      bend: {
        leaveAbsent(&$0)
        let pmd = $0.last.lives.lastIndex { $0.level == UInt32(Level.pmd.rawValue) } ?? 0
        $0.clear(pmd, $0.layout.homeSlot + 1, before: .flush)
      }, shows: leftOfTheAdd),
  ]
}
