// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Worker

/// An object holds variants of a function, and a number that the worker stores chooses one (`mhp/choice.h`).
@Suite("The variants of a function", .timeLimit(.minutes(3)))
struct ChosenVariantTests {
  @Test("are handed out by their numbers, and run as chosen", arguments: [1, 2])
  func numbers(jobs: Int) async throws {
    let subject = try await RawSubject(
      body: "machine->returned(machine, *(const volatile mhp_u32 *)marks, 0);",
      extra: "static volatile mhp_u8 marks[4] __attribute__((aligned(4)));",
      members: ".marks = marks, .mark_count = sizeof(marks),")
    defer { withExtendedLifetime(subject) {} }
    let supervisor = Supervisor(
      program: RawSubject.program, plan: WorkerPlan(subjectPath: subject.path), jobs: jobs,
      batchSize: 2)
    let one = CaseReference.catalogue(mode: "sv39", index: 0)
    let variants: [UInt32] = [3, 0, 77, .max, 1]
    let found = try await supervisor.run(
      variants, dying: UInt64.max, progress: { _, _ in }, slot: {},
      batch: { _, conversation, variants -> [UInt64]? in
        var answers: [UInt64] = []
        for variant in variants {
          guard case .marks? = try await conversation.ask(.choose(variant), slow: 0),
            let observations = try await conversation.observations(of: [one]),
            let event = observations[0].events.last(where: {
              $0.kind == EventKind.returned.rawValue
            })
          else { return nil }
          answers.append(event.b)
        }
        return answers
      }
    ).results
    #expect(found.compactMap { $0 } == variants.map { UInt64($0) })
  }
}
