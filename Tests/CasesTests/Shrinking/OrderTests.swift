// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

private let modes = Architecture.riscv.modes

@Suite("The order of scenarios")
struct OrderTests {
  /// Scenarios of all modes and their candidates, in a random order that is the same in every run.
  private func mixed(seed: UInt64, count: Int) -> [Scenario] {
    var numbers = SeededNumbers(seed: seed)
    let scenarios = modes.flatMap { Samples.catalogue($0) + Samples.universes($0) }
    let picked = scenarios.shuffled(using: &numbers).prefix(count / 5)
    // An order is most likely to miss a difference between close relatives.
    let relatives = picked.flatMap { scenario in
      ShrinkPass.all.shuffled(using: &numbers).prefix(3).flatMap {
        $0.candidates(of: scenario).prefix(3)
      }
    }
    return (picked + relatives).shuffled(using: &numbers).prefix(count).map(\.self)
  }

  @Test("is total and antisymmetric: of two different scenarios, exactly one is smaller")
  func total() {
    let scenarios = mixed(seed: 1, count: 300)
    let sizes = scenarios.map(\.complexity)
    for one in scenarios.indices {
      for other in scenarios.indices {
        let isSame = scenarios[one].bare == scenarios[other].bare
        let holds = [
          sizes[one] < sizes[other], sizes[other] < sizes[one], sizes[one] == sizes[other],
        ]
        let isRight = holds.count { $0 } == 1 && holds[2] == isSame
        if !isRight {
          Issue.record("\(scenarios[one].id) and \(scenarios[other].id): \(holds), \(isSame)")
        }
      }
    }
  }

  @Test("is transitive") func transitive() {
    let sizes = mixed(seed: 2, count: 120).map(\.complexity)
    for one in sizes {
      for other in sizes where one < other {
        let skipped = sizes.first { other < $0 && !(one < $0) }
        if let skipped { Issue.record("\(one) < \(other) < \(skipped)") }
      }
    }
  }

  @Test("ignores ids and purposes") func names() {
    let scenario = Samples.catalogue(modes[0])[0]
    #expect(scenario.complexity == scenario.bare.complexity)
  }

  @Test("depends on every other field of a scenario", arguments: OrderTests.changes.indices)
  func everyField(index: Int) {
    let scenario = Self.full
    var changed = scenario
    Self.changes[index](&changed)
    #expect(changed != scenario, "change \(index) changes nothing")
    #expect(changed.complexity != scenario.complexity, "change \(index) is not seen")
  }

  @Test("compares operations first, then entries, range, level, owners, numbers")
  func precedence() {
    // Each change makes one thing worse; an earlier one must count for more than a later one.
    let plain = Self.full
    let worse: [(inout Scenario) -> Void] = [
      { $0.operations.append(Scenario.Call(.archGetMappableRange)) },
      { $0.tables.append(Scenario.Table(level: .pte, owner: .allocator, isConstructed: false)) },
      { $0.tables[1].entries.append(Scenario.EntryRun(slot: 500, value: .raw(1 << 6))) },
      { $0.tables[1].entries[0].count += 1 },
      { $0.operations[0].size? += 4096 },
      { $0.tables[1].level = .pmd },
      { $0.frames[0].owner = .altmap },
      { $0.globals.isDebugPagealloc = true },
      { $0.operations[0].start? += 4096 },
    ]
    var sizes = [plain.complexity]
    for index in worse.indices.reversed() {
      var scenario = plain
      worse[index](&scenario)
      sizes.append(scenario.complexity)
    }
    for (smaller, larger) in zip(sizes, sizes.dropFirst()) {
      #expect(smaller < larger)
    }
  }

