// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Scenario {
  /// The most altmaps in a machine (`MHP_MAX_ALTMAPS`).
  static let maximumAltmaps = 8
  /// The highest number of a pgmap (`MHP_MAX_PGMAPS`).
  static let maximumPgmaps = 4
  static let maximumOperations = 1024
  /// The most tables of a scenario: half of the guarded tables. Allocations during the case take the other
  /// half.
  static let maximumTables = Pool.guardedTables / 2
  /// The index widths that subjects are compiled for.
  public static let indexWidths: [UInt64] = [1, 2, 9]

  /// The flat image that both sides load.
  ///
  /// A scenario may come from a user's file, so this checks everything that the machines rely on. No scenario
  /// that passes can make a correct walk loop for long.
  ///
  /// - Throws: the first error found.
  public func lowered(
    architecture: Architecture = .riscv
  ) throws(ScenarioError) -> MachineImage {
    guard let pagingMode = architecture.mode(named: mode) else {
      throw ScenarioError("mode", "no paging mode is called \(ScenarioError.quoted(mode))")
    }
    guard Self.indexWidths.contains(indexBits) else {
      throw ScenarioError("indexBits", "\(indexBits) is none of 1, 2 and 9")
    }
    let layout = AddressLayout(mode: pagingMode, indexBits: indexBits)
    let bits = architecture.entryBits
    let runs = try TableLowering(scenario: self, layout: layout, bits: bits).runs()
    try checkFrames(layout: layout, bits: bits)
    guard altmaps.count <= Self.maximumAltmaps else {
      throw ScenarioError("altmaps", "more than \(Self.maximumAltmaps)")
    }
    let pgmaps = try loweredPgmaps()
    guard (-4095...0).contains(injected.addPagesResult) else {
      throw ScenarioError(
        "injected.addPagesResult", "\(injected.addPagesResult) is neither 0 nor a negative errno")
    }
    guard operations.count <= Self.maximumOperations else {
      throw ScenarioError("operations", "more than \(Self.maximumOperations)")
    }
    let cost = WalkCost(scenario: self, layout: layout, bits: bits)
    let calls = CallLowering(scenario: self, layout: layout, cost: cost)
    var lowered: [Operation] = []
    lowered.reserveCapacity(operations.count)
    for index in operations.indices { lowered.append(try calls.operation(at: index)) }
    try LiveCoreChecks(scenario: self, layout: layout, cost: cost).check()
    return MachineImage(
      layout: layout,
      tables: tables.map {
        TableState(level: $0.level, owner: $0.owner, isConstructed: $0.isConstructed)
      },
      runs: runs,
      frames: frames.map { FrameRange(pfn: $0.pfn, count: $0.count, owner: $0.owner) },
      altmaps: altmaps.map {
        AltmapState(
          basePFN: $0.basePFN, endPFN: $0.endPFN, reserve: $0.reserve, free: $0.free,
          align: $0.align, alloc: $0.alloc)
      },
      pgmaps: pgmaps,
      hasLiveCore: core == .live,
      sections: sections.map {
        SectionState(number: $0.number, subsections: $0.subsections, isEarly: $0.isEarly)
      },
      maxPFN: globals.maxPFN, maxLowPFN: globals.maxLowPFN,
      addPagesResult: injected.addPagesResult,
      allocationBudget: injected.allocationBudget ?? .max,
      failingAllocation: injected.failingAllocation ?? 0,
      isDebugPagealloc: globals.isDebugPagealloc, isUniprocessor: globals.isUniprocessor,
      operations: lowered)
  }

  private func loweredPgmaps() throws(ScenarioError) -> [PgmapState] {
    guard pgmaps.count <= Self.maximumPgmaps else {
      throw ScenarioError("pgmaps", "more than \(Self.maximumPgmaps)")
    }
    var lowered: [PgmapState] = []
    for (index, pgmap) in pgmaps.enumerated() {
      guard let shift = UInt8(exactly: pgmap.vmemmapShift), shift <= PgmapState.largestShift else {
        throw ScenarioError(
          "pgmaps[\(index)].vmemmapShift",
          "\(pgmap.vmemmapShift) is not in 0...\(PgmapState.largestShift)")
      }
      lowered.append(PgmapState(vmemmapShift: shift))
    }
    return lowered
  }

  private func checkFrames(layout: AddressLayout, bits: EntryBits) throws(ScenarioError) {
    let limit: UInt64 = 1 << bits.pfnBits
    let poolStart = Pool.basePFN(in: layout)
    let poolEnd = poolStart + UInt64(Pool.capacity) * Pool.stridePages
    let blocks = Blocks.pfns(in: layout)
    let hasBlocks = operations.contains { $0.takesBlocks(from: core) }
    var end: UInt64 = 0
    for (index, run) in frames.enumerated() {
      guard run.count > 0, run.pfn < limit, run.count <= limit - run.pfn else {
        throw ScenarioError("frames[\(index)]", "no such page frames")
      }
      guard run.pfn >= end else {
        throw ScenarioError("frames[\(index)]", "not sorted by pfn, or overlaps the one before")
      }
      end = run.pfn + run.count
      guard end <= poolStart || run.pfn >= poolEnd else {
        throw ScenarioError("frames[\(index)]", "overlaps the pages of tables")
      }
      guard !hasBlocks || end <= blocks.lowerBound || run.pfn >= blocks.upperBound else {
        throw ScenarioError("frames[\(index)]", "overlaps the pages that blocks are allocated from")
      }
    }
  }
}

extension Scenario.Call {
  /// Whether the call may allocate blocks of memory.
  fileprivate func takesBlocks(from core: Scenario.Core) -> Bool {
    function.purpose == .populates || (core == .live && isOfCore)
  }
}
