// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

@Suite("A shrinker")
struct ShrinkerTests {
  /// Five calls, some tables that nothing needs, and a run of leaves in table 2.
  private static let large: Scenario = {
    var tables = [Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false)]
    for number in 1...5 {
      tables[0].entries.append(Scenario.EntryRun(slot: number * 7, value: .table(number)))
      tables.append(
        Scenario.Table(
          level: .pmd, owner: .reserved, isConstructed: true,
          entries: [
            Scenario.EntryRun(slot: 1, value: .raw(0x1c0)),
            Scenario.EntryRun(
              slot: 3, count: 200, value: .leaf(pfn: 0x20_0000, protection: 0xe3)),
          ]))
    }
    return Scenario(
      id: "large", purpose: "Large.", mode: "sv39", tables: tables,
      frames: [Scenario.Frames(pfn: 0x20_0000, count: 512 * 200, owner: .reserved)],
      globals: Scenario.Globals(
        maxPFN: 5, maxLowPFN: 6, isDebugPagealloc: true, isUniprocessor: true),
      injected: Scenario.InjectedFailures(addPagesResult: -12, allocationBudget: 3),
      operations: [Scenario.Call](repeating: Scenario.Call(.archGetMappableRange), count: 5))
  }()

  private static func hasLeaf(_ scenario: Scenario, table: Int, slot: Int) -> Bool {
    guard scenario.tables.indices.contains(table) else { return false }
    return scenario.tables[table].entries.contains { run in
      guard case .leaf = run.value else { return false }
      return (run.slot..<run.slot + run.count).contains(slot)
    }
  }

  private static func differs(_ scenario: Scenario) -> Bool {
    scenario.operations.count >= 3 && hasLeaf(scenario, table: 2, slot: 7)
  }

  @Test("keeps exactly what a difference needs") func exact() async throws {
    let shrinker = Shrinker<String>(limits: .patient) { scenarios in
      scenarios.map { Self.differs($0) ? "it" : nil }
    }
    let outcome = try await shrinker.shrink(Self.large, chasing: "it")
    var expected = Self.large
    let empty = Scenario.Table(level: .pmd, owner: .allocator, isConstructed: false)
    expected.tables = [Self.large.tables[0], empty, empty]
    expected.tables[0].entries = []
    // The first page of RAM, with the protection of kernel data.
    expected.tables[2].entries = [
      Scenario.EntryRun(slot: 7, value: .leaf(pfn: 0x8_0000, protection: 0xe7))
    ]
    expected.frames = []
    expected.globals = Scenario.Globals()
    expected.injected = Scenario.InjectedFailures()
    expected.operations.removeLast(2)
    #expect(outcome.scenario == expected)
    #expect(outcome.isMinimal)
    #expect(outcome.others.isEmpty)
  }

  @Test("gives the same result for the same input, and tries no scenario twice")
  func deterministic() async throws {
    var asked: [[Scenario]] = []
    for _ in 0..<2 {
      let log = Log()
      let shrinker = Shrinker<String>(limits: .patient) { scenarios in
        await log.add(scenarios)
        return scenarios.map { Self.differs($0) ? "it" : nil }
      }
      let outcome = try await shrinker.shrink(Self.large, chasing: "it")
      let all = await log.scenarios
      #expect(all.count == outcome.candidatesTried)
      #expect(Set(all).count == all.count)
      asked.append(all)
    }
    #expect(asked[0] == asked[1])
  }

  @Test("tries only scenarios that can be lowered, and at most a batch at once")
  func lowerable() async throws {
    let log = Log()
    let limits = ShrinkLimits(time: .seconds(600), batch: 5)
    let shrinker = Shrinker<String>(limits: limits) { scenarios in
      await log.add(scenarios)
      return scenarios.map { Self.differs($0) ? "it" : nil }
    }
    _ = try await shrinker.shrink(Self.large, chasing: "it")
    #expect(await log.largest <= 5)
    for scenario in await log.scenarios { #expect(throws: Never.self) { try scenario.lowered() } }
  }

  @Test("begins each step with a few candidates, and tests more at once while none is a step")
  func growing() async throws {
    let log = Log()
    let limits = ShrinkLimits(time: .seconds(600), batch: 8)
    let shrinker = Shrinker<String>(limits: limits) { scenarios in
      await log.add(scenarios)
      return scenarios.map { $0 == Self.large ? "it" : nil }
    }
    let outcome = try await shrinker.shrink(Self.large, chasing: "it")
    #expect(outcome.isMinimal && outcome.scenario == Self.large)
    let sizes = await log.sizes
    #expect(sizes.first == 1 && sizes.max() == 8, "\(sizes)")
    for (size, next) in zip(sizes, sizes.dropFirst()) {
      #expect(next <= max(4, min(8, 2 * size)), "\(sizes)")
    }
  }

  @Test("cuts the range of what two calls share in both")
  func together() async throws {
    var scenario = Self.large
    var add = Scenario.Call(.archAddMemory)
    add.start = 0x1_0000_0000
    add.size = 244 << 20
    add.protection = 0xe7
    var remove = Scenario.Call(.archRemoveMemory)
    remove.start = add.start
    remove.size = add.size
    scenario.operations = [add, remove]
    let shrinker = Shrinker<String>(limits: .patient) { scenarios in
      scenarios.map { scenario in
        let calls = scenario.operations
        let isBalanced = calls.count == 2 && calls[0].start == calls[1].start
        return isBalanced && calls[0].length == calls[1].length && calls[0].length >= 2 << 20
          ? "it" : nil
      }
    }
    let outcome = try await shrinker.shrink(scenario, chasing: "it")
    #expect(outcome.isMinimal)
    #expect(outcome.scenario.operations.map(\.length) == [2 << 20, 2 << 20])
  }

  @Test("reports another difference that it meets, and does not follow it")
  func others() async throws {
    // Without table 2 another defect shows; all smaller scenarios lead to it.
    let shrinker = Shrinker<String>(limits: .patient) { scenarios in
      scenarios.map { scenario in
        if Self.differs(scenario) { return "it" }
        return scenario.tables.count < 3 && !scenario.operations.isEmpty ? "other" : nil
      }
    }
    let outcome = try await shrinker.shrink(Self.large, chasing: "it")
    #expect(Self.differs(outcome.scenario))
    #expect(outcome.isMinimal)
    #expect(Set(outcome.others.keys) == ["other"])
    let other = try #require(outcome.others["other"])
    #expect(other.tables.count < 3)
    #expect(!Self.differs(other))
  }

  @Test("stops at its limit of candidates, and then does not call its result minimal")
  func candidateLimit() async throws {
    for candidates in [1, 2, 10, 70] {
      let log = Log()
      let limits = ShrinkLimits(candidates: candidates, time: .seconds(600))
      let shrinker = Shrinker<String>(limits: limits) { scenarios in
        await log.add(scenarios)
        return scenarios.map { Self.differs($0) ? "it" : nil }
      }
      let outcome = try await shrinker.shrink(Self.large, chasing: "it")
      #expect(await log.scenarios.count == candidates, "\(candidates)")
      #expect(outcome.candidatesTried == candidates)
      #expect(!outcome.isMinimal, "\(candidates)")
      #expect(Self.differs(outcome.scenario), "\(candidates)")
    }
  }

  @Test("reaches the minimum with exactly as many candidates as it needs")
  func exactLimit() async throws {
    func outcome(_ candidates: Int) async throws -> ShrinkOutcome<String> {
      let limits = ShrinkLimits(candidates: candidates, time: .seconds(600))
      return try await Shrinker<String>(limits: limits) { scenarios in
        scenarios.map { Self.differs($0) ? "it" : nil }
      }.shrink(Self.large, chasing: "it")
    }
    let needed = try await outcome(.max).candidatesTried
    let enough = try await outcome(needed)
    #expect(enough.isMinimal)
    let tooFew = try await outcome(needed - 1)
    #expect(!tooFew.isMinimal)
  }

  @Test("stops when its time is up, with the smallest scenario so far")
  func timeLimit() async throws {
    let limits = ShrinkLimits(time: .zero)
    let shrinker = Shrinker<String>(limits: limits) { scenarios in
      scenarios.map { Self.differs($0) ? "it" : nil }
    }
    let outcome = try await shrinker.shrink(Self.large, chasing: "it")
    #expect(outcome.scenario == Self.large)
    #expect(outcome.candidatesTried == 1)
    #expect(!outcome.isMinimal)
  }

  @Test("refuses a scenario that agrees, shows something else or cannot be lowered")
  func notShown() async throws {
    for answer in [nil, "other"] {
      let shrinker = Shrinker<String> { $0.map { _ in answer } }
      await #expect(throws: ShrinkingError.doesNotShow) {
        try await shrinker.shrink(Self.large, chasing: "it")
      }
    }
    var bad = Self.large
    bad.tables = []
    let shrinker = Shrinker<String> { $0.map { _ in "it" } }
    await #expect(throws: ShrinkingError.doesNotShow) {
      try await shrinker.shrink(bad, chasing: "it")
    }
  }

  @Test("rethrows the error of its test") func throwing() async throws {
    struct Broken: Error {}
    let log = Log()
    let shrinker = Shrinker<String> { scenarios in
      await log.add(scenarios)
      if await log.scenarios.count > 1 { throw Broken() }
      return ["it"]
    }
    await #expect(throws: Broken.self) { try await shrinker.shrink(Self.large, chasing: "it") }
  }

  @Test("stops when its task is cancelled") func cancelled() async throws {
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      return try await Shrinker<String> { $0.map { _ in "it" } }.shrink(Self.large, chasing: "it")
    }
    await #expect(throws: CancellationError.self) { try await task.value }
  }

  @Test("shrinks to an empty root without calls if every scenario differs")
  func everything() async throws {
    let shrinker = Shrinker<String>(limits: .patient) { $0.map { _ in "it" } }
    for mode in Architecture.riscv.modes {
      for scenario in Samples.universes(mode) {
        let outcome = try await shrinker.shrink(scenario, chasing: "it")
        let root = Scenario.Table(level: .pgd, owner: .reserved, isConstructed: false)
        let least = Scenario(
          id: scenario.id, purpose: scenario.purpose, mode: mode.name,
          indexBits: scenario.indexBits, tables: [root], operations: [])
        #expect(outcome.scenario == least, "\(scenario.id)")
      }
    }
  }
}

/// The scenarios that a shrinker has tested.
private actor Log {
  private(set) var scenarios: [Scenario] = []
  private(set) var largest = 0

  private(set) var sizes: [Int] = []

  func add(_ batch: [Scenario]) {
    scenarios += batch
    largest = max(largest, batch.count)
    sizes.append(batch.count)
  }
}
