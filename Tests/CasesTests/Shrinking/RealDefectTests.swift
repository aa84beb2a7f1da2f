// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

/// The minimal scenario of a real defect. The expected forms follow from the contract of the functions; each
/// comment explains why the shrinker can remove nothing more.
@Suite("A defect of the patch as merged")
struct RealDefectTests {
  /// The cases of a mode that show a difference through a function on tables that exist beforehand, the
  /// largest first. If a case makes the tables itself, the call that makes them stays: see `populated`.
  private func largest(
    _ mode: String, missing fix: UpstreamFixes, _ shown: Shown, calling function: KernelFunction,
    count: Int = 8
  ) async throws -> [Scenario] {
    let mode = try #require(Architecture.riscv.mode(named: mode))
    let cases = Catalogue.scenarios(mode: mode).filter { scenario in
      scenario.operations.contains { $0.function == function }
        && scenario.operations.allSatisfy { $0.function.isOfHotplug } && scenario.core == .recorded
    }
    let pair = PortPair(missing: fix, tellsFunction: shown.function != nil)
    let answers = try await pair.answers(for: cases)
    let showing = zip(cases, answers).filter { $1 == shown }.map(\.0)
    try #require(!showing.isEmpty, "no case shows it")
    return showing.sorted { $0.complexity > $1.complexity }.prefix(count).map(\.self)
  }

  /// Shrinks the largest cases; all must give the same scenario.
  private func check(
    _ mode: String, missing fix: UpstreamFixes, _ shown: Shown, calling function: KernelFunction,
    comesDownTo expected: (AddressLayout) -> Scenario
  ) async throws {
    try await check(
      try await largest(mode, missing: fix, shown, calling: function), missing: fix, shown,
      comeDownTo: expected)
  }

  private func check(
    _ scenarios: [Scenario], missing fix: UpstreamFixes, _ shown: Shown,
    comeDownTo expected: (AddressLayout) -> Scenario
  ) async throws {
    let shrinker = Shrinker(missing: fix, tellsFunction: shown.function != nil)
    for scenario in scenarios {
      let mode = scenario.mode
      let outcome = try await shrinker.shrink(scenario, chasing: shown)
      let layout = try #require(scenario.layout)
      #expect(outcome.scenario.bare == expected(layout), "\(scenario.id)@\(mode)")
      #expect(outcome.scenario.id == scenario.id)
      #expect(outcome.isMinimal, "\(scenario.id)@\(mode)")
      let isMinimal = try await outcome.scenario.isMinimal(missing: fix, for: shown)
      #expect(isMinimal, "\(scenario.id)@\(mode)")
    }
  }

  private func scenario(
    _ layout: AddressLayout, _ tables: [Scenario.Table], _ call: Scenario.Call
  ) -> Scenario {
    Scenario(
      id: "", purpose: "", mode: layout.mode.name, indexBits: layout.indexBits, tables: tables,
      operations: [call])
  }

