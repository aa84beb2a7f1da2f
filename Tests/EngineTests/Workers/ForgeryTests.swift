// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// Subjects that write forged answers to the descriptor on which a worker answers.
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
    // Every case kills its worker, and all cases must run.
    supervisor.limits.deadlyCases = .max
    let universe = try #require(universe)
    var costly = supervisor.noneCostly
    return try await supervisor.sweep(
      [universe], calling: [.archAddMemory, .archGetMappableRange], against: .latest,
      costly: &costly
    )[0].result
  }

  @Test(
    "about the end of a universe hides none of its cases",
    arguments: [
      // No digest; a wrong digest; more digests than there are cases.
      "5, 0, 0", "5, 8, 0, 1", "5, 72, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9",
      // No such answer; a length that never arrives; one that nobody waits for; an incomplete header.
      "99, 0, 0", "5, 1ULL << 40, 0", "5, -1ULL, 0", "5, 0",
    ])
  func sweep(frame: String) async throws {
    let result = try await sweep(writing: frame)
    let universe = try #require(universe)
    #expect(result.cases == universe.caseCount)
    #expect(result.differing == universe.caseCount)
  }

  @Test("with the right digests does not count if it precedes the worker's own")
  func early() async throws {
    let cases = (0..<4).map { CaseReference.catalogue(mode: "sv39", index: $0) }
    let port = HotplugPort(fixes: .latest)
    let catalogue = CaseResolver()
    let right = try cases.flatMap { reference -> [UInt64] in
      let (digest, ending) = port.answer(try catalogue.image(of: reference))
      return [digest, UInt64(ending.kind)]
    }
    // Answers to four cases, with a tag that belongs to no request.
    let frame = ([3, 64, 0] + right).map { "\($0)ULL" }.joined(separator: ", ")
    let subject = try await RawSubject(
      body: """
        static const unsigned long long frame[] = {\(frame)};
        system_call(SYS_write, 3, frame, sizeof(frame));
        """)
    let results = try await Supervisor(
      program: RawSubject.program, plan: WorkerPlan(subjectPath: subject.path), jobs: 1
    ).check(cases, against: [.latest])
    #expect(results.count == 4)
    #expect(results.allSatisfy { $0?.comparisons[0].difference != nil })
  }
}
