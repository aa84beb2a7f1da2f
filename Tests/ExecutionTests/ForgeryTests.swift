// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import PageTables
import Scenarios
import Testing

@testable import Execution

/// Subjects that write answers of their own, on the descriptor that a worker may write to.
@Suite("A forged answer", .timeLimit(.minutes(3)))
struct ForgeryTests {
  /// A universe at the index width of these subjects.
  private let universe = Universe.universes(.standard, mode: Architecture.riscv.modes[0])
    .first { $0.name == "sv39/add/real" }

  private func sweep(writing frame: String) async throws -> SweepResult {
    let subject = try await RawSubject(
      body: """
        static const unsigned long long frame[] = {\(frame)};
        system_call(SYS_write, 3, frame, sizeof(frame));
        system_call(SYS_exit_group);
        """)
    var supervisor = Supervisor(
      program: RawSubject.program, plan: WorkerPlan(subjectPath: subject.path), jobs: 1)
    // Every case is deadly, and all are to be run.
    supervisor.patience.deadlyCases = .max
    let universe = try #require(universe)
    var trouble = supervisor.noTrouble
    return try await supervisor.sweep(
      [universe], calling: [.archAddMemory, .archGetMappableRange], against: .latest,
      trouble: &trouble
    )[0].result
  }

  @Test(
    "that a universe was left early, or is over, hides no case of it",
    arguments: [
      // No digest at all; one that is nobody's; more than there are cases.
      "5, 0", "5, 8, 1", "5, 72, 1, 2, 3, 4, 5, 6, 7, 8, 9",
      // No such answer; a length that never comes; one that nobody waits for.
      "99, 0", "5, 1ULL << 40", "5, -1ULL",
    ])
  func sweep(frame: String) async throws {
    let result = try await sweep(writing: frame)
    let universe = try #require(universe)
    #expect(result.cases == universe.caseCount)
    #expect(result.differing == universe.caseCount)
  }
}
