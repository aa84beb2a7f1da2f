// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// The kernel's answers to calls of a subject in a real worker.
@Suite("A worker's subject", .timeLimit(.minutes(3)))
struct ConfinementTests {
  private let cases = (0..<4).map { CaseReference.catalogue(mode: "sv39", index: $0) }

  private func results(_ body: String, extra: String = "") async throws -> [CaseResult] {
    let subject = try await RawSubject(body: body, extra: extra)
    return try await Supervisor(
      program: RawSubject.program,
      plan: WorkerPlan(subjectPath: subject.path, limitMilliseconds: 200), jobs: 1
    ).check(cases, against: [.latest]).compactMap { $0 }
  }

  /// Calls with an effect outside of the process.
  private static let calls = [
    "SYS_openat, -100, \"/etc/passwd\"", "SYS_socket, 2, 1", "SYS_clone, 17",
    "SYS_execve, \"/bin/true\"", "SYS_getppid", "SYS_kill, 1", "SYS_ptrace",
    "SYS_rt_sigaction, 31", "SYS_close, 3", "SYS_nanosleep", "SYS_mprotect, -4096, 4096, 7",
    "SYS_read, 1",
  ]

  @Test(
    "that reaches outside with a system call ends its case, but not its worker",
    arguments: calls)
  func forbidden(call: String) async throws {
    let results = try await results("system_call(\(call));")
    #expect(results.map(\.ending.kind) == cases.map { _ in EndingKind.forbiddenCall.rawValue })
  }

  @Test("gets no more memory than its worker's limit") func memory() async throws {
    let results = try await results(
      """
      for (long megabytes = 0; megabytes < 4096; megabytes++)
        if (system_call(SYS_mmap, 0, 1 << 20, 3, 0x22, -1) < 0)
          return;
      __builtin_trap();
      """)
    #expect(results.count == cases.count)
    #expect(results.allSatisfy { $0.ending.kind != EndingKind.trap.rawValue })
    #expect(
      results.contains { $0.ending.kind == EndingKind.finished.rawValue },
      "\(results.map(\.ending))")
  }
}
