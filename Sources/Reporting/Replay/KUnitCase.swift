// SPDX-License-Identifier: GPL-2.0-only

import Comparison
import MachineModel
import PageTables
import Scenarios

/// What a KUnit test of a case has to make and to look at; an error says why there is none.
struct KUnitCase {
  /// Why a case is no KUnit test: one sentence, without the case's name.
  struct Refusal: Error {
    var reason: String
  }

  /// A run of pages that the call frees, and that the test therefore allocates.
  struct Block: Hashable {
    var pfn: UInt64
    var order: UInt64
  }

  /// Functions that work on the tables that they are handed.
  static let functions: Set<SurfaceFunction> = [
    .freePteTable, .freePmdTable, .freePudTable, .removePteMapping, .removePmdMapping,
    .removePudMapping, .removeP4dMapping,
  ]
  private static let mostTables = 32
  private static let mostBlocks = 1024
  /// A PMD leaf; a kernel need not have larger blocks free.
  private static let largestOrder: UInt64 = 9

  let scenario: Scenario
  let image: MachineImage
  let reference: Observation
  /// In the order in which the call frees them.
  let blocks: [Block]
  /// Words of slots that are cleared, by table.
  let cleared: [(table: Int, slots: ClosedRange<Int>)]
  /// Destructors that run.
  let destructors: Int

  init(_ scenario: Scenario, _ image: MachineImage, _ reference: Observation) throws(Refusal) {
    self.scenario = scenario
    self.image = image
    self.reference = reference
    let called = Set(scenario.operations.map(\.function))
    if let other = called.subtracting(Self.functions).min() {
      throw Refusal(
        reason: "it calls \(other.name), which works on the running kernel's own tables or memory")
    }
    guard scenario.indexBits == 9 else {
      throw Refusal(
        reason: "its tables have \(1 << scenario.indexBits) entries, and no kernel's have")
    }
    guard reference.ending.kind == EndingKind.finished.rawValue else {
      throw Refusal(reason: "the reference itself does not come back from it")
    }
    guard image.tables.count <= Self.mostTables else {
      throw Refusal(reason: "it has more than \(Self.mostTables) tables")
    }
    var blocks: [Block] = []
    var destructors = 0
    for event in reference.events {
      let isTable = Pool.table(ofPFN: event.a, in: image.layout) != nil
      switch EventKind(rawValue: event.kind) {
      case .destruct: destructors += 1
      case .free where !isTable: blocks.append(Block(pfn: event.a, order: event.b))
      case .freeReserved where !isTable:
        throw Refusal(reason: "it frees a memmap of boot time, which a test cannot make")
      case .allocate, .construct, .addPages, .removePages, .warn, .getPage, .putPage:
        throw Refusal(reason: "it does more than take tables down")
      default: break
      }
    }
    guard blocks.allSatisfy({ $0.order <= Self.largestOrder }), blocks.count <= Self.mostBlocks,
      Set(blocks.map(\.pfn)).count == blocks.count
    else { throw Refusal(reason: "it frees more or larger blocks than a test should allocate") }
    self.blocks = blocks
    self.destructors = destructors
    cleared = try Self.cleared(image, reference)
  }

  private static func cleared(
    _ image: MachineImage, _ reference: Observation
  ) throws(Refusal) -> [(table: Int, slots: ClosedRange<Int>)] {
    var cleared: [(table: Int, slots: ClosedRange<Int>)] = []
    let before = StepSeries(image: image, whole: reference, stopped: []).states[0].tables
    for (table, page) in before.enumerated() where reference.lives[table].live == 1 {
      for (slot, word) in page.enumerated() where reference.tables[table][slot] != word {
        guard reference.tables[table][slot] == 0 else {
          throw Refusal(reason: "it leaves words that it did not find")
        }
        if let last = cleared.last, last.table == table, last.slots.upperBound == slot - 1 {
          cleared[cleared.count - 1].slots = last.slots.lowerBound...slot
        } else {
          cleared.append((table, slot...slot))
        }
      }
    }
    return cleared
  }

  /// The level whose entries a table holds.
  func level(_ table: Int) -> Level {
    Level(rawValue: UInt8(truncatingIfNeeded: image.tables[table].level)) ?? .pte
  }

  /// An entry's word as a C expression: pages and tables of the test's own in place of the case's.
  func word(_ word: UInt64, table: Int) -> String {
    let bits = Architecture.riscv.entryBits
    let name = level(table).name
    let pfn = bits.pfn(of: word)
    if level(table) != .pte, word & bits.present != 0, word & bits.leaf == 0,
      let below = Pool.table(ofPFN: pfn, in: image.layout), below < image.tables.count
    {
      return "\(name)_val(pfn_\(name)(page_to_pfn(mhpcheck_page[\(below)]), PAGE_TABLE))"
    }
    if let block = blocks.firstIndex(where: { $0.pfn == pfn }) {
      let protection = word & ~bits.pfnMask
      return "\(name)_val(pfn_\(name)(page_to_pfn(mhpcheck_block[\(block)]), "
        + "__pgprot(0x\(String(protection, radix: 16)))))"
    }
    return "0x\(String(word, radix: 16))UL"
  }
}
