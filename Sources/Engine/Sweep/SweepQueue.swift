// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// The blocks of the universes of a run. The queue hands them out, splits a block when a worker dies on it, and
/// is done when every case ran once or was skipped for a reason that the results show.
///
/// Blocks run in any order and are settled in theirs: which functions are skipped in a block, and whether its
/// universe has ended, follows from the blocks before it alone. The queue hands out a block on what is known at
/// that time; if the blocks before it turn out to say something else, it runs again. So the cases, counts and
/// examples are the same for any number of workers. For the same reason, a shard can run some of the blocks, and
/// a later run can take its facts in place of the work.
actor SweepQueue: WorkQueue {
  /// A part of a block.
  struct Piece: Sendable {
    /// The block's index.
    let block: Int
    let part: SweepPart
  }

  /// A worker can die of something other than its case. A case counts as deadly after this number of deaths
  /// alone, or, once `doubtfulCases` cases were deadly, after one.
  private let deathsToBelieve = 3
  private let doubtfulCases = 12

  private let universes: [Universe]
  private var blocks: [SweepBlock]
  /// The number of blocks that have begun.
  private var begun = 0
  /// The number of blocks whose results count; all blocks before this index are among them.
  private var settled = 0
  private var results: [SweepResult]
  private var doneCases: UInt64 = 0
  private let allCases: UInt64
  private let endsAtFirst: Bool
  private let stop: StopSignal
  /// What a shard found in a block; nil if none ran it.
  private let known: @Sendable (SweepPart) -> BlockFact?
  private let progress: @Sendable (Int, Int) -> Void
  private var deadlyCases = 0
  /// The number of workers that died on a piece.
  private(set) var lostWorkers = 0
  /// The functions whose cases are skipped, by the settled blocks.
  private(set) var costly: CostlyFunctions

  init(
    universes: [Universe], functions: Set<KernelFunction>, costly: CostlyFunctions,
    endsAtFirst: Bool = false, casesPerBlock: UInt64? = nil, shard: Shard? = nil,
    known: @escaping @Sendable (SweepPart) -> BlockFact? = { _ in nil }, stop: StopSignal,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) {
    self.endsAtFirst = endsAtFirst
    self.known = known
    self.stop = stop
    self.progress = progress
    self.costly = costly
    // Long parts come before short ones, which keeps all workers busy until the end.
    self.universes =
      universes.filter { $0.ranges == .long } + universes.filter { $0.ranges != .long }
    results = Array(repeating: SweepResult(), count: universes.count)
    let whole: [SweepBlock] = self.universes.enumerated().flatMap { index, universe in
      let operations = universe.operations(calling: functions)
      return SweepBlock.parts(of: universe, operations: operations, cases: casesPerBlock).map {
        SweepBlock($0, universe: index, costly: costly)
      }
    }
    blocks = whole.enumerated().filter { shard?.has($0.offset) ?? true }.map(\.element)
    allCases = blocks.reduce(0) { $0 + $1.whole.caseCount }
  }

  /// Whether a case that differs has ended all universes.
  private var isOver: Bool {
    endsAtFirst
      && (results.contains(where: \.hasFindings)
        || blocks[settled..<begun].contains { $0.result.hasFindings })
  }

  /// The next piece: of the first block that has one, else of a new block; nil when none waits, or when the run
  /// was stopped or is over.
  func next() -> Piece? {
    while !stop.isSet, !isOver {
      for index in settled..<begun {
        if let part = blocks[index].take() { return Piece(block: index, part: part) }
      }
      guard begun < blocks.count else { return nil }
      begin(begun)
      begun += 1
      settle()
    }
    return nil
  }

  /// Starts a block on what the blocks before it say so far.
  private func begin(_ index: Int) {
    let universe = blocks[index].universe
    var skipped = costly.functions
    var isEnded = results[universe].isCutShort
    var differing = results[universe].differing
    for block in blocks[settled..<index] {
      skipped.formUnion(block.costly.functions)
      guard block.universe == universe else { continue }
      differing += block.result.differing
      if block.result.isCutShort || differing >= SweepChecker.enough { isEnded = true }
    }
    start(index, skipping: skipped)
    guard isEnded else { return }
    blocks[index].waiting = []
    blocks[index].isPassedOver = true
  }

  /// Starts a block without the cases of these functions, or takes what a shard found in it without them.
  private func start(_ index: Int, skipping functions: Set<KernelFunction>) {
    blocks[index].begin(
      skipping: functions, of: universes[blocks[index].universe], knowing: costly)
    guard let fact = known(blocks[index].whole), fact.skipped == functions else { return }
    blocks[index].adopt(fact)
    doneCases += fact.result.cases
  }

  /// Counts the results of blocks that are done, in order.
  private func settle() {
    while settled < begun, blocks[settled].isDone {
      let block = blocks[settled]
      if !results[block.universe].isCutShort {
        guard !block.isPassedOver, block.skipped == costly.functions else {
          start(settled, skipping: costly.functions)
          continue
        }
        blocks[settled].isCounted = true
        results[block.universe].add(block.result)
        if results[block.universe].differing >= SweepChecker.enough {
          results[block.universe].isCutShort = true
        }
        for note in block.notes { costly.take(note) }
      }
      settled += 1
    }
  }

  func complete(_ piece: Piece, with found: SweepResult) {
    blocks[piece.block].add(found, of: universe(of: piece))
    doneCases += found.cases
    settle()
    progress(Int(min(doneCases, allCases)), Int(allCases))
  }

  /// A worker died on a piece: its parts run separately, and a single case runs again until it counts as deadly.
  /// If the run was stopped, the stop killed the worker.
  func workerDied(on piece: Piece) {
    if stop.isSet { return }
    lostWorkers += 1
    blocks[piece.block].isOut = false
    guard piece.part.caseCount == 1 else {
      blocks[piece.block].waiting += piece.part.pieces.reversed()
      return
    }
    blocks[piece.block].deaths += 1
    guard blocks[piece.block].deaths >= deathsToBelieve || deadlyCases >= doubtfulCases else {
      blocks[piece.block].waiting.append(piece.part)
      return
    }
    deadlyCases += 1
    doneCases += 1
    blocks[piece.block].addDeadly(piece.part.place(0), of: universe(of: piece))
    settle()
  }

  /// The facts of the blocks of a universe whose results count, by their first states.
  func facts(of universe: Universe) -> [UInt64: BlockFact] {
    guard let index = universes.firstIndex(of: universe) else { return [:] }
    return blocks[..<settled].reduce(into: [:]) { facts, block in
      guard block.universe == index, block.isCounted else { return }
      facts[block.whole.states.lowerBound] = block.fact
    }
  }

  private func universe(of piece: Piece) -> Universe { universes[blocks[piece.block].universe] }

  func putBack(_ piece: Piece) {
    blocks[piece.block].isOut = false
    blocks[piece.block].waiting.append(piece.part)
  }

  /// The result for a universe. In a run that was stopped, or is over, blocks count that are not settled.
  func result(of universe: Universe) -> SweepResult {
    guard let index = universes.firstIndex(of: universe) else { return SweepResult() }
    var result = results[index]
    for block in blocks[settled..<begun] where block.universe == index { result.add(block.result) }
    return result
  }
}
