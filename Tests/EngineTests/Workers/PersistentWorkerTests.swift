// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("A session with a worker", .timeLimit(.minutes(3)))
struct PersistentWorkerTests {
  private let scenarios = Array(Catalogue.scenarios(mode: Architecture.riscv.modes[0]).prefix(60))

  private func session(_ subject: RawSubject? = nil) -> PersistentWorker {
    PersistentWorker(
      Supervisor(
        program: RawSubject.program, plan: WorkerPlan(subjectPath: subject?.path), jobs: 1))
  }

  @Test("gives the port's observations for batch after batch") func batches() async throws {
    let session = session()
    let port = HotplugPort(fixes: .latest)
    for start in stride(from: 0, to: scenarios.count, by: 20) {
      let batch = Array(scenarios[start..<start + 20])
      let observed = try await session.observations(of: batch)
      for (scenario, observation) in zip(batch, observed) {
        let theirs = port.observe(try scenario.lowered())
        #expect(observation?.compared(to: theirs).difference == nil, "\(scenario.id)")
      }
    }
    await session.end()
  }

  @Test("observes all cases except those that kill its workers") func deaths() async throws {
    let subject = try await RawSubject(
      body: "if (op->function == MHP_FREE_PMD_TABLE) system_call(SYS_exit_group);")
    let session = session(subject)
    let observed = try await session.observations(of: scenarios)
    let deadly = scenarios.map { $0.operations[0].function == .freePmdTable }
    try #require(deadly.contains(true) && deadly.contains(false))
    #expect(observed.map { $0 == nil } == deadly)
    #expect(try await session.observations(of: [scenarios[0]]).count == 1)
    await session.end()
  }

  @Test("fails with an error if no worker starts, and after its end")
  func errors() async throws {
    let nothing = PersistentWorker(
      Supervisor(program: "/nonexistent/mhpcheck", plan: WorkerPlan(subjectPath: nil), jobs: 1))
    await #expect(throws: ExecutionError.self) {
      try await nothing.observations(of: [scenarios[0]])
    }
    await nothing.end()
    let ended = session()
    await ended.end()
    await #expect(throws: ExecutionError.self) { try await ended.observations(of: [scenarios[0]]) }
  }
}
