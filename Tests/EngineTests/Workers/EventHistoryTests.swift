// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports
@testable import Worker

extension MachineTests {
  @Suite("The steps of a case")
  struct EventHistoryTests {
    private static let removing: Set<KernelFunction> = [
      .freePteTable, .freePmdTable, .freePudTable, .removePteMapping, .removePmdMapping,
      .removePudMapping, .removeP4dMapping, .removePgdMapping, .removeLinearMapping, .vmemmapFree,
    ]

    /// The steps of both sides in a case.
    private func series(
      _ scenario: Scenario, _ side: SubjectSide, _ port: HotplugPort
    ) throws -> (subject: EventHistory, port: EventHistory) {
      let image = try scenario.lowered()
      let mine = side.snapshots(image)
      let theirs = port.snapshots(image)
      return (
        EventHistory(image: image, whole: mine.whole, stopped: mine.states),
        EventHistory(image: image, whole: theirs.whole, stopped: theirs.states)
      )
    }

    @Test(
      "are the same on both sides, and lead from the initial to the observed state",
      .timeLimit(.minutes(20)), arguments: Architecture.riscv.modes)
    func catalogue(mode: PagingMode) throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let port = HotplugPort(fixes: .latest)
      let functions = Set(side.functions)
      var stores = 0
      for scenario in Catalogue.scenarios(mode: mode)
      where scenario.functionsCalled.isSubset(of: functions) {
        let name = "\(scenario.id)@\(mode.name)"
        let (mine, theirs) = try series(scenario, side, port)
        #expect(mine.events == theirs.events, "\(name)")
        #expect(mine.states.count == theirs.states.count, "\(name)")
        for (step, pair) in zip(mine.states, theirs.states).enumerated() {
          #expect(pair.0.tables == pair.1.tables, "\(name), step \(step)")
          #expect(pair.0.isLive == pair.1.isLive, "\(name), step \(step)")
        }
        let all = mine.states.map(\.stores) + [mine.last.stores]
        stores += all.count { !$0.isEmpty }
        // Removal functions store only zeros, and each store is an event: the events alone give the state.
        if scenario.functionsCalled.isSubset(of: Self.removing), mine.omitted == 0 {
          #expect(all.allSatisfy { $0.isEmpty }, "\(name): \(all.flatMap { $0 })")
        }
        if mine.omitted == 0 {
          #expect((mine.states.last ?? mine.last).isLive == mine.last.isLive, "\(name)")
        }
      }
      #expect(stores > 50, "what creates stores words that are no events")
    }

    @Test("show a store when it happens: a leaf before the call of __add_pages")
    func order() throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let mode = try #require(Architecture.riscv.mode(named: "sv39"))
      let layout = AddressLayout(mode: mode)
      // 2 MiB at a 2 MiB boundary, below an existing table: one PMD leaf.
      let start: UInt64 = 0x1_4800_0000
      let address = layout.virtual(ofPhysical: start)
      let tablePFN = Pool.pfn(ofTable: 1, in: layout)
      #expect(tablePFN > 0)
      var add = Scenario.Call(.archAddMemory)
      add.start = start
      add.size = 0x20_0000
      add.node = 0
      add.protection = 0xe7
      let scenario = Scenario(
        id: "one-leaf", purpose: "One leaf.", mode: "sv39",
        tables: [
          Scenario.Table(
            level: .pgd, owner: .reserved, isConstructed: false,
            entries: [
              Scenario.EntryRun(slot: layout.index(of: address, at: .pgd), value: .table(1))
            ]), Scenario.Table(level: .pmd, owner: .allocator, isConstructed: true),
        ], operations: [add])
      let (mine, _) = try series(scenario, side, HotplugPort(fixes: .latest))
      #expect(
        mine.events.map(\.kind) == [
          EventKind.addPages.rawValue, EventKind.flush.rawValue, EventKind.returned.rawValue,
        ])
      let slot = layout.index(of: address, at: .pmd)
      #expect(
        mine.states[1].stores == [
          EventHistory.Store(table: 1, slot: slot, word: (start >> 12) << 10 | 0xe7)
        ])
      #expect(mine.states[0].tables[1][slot] == 0)
      #expect(mine.states[1].tables[1][slot] == (start >> 12) << 10 | 0xe7)
      #expect(mine.states[2].stores.isEmpty && mine.states[3].stores.isEmpty)
    }

    @Test("are cut short if a trace is too long, and say so")
    func cutShort() throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let scenario = try #require(
        Catalogue.scenarios(mode: Architecture.riscv.modes[0]).max {
          (try? side.observe($0.lowered()).events.count) ?? 0
            < (try? side.observe($1.lowered()).events.count) ?? 0
        })
      let image = try scenario.lowered()
      var whole = side.observe(image)
      let series = EventHistory(
        image: image, whole: whole, stopped: [side.observe(image, stoppedAfter: 0)])
      #expect(series.omitted == whole.events.count - 1)
      #expect(series.events.count == 1 && series.states.count == 2)
      #expect(series.last.tables == whole.tables)
      whole.events = []
      #expect(EventHistory(image: image, whole: whole, stopped: []).states.count == 1)
    }
  }
}
