// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

@Suite("Lowering")
struct LoweringTests {
  private func scenario(_ id: String, _ mode: Int) throws -> Scenario {
    let mode = Architecture.riscv.modes[mode]
    return try #require(Catalogue.scenarios(mode: mode).first { $0.id == id })
  }

  @Test("gives the words of an Sv39 page in the vmemmap, as computed by hand")
  func pageOnSv39() throws {
    let image = try scenario("remove-pte-mapping/vmemmap-one-page", 0).lowered()
    // VMEMMAP_START is 0xffffffc500000000, root slot 0x114; 2 GiB above it is slot 0x116.
    // Table n's PFN: (0x200000000000 - (0xffffffd600000000 - 0x80000000)) >> 12, plus 4 n.
    #expect(
      image.runs == [
        TableRun(table: 0, slot: 0x116, word: (0x2_02a8_0000 + 4) << 10 | 1),
        TableRun(table: 1, slot: 5, word: (0x2_02a8_0000 + 8) << 10 | 1),
        TableRun(table: 2, slot: 7, word: 0x80_0000 << 10 | 0xe7),
      ])
    var operation = Operation(.removePteMapping)
    operation.isVmemmap = 1
    operation.table = 2
    operation.start = 0xffff_ffc5_80a0_7000
    operation.end = 0xffff_ffc5_80a0_8000
    #expect(image.operations == [operation])
    #expect(image.tables.map(\.level) == [4, 1, 0])
    #expect(image.tables.map(\.constructed) == [0, 1, 0])
    #expect(image.allocationBudget == .max)
  }

  @Test("steps the PFN of a run by the size of the level's leaf, as computed by hand")
  func leavesOnSv48() throws {
    let image = try scenario("remove-linear-mapping/front-of-a-leaf", 1).lowered()
    // 5 GiB + 128 MiB is 3 GiB + 128 MiB into the map: pud slot 3, pmd slots 64 to 66; PAGE_OFFSET
    // 0xffffaf8000000000 is root slot 0x15f.
    #expect(image.runs.prefix(2).map(\.slot) == [0x15f, 3])
    #expect(image.runs.dropFirst(2).map(\.table) == [2])
    let leaves = try #require(image.runs.last)
    #expect(leaves.words.map(\.slot) == [64, 65, 66])
    #expect(
      leaves.words.map(\.word) == [
        0x14_8000 << 10 | 0xe7, 0x14_8200 << 10 | 0xe7, 0x14_8400 << 10 | 0xe7,
      ])
    #expect(image.operations.first?.start == 0x1_4800_0000)
    #expect(image.operations.first?.end == 0x10_0000)
  }

  @Test("refuses shared tables that fan out to more entries than can be walked")
  func fanOut() {
    var tables = [Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false)]
    for level in [Level.p4d, .pud, .pmd, .pte] {
      let number = tables.count
      tables.append(Scenario.Table(level: level, owner: .allocator, isConstructed: false))
      tables[number - 1].entries = (0..<512).map {
        Scenario.EntryRun(slot: $0, value: .table(number))
      }
    }
    var call = Scenario.Call(.removePgdMapping)
    call.start = 0
    call.end = 1 << 50
    let scenario = Scenario(
      id: "x", purpose: "", mode: "sv57", tables: tables, operations: [call])
    #expect(
      throws: ScenarioError("operations[0]", "the range is too large to walk")
    ) { try scenario.lowered() }
  }

  @Test("Simpler scenarios have a lower complexity")
  func sizes() throws {
    let one = try scenario("remove-pte-mapping/linear-one-page", 0)
    let holes = try scenario("remove-pte-mapping/linear-holes", 0)
    let sequence = try scenario("sequence/add-remove-add", 0)
    #expect(one.complexity < holes.complexity)
    #expect(holes.complexity < sequence.complexity)
    #expect(one.complexity == one.complexity)
  }

  @Test(
    "gives cases that finish on the port, unless they lack memory, a table or a valid size",
    arguments: Architecture.riscv.modes)
  func endings(mode: PagingMode) throws {
    let port = HotplugPort(fixes: .latest)
    for scenario in Catalogue.scenarios(mode: mode) {
      port.load(try scenario.lowered())
      let ending = port.run()
      let isLacking =
        scenario.injected.allocationBudget != nil || scenario.injected.failingAllocation != nil
      let isAdd = scenario.operations[0].function == .archAddMemory
      let expected: Set<EndingKind>
      if isLacking, scenario.core == .live {
        // A memmap allocation that fails is an error, not a BUG.
        expected = [.finished, .bug]
      } else if isAdd, let budget = scenario.injected.allocationBudget {
        expected = budget < UInt32(mode.levelCount - 1) ? [.bug] : [.finished]
      } else if isLacking {
        expected = [.finished, .bug, .panic]
      } else if walksWhatIsNoTable(scenario.id, mode) {
        expected = [.wildAccess]
      } else {
        expected = hasSizeOfNoLevel(scenario.id) ? [.bug] : [.finished]
      }
      let isExpected = expected.contains { $0.rawValue == ending.kind }
      #expect(isExpected, "\(scenario.id): \(ending)")
    }
  }

  private func walksWhatIsNoTable(_ id: String, _ mode: PagingMode) -> Bool {
    let parts = [
      "h6-leaf-of-512-gib", "leaf-walked-as-a-table", "/page-through-", "/pages-through-",
    ]
    if parts.contains(where: id.contains) { return true }
    // H6. On Sv39 such a leaf is one that remove_pud_mapping looks for.
    let isRemoval = id.hasPrefix("remove-p4d-mapping/") || id.hasPrefix("remove-pgd-mapping/")
    if isRemoval, id.hasSuffix("-p4d-leaf") || id.hasSuffix("-root-leaf") {
      return mode.levelCount > 3
    }
    guard id.hasPrefix("vmemmap-populate") else { return false }
    return ["pud", "p4d", "pgd"].contains {
      id.hasSuffix("/\($0)-leaf") || id.hasSuffix("/\($0)-word")
    }
  }

  private func hasSizeOfNoLevel(_ id: String) -> Bool {
    id.contains("/size-") || id.hasSuffix("/fixed-two-pages") || id.hasSuffix("/fixed-a-byte")
  }

  @Test("gives cases that show the defects of the text as merged")
  func asMerged() throws {
    let merged = HotplugPort(fixes: .asMerged)
    let fixed = HotplugPort(fixes: .latest)
    for mode in Architecture.riscv.modes {
      var overruns = 0
      var destructors = 0
      for scenario in Catalogue.scenarios(mode: mode) {
        let image = try scenario.lowered()
        merged.load(image)
        fixed.load(image)
        let ending = merged.run()
        _ = fixed.run()
        if ending.kind == EndingKind.overrun.rawValue { overruns += 1 }
        if ending.kind == 0, merged.events != fixed.events { destructors += 1 }
      }
      #expect((overruns > 20) == !mode.isL5Enabled, "\(mode.name): \(overruns)")
      #expect(mode.name == "sv39" || destructors > 0, "\(mode.name): \(destructors)")
    }
  }
}