  private func root(_ entries: Scenario.EntryRun...) -> Scenario.Table {
    Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false, entries: entries)
  }

  private func table(_ level: Level, _ entries: Scenario.EntryRun...) -> Scenario.Table {
    Scenario.Table(level: level, owner: .allocator, isConstructed: false, entries: entries)
  }

  private func pointer(_ slot: Int = 0, to table: Int) -> Scenario.EntryRun {
    Scenario.EntryRun(slot: slot, value: .table(table))
  }

  // 21f1b85c8912: free_pmd_table runs the destructor for a vmemmap table. To show that, a case needs only an
  // empty pmd table and the entry that points to it; is_vmemmap must be set.

  private static let destructor = "destruct-for-free"

  @Test(
    "Without 21f1b85c8912, a case shrinks to one empty pmd table",
    arguments: ["sv39", "sv48", "sv57"])
  func destructorAlone(mode: String) async throws {
    try await check(
      mode, missing: .noVmemmapPmdDestructor, Shown(difference: Self.destructor),
      calling: mode == "sv39" ? .freePmdTable : .vmemmapFree
    ) { emptyPmdTable($0, owner: .allocator) }
  }

  @Test(
    "Without 21f1b85c8912, a case that populates the memmap shrinks to one page, added and freed",
    arguments: ["sv48", "sv57"])
  func populated(mode: String) async throws {
    let paging = try #require(Architecture.riscv.mode(named: mode))
    let scenario = try #require(
      Catalogue.scenarios(mode: paging).first { $0.id == "sequence/populate-free-populate" })
    let shown = Shown(difference: Self.destructor, function: .vmemmapFree)
    try await check([scenario], missing: .noVmemmapPmdDestructor, shown) { layout in
      // One page is the least that a case can populate; the tables on its path come with it.
      let calls = [KernelFunction.vmemmapPopulate, .vmemmapFree].map { function in
        var call = Scenario.Call(function)
        call.start = layout.vmemmapStart
        call.end = layout.vmemmapStart + 4096
        return call
      }
      return Scenario(
        id: "", purpose: "", mode: mode, indexBits: 9, tables: [root()], operations: calls)
    }
  }

  @Test(
    "Without 21f1b85c8912, a reserved table shows another difference, so it stays reserved",
    arguments: ["sv48", "sv57"])
  func destructorOfReserved(mode: String) async throws {
    try await check(
      mode, missing: .noVmemmapPmdDestructor, Shown(difference: "destruct-for-freeReserved"),
      calling: .vmemmapFree
    ) { emptyPmdTable($0, owner: .reserved) }
  }

  @Test(
    "Without 21f1b85c8912, the cases of a universe shrink to the same table",
    arguments: ["sv48", "sv57"])
  func destructorInUniverse(mode: String) async throws {
    let mode = try #require(Architecture.riscv.mode(named: mode))
    let universe = try #require(Universe.named("\(mode.name)/vmemmap/spine", among: [mode]))
    let cases = (0..<400 as Range<UInt64>).map { step in
      universe.scenario(
        of: UniverseCase(
          state: universe.stateCount / 400 * step, operation: 0, range: universe.pages - 1))
    }
    let shown = Shown(difference: Self.destructor)
    let pair = PortPair(missing: .noVmemmapPmdDestructor, tellsFunction: false)
    let showing = zip(cases, try await pair.answers(for: cases)).filter { $1 == shown }.map(\.0)
    try #require(!showing.isEmpty)
    try await check(
      Array(showing.prefix(3)), missing: .noVmemmapPmdDestructor, shown
    ) { emptyPmdTable($0, owner: .allocator) }
  }

  private func emptyPmdTable(_ layout: AddressLayout, owner: PageOwner) -> Scenario {
    var call = Scenario.Call(.freePmdTable)
    call.parentSlot = 0
    call.isVmemmap = true
    let empty = Scenario.Table(level: .pmd, owner: owner, isConstructed: false)
    // Where the pud is folded, the root points to pmd tables.
    guard layout.mode.isL4Enabled else {
      call.table = 1
      call.parentTable = 0
      return scenario(layout, [root(pointer(to: 1)), empty], call)
    }
    call.table = 2
    call.parentTable = 1
    return scenario(layout, [root(), table(.pud, pointer(to: 2)), empty], call)
  }

  @Test(
    "Without 21f1b85c8912, a call of vmemmap_free shrinks to the path to one empty pmd table",
    arguments: ["sv48", "sv57"])
  func destructorThroughEntryPoint(mode: String) async throws {
    try await check(
      mode, missing: .noVmemmapPmdDestructor,
      Shown(difference: Self.destructor, function: .vmemmapFree), calling: .vmemmapFree
    ) { layout in
      // The walk starts at the root and follows the address, so the root's slot and one page of the range
      // stay.
      var call = Scenario.Call(.vmemmapFree)
      call.start = layout.vmemmapStart
      call.end = layout.vmemmapStart + 4096
      let slot = layout.index(of: layout.vmemmapStart, at: .pgd)
      let below = [table(.pud, pointer(to: layout.mode.levelCount - 2)), table(.pmd)]
      return layout.mode.isL5Enabled
        ? scenario(
          layout, [root(pointer(slot, to: 1)), table(.p4d, pointer(to: 2))] + below, call)
        : scenario(layout, [root(pointer(slot, to: 1))] + below, call)
    }
  }

  // a0188cc13369: a folded level is indexed a second time. The root's slots for the linear map and for the
  // vmemmap are all in its upper half, so twice their index is beyond the table: a walk of one page reads
  // there whatever the tables hold. Therefore only an empty root remains.

  private static let overrun = "overrun-for-finished"

  @Test(
    "Without a0188cc13369, a case shrinks to the innermost walk over one page of an empty root",
    arguments: ["sv39", "sv48"], [KernelFunction.removeLinearMapping, .vmemmapFree])
  func overrunAlone(mode: String, from function: KernelFunction) async throws {
    try await check(
      mode, missing: .foldedEntryIsBase, Shown(difference: Self.overrun), calling: function
    ) { layout in
      // The lowest folded level: the level below it indexes a table of its own.
      var call = Scenario.Call(layout.mode.isL4Enabled ? .removeP4dMapping : .removePudMapping)
      // The value of is_vmemmap does not matter, so the shrinker drops it, and a walk of the linear map
      // remains.
      let start = layout.pageOffset
      call.table = 0
      call.parentSlot = layout.index(of: start, at: .pgd)
      call.start = start
      call.end = start + 4096
      return scenario(layout, [root()], call)
    }
  }

  @Test(
    "Without a0188cc13369, a call of an entry point shrinks to one page of an empty root",
    arguments: ["sv39", "sv48"], [KernelFunction.archRemoveMemory, .vmemmapFree])
  func overrunThroughEntryPoint(mode: String, function: KernelFunction) async throws {
    try await check(
      mode, missing: .foldedEntryIsBase, Shown(difference: Self.overrun, function: function),
      calling: function
    ) { layout in
      var call = Scenario.Call(function)
      if function == .vmemmapFree {
        call.start = layout.vmemmapStart
        call.end = layout.vmemmapStart + 4096
      } else {
        call.start = layout.ramBase
        call.size = 4096
      }
      return scenario(layout, [root()], call)
    }
  }
}
