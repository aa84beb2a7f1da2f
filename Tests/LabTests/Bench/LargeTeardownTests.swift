// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab
@testable import Machine
@testable import Port

@Suite("A large teardown")
struct LargeTeardownTests {
  private static let sv39 = Architecture.riscv.modes[0]
  private static let sv48 = Architecture.riscv.modes[1]
  private static let sv57 = Architecture.riscv.modes[2]

  @Test("has a name that says what it tears down")
  func names() {
    #expect(
      LargeTeardown.all.map(\.name) == [
        "linear map, 1 TiB in 2 MiB", "vmemmap, 16 GiB in 4 KiB", "linear map, 64 GiB in 4 KiB",
      ])
  }

  @Test("is left out if the address space is too small: on Sv39 all but one are")
  func room() {
    #expect(
      LargeTeardown.all.filter { $0.fits(Self.sv39) }.map(\.name)
        == ["linear map, 64 GiB in 4 KiB"])
    #expect(LargeTeardown.all.allSatisfy { $0.fits(Self.sv48) && $0.fits(Self.sv57) })
  }

  @Test("has a table for each 1 GiB, 2 MiB, ... it maps, as computed by hand")
  func tables() {
    func levels(_ index: Int, _ mode: PagingMode) -> [Int] {
      let image = LargeTeardown.all[index].image(mode: mode)
      return Level.allCases.map { level in
        image.tables.count { $0.level == UInt32(level.rawValue) }
      }
    }
    // PTE, PMD, PUD, P4D tables, and the root.
    #expect(levels(0, Self.sv48) == [0, 1024, 2, 0, 1])
    #expect(levels(1, Self.sv48) == [8192, 16, 1, 0, 1])
    #expect(levels(2, Self.sv39) == [32768, 64, 0, 0, 1])
    #expect(levels(2, Self.sv57) == [32768, 64, 1, 1, 1])
  }

  @Test("maps every page of its range once, to neighbouring frames")
  func leaves() throws {
    let image = LargeTeardown.all[2].divided(by: 64).image(mode: Self.sv48)
    let leaves = image.runs.filter { image.tables[Int($0.table)].level == 0 }
    #expect(leaves.count == 512)
    // RAM starts at 2 GiB, the mapping 1 GiB above that.
    var pfn: UInt64 = 0xc0000
    for run in leaves {
      #expect(run.slot == 0 && run.count == 512 && run.step == 1 << 10)
      #expect(run.word == pfn << 10 | 0xe7)
      pfn += 512
    }
    let call = try #require(image.operations.first)
    #expect(call.start == 0xc000_0000)
    #expect(call.end == 1 << 30)
  }

  @Test("leaves only the root and the tables that its entries point to")
  func teardown() {
    let port = HotplugPort(fixes: .latest)
    let image = LargeTeardown.all[0].divided(by: 4).image(mode: Self.sv48)
    port.load(image)
    #expect(port.run() == Ending(.finished))
    // The PUD table of Sv48 stays, because the root points to it.
    let live = (0..<port.tableCount).filter { port.life(ofTable: $0).live == 1 }
    #expect(live.count == 2)
    #expect(port.withTable(live[1]) { $0.allSatisfy { $0 == 0 } })
    let freed = port.events.count { $0.kind == EventKind.free.rawValue }
    #expect(freed == 256)
  }

  @Test("can have more tables than the guarded ones, and more events than other cases")
  func large() {
    let port = HotplugPort(fixes: .latest)
    port.load(LargeTeardown.all[1].divided(by: 2).image(mode: Self.sv48))
    #expect(port.tableCount > Pool.guardedTables)
    #expect(port.run() == Ending(.finished))
    // 8 GiB of pages, each cleared and freed.
    #expect(port.withEvents { $0.count } > 2 << 21)
  }
}
