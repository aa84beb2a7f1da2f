// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Subjects
@testable import Worker

/// Collects marks of instrumented subjects through real workers.
@Suite("Marks", .timeLimit(.minutes(3)))
struct MarksTests {
  private let mode = Architecture.riscv.modes[0]
  private let cases = (0..<100).map { CaseReference.catalogue(mode: "sv39", index: $0) }
  private let members = ".marks = marks, .mark_count = sizeof(marks),"

  /// Runs the cases and keeps the subject alive meanwhile.
  private func run(
    _ subject: RawSubject, jobs: Int = 2, into collector: MarkCollector
  ) async throws {
    defer { withExtendedLifetime(subject) {} }
    let supervisor = Supervisor(
      program: RawSubject.program,
      plan: WorkerPlan(subjectPath: subject.path, limitMilliseconds: 100), jobs: jobs)
    try await supervisor.mark(cases, into: collector)
  }

  /// A subject that marks the called function, and one more mark if its statics survive from an earlier case.
  private func marking(then body: String = "") async throws -> RawSubject {
    try await RawSubject(
      body: """
        marks[op->function] = 1;
        if (++calls > 1) marks[30] = 1;
        \(body)
        machine->returned(machine, 0, 0);
        """,
      extra: "static volatile mhp_u8 marks[32]; static int calls;", members: members)
  }

  private func expected(_ functions: some Sequence<KernelFunction>) -> MarkSet {
    var marks = MarkSet(count: 32)
    for function in functions { marks.insert(Int(function.rawValue)) }
    return marks
  }

  /// The functions that the cases call; each case here has one call.
  private var called: Set<KernelFunction> {
    get throws {
      let scenarios = Catalogue.scenarios(mode: mode).prefix(cases.count)
      try #require(scenarios.allSatisfy { $0.operations.count == 1 })
      return Set(scenarios.map { $0.operations[0].function })
    }
  }

  @Test("survive from case to case, while the statics around them are reset", arguments: [1, 3])
  func survive(jobs: Int) async throws {
    let collector = MarkCollector(count: 32)
    try await run(try await marking(), jobs: jobs, into: collector)
    #expect(collector.reached == expected(try called))
  }

  @Test("get lost only for a case that kills its worker") func death() async throws {
    let subject = try await marking(
      then: "if (op->function == MHP_FREE_PMD_TABLE) system_call(SYS_exit_group);")
    let collector = MarkCollector(count: 32)
    try await run(subject, into: collector)
    try #require(try called.contains(.freePmdTable))
    #expect(collector.reached == expected(try called.subtracting([.freePmdTable])))
  }

  @Test("end the run once all requested ones are there") func enough() async throws {
    let first = try #require(Catalogue.scenarios(mode: mode).first).operations[0].function
    let collector = MarkCollector(count: 32, isEnough: { $0.contains(Int(first.rawValue)) })
    try await run(try await marking(), jobs: 1, into: collector)
    #expect(collector.isContent)
    // The supervisor does not cut batches short, but there are more calls than one batch contains.
    let beyond = expected(try called)
    #expect(collector.reached != beyond)
  }

  @Test("come from universes, too") func universes() async throws {
    let universe = try #require(
      Universe.universes(.standard, mode: mode).min { $0.caseCount < $1.caseCount })
    let called = Set(universe.operations.map(\.function))
    let subject = try await RawSubject(
      body: "marks[op->function] = 1; machine->returned(machine, 0, 0);",
      extra: "static volatile mhp_u8 marks[32];", members: members)
    let collector = MarkCollector(count: 32)
    var plan = WorkerPlan(subjectPath: subject.path)
    plan.indexBits = universe.indexBits
    let supervisor = Supervisor(program: RawSubject.program, plan: plan, jobs: 2)
    try await supervisor.mark(
      [universe], calling: Set(KernelFunction.allCases), into: collector)
    withExtendedLifetime(subject) {}
    #expect(collector.reached == expected(called))
  }

  @Test("do not count if their number is not that of the points") func wrongNumber() async throws {
    let collector = MarkCollector(count: 33)
    try await run(try await marking(), into: collector)
    #expect(collector.reached == MarkSet(count: 33))
  }

  @Test("do not exist for a subject that keeps no record") func none() async throws {
    let collector = MarkCollector(count: 32)
    let subject = try await RawSubject(body: "machine->returned(machine, 0, 0);")
    try await run(subject, into: collector)
    #expect(collector.reached == MarkSet(count: 32))
  }
}