  /// A scenario with a value in every field.
  private static var full: Scenario {
    var call = Scenario.Call(.removePteMapping)
    call.table = 1
    call.parentTable = 0
    call.parentSlot = 3
    call.start = modes[0].pageOffset
    call.end = modes[0].pageOffset + 0x3000
    call.size = 0x3000
    call.pfn = 0x8_0005
    call.isVmemmap = false
    call.altmap = 1
    call.pgmap = 2
    call.node = 1
    call.protection = 0xe7
    return Scenario(
      id: "full", purpose: "Everything.", mode: "sv39",
      tables: [
        Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false),
        Scenario.Table(
          level: .pte, owner: .allocator, isConstructed: false,
          entries: [
            Scenario.EntryRun(slot: 4, count: 2, value: .leaf(pfn: 0x8_0010, protection: 0xe7)),
            Scenario.EntryRun(slot: 9, value: .table(1)),
            Scenario.EntryRun(slot: 11, value: .raw(0x1c0)),
          ]),
      ],
      frames: [Scenario.Frames(pfn: 0x9_0000, count: 4, owner: .reserved)],
      altmaps: [
        Scenario.Altmap(basePFN: 1, endPFN: 9, reserve: 2, free: 4, align: 3, alloc: 5)
      ],
      globals: Scenario.Globals(maxPFN: 7, maxLowPFN: 8, isDebugPagealloc: false),
      injected: Scenario.InjectedFailures(addPagesResult: -12, allocationBudget: 6),
      operations: [call])
  }

  private static let changes: [@Sendable (inout Scenario) -> Void] = [
    { $0.mode = "sv48" }, { $0.mode = "nowhere" }, { $0.indexBits = 2 },
    { $0.tables[0].owner = .allocator }, { $0.tables[1].owner = .reserved },
    { $0.tables[1].level = .pmd }, { $0.tables[1].isConstructed = true },
    { $0.tables[1].entries[0].slot = 5 }, { $0.tables[1].entries[0].count = 3 },
    { $0.tables[1].entries[0].value = .leaf(pfn: 0x8_0011, protection: 0xe7) },
    { $0.tables[1].entries[0].value = .leaf(pfn: 0x8_0010, protection: 0xe3) },
    { $0.tables[1].entries[1].value = .table(0) },
    { $0.tables[1].entries[2].value = .raw(0x340) },
    { $0.tables[1].entries.swapAt(0, 1) }, { $0.tables.swapAt(0, 1) },
    { $0.frames[0].pfn += 1 }, { $0.frames[0].count += 1 }, { $0.frames[0].owner = .altmap },
    { $0.altmaps[0].basePFN += 1 }, { $0.altmaps[0].endPFN += 1 }, { $0.altmaps[0].reserve += 1 },
    { $0.altmaps[0].free += 1 }, { $0.altmaps[0].align += 1 }, { $0.altmaps[0].alloc += 1 },
    { $0.globals.maxPFN += 1 }, { $0.globals.maxLowPFN += 1 },
    { $0.globals.isDebugPagealloc = true }, { $0.globals.isUniprocessor = true },
    { $0.injected.addPagesResult = -17 },
    { $0.injected.allocationBudget = 7 }, { $0.injected.allocationBudget = nil },
    { $0.operations[0].function = .removePmdMapping }, { $0.operations[0].table = 0 },
    { $0.operations[0].parentTable = nil }, { $0.operations[0].parentSlot = -3 },
    { $0.operations[0].start? += 0x1000 }, { $0.operations[0].start = nil },
    { $0.operations[0].end? += 0x1000 }, { $0.operations[0].end = nil },
    { $0.operations[0].size? += 0x1000 }, { $0.operations[0].pfn? += 1 },
    { $0.operations[0].isVmemmap = true }, { $0.operations[0].isVmemmap = nil },
    { $0.operations[0].altmap = 2 }, { $0.operations[0].pgmap = nil },
    { $0.operations[0].node = -1 }, { $0.operations[0].node = 0 },
    { $0.operations[0].protection = 0xe5 }, { $0.operations[0].protection = .max },
  ]
}
