// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

extension MachineTests {
  @Suite("An entry that points to a page which later becomes a table")
  struct EarlyPointerTests {
    /// The pool's fourth page, after the root, a PMD table and an empty PTE table; `alloc_pte_late` returns
    /// it. No table gets a pointer to it while the case runs: the PMD entry that `free_pte_table` reads held
    /// that pointer before.
    private func page(_ layout: AddressLayout) -> UInt64 {
      Pool.basePFN(in: layout) + 3 * Pool.stridePages
    }

    private func image(isPresent: Bool) throws -> MachineImage {
      var builder = ScenarioBuilder(mode: try #require(Architecture.riscv.mode(named: "sv39")))
      let address = builder.layout.virtual(ofPhysical: 0x1_0000_0000)
      let empty = builder.table(.pte, for: address)
      let parent = builder.place(.pmd, for: address + 0x20_0000)
      let word = page(builder.layout) << UInt64(Architecture.riscv.entryBits.pfnShift)
      builder.set(parent, to: .raw(word | (isPresent ? 1 : 0)))
      builder.call(.allocPteLate) { $0.start = address }
      builder.call(.freePteTable) {
        $0.table = empty
        $0.parentTable = parent.table
        $0.parentSlot = parent.slot
      }
      return try builder.build(id: "early/pointer", purpose: "A table comes and goes.").lowered()
    }

    private func frees(_ observation: Observation) -> [Event] {
      observation.events.filter { $0.kind == EventKind.free.rawValue }
    }

    @Test(
      "counts as a link when the table is freed, if it is present, on both sides",
      arguments: [true, false])
    func linked(isPresent: Bool) throws {
      let image = try image(isPresent: isPresent)
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      for observation in [HotplugPort(fixes: .latest).observe(image), side.observe(image)] {
        #expect(frees(observation).map(\.a) == [page(image.layout)])
        #expect(frees(observation).map(\.detail) == [isPresent ? 1 : 0])
      }
    }
  }
}
