// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// Uses real worker processes: the built program loads a subject that the test compiled.
@Suite("A supervisor", .timeLimit(.minutes(3)))
struct SupervisorTests {
  private let cases = (0..<100).map { CaseReference.catalogue(mode: "sv39", index: $0) }

  private func supervisor(
    _ subject: RawSubject?, jobs: Int = 2, limitMilliseconds: UInt32 = 100
  ) -> Supervisor {
    Supervisor(
      program: RawSubject.program,
      plan: WorkerPlan(
        subjectPath: subject?.path, limitMilliseconds: limitMilliseconds),
      jobs: jobs)
  }

  /// For each case of the list, whether its first call is of this function.
  private func calling(_ function: KernelFunction) -> [Bool] {
    Catalogue.scenarios(mode: Architecture.riscv.modes[0]).prefix(cases.count).map {
      $0.operations[0].function == function
    }
  }

  @Test("gives every case its result, in order, whatever the number of workers")
  func inOrder() async throws {
    let one = try await supervisor(nil, jobs: 1).check(cases, against: [.latest])
    let four = try await supervisor(nil, jobs: 4).check(cases, against: [.latest])
    #expect(one.count == cases.count)
    #expect(one == four)
    #expect(one.allSatisfy { $0?.comparisons.map(\.difference) == [nil] })
  }

  @Test("starts no worker for an empty list of cases") func none() async throws {
    #expect(try await supervisor(nil).check([], against: [.latest]).isEmpty)
  }

  @Test("reports which functions a subject has") func functions() async throws {
    let subject = try await RawSubject(body: "", present: "1 << MHP_VMEMMAP_FREE")
    #expect(try await supervisor(subject).functions() == [.vmemmapFree])
  }

  @Test("attributes a worker's death to the case that killed it", arguments: [1, 4])
  func death(jobs: Int) async throws {
    let functions = calling(.freePmdTable)
    try #require(functions.contains(true) && functions.contains(false))
    let subject = try await RawSubject(
      body: "if (op->function == MHP_FREE_PMD_TABLE) system_call(SYS_exit_group);")
    let results = try await supervisor(subject, jobs: jobs).check(cases, against: [.latest])
    let died = results.map { $0?.ending.kind == EndingKind.workerDied.rawValue }
    #expect(died == functions)
    let place = try #require(functions.firstIndex(of: true))
    #expect(results[place]?.comparisons.first?.difference?.signature == "workerDied-for-finished")
    #expect(try await supervisor(subject).observe(cases[place], against: .latest) == nil)
  }

  @Test("gives every case an ending even if all of them hang") func hangs() async throws {
    let subject = try await RawSubject(body: "for (volatile int i = 0;; i++);")
    let few = Array(cases.prefix(40))
    let results = try await supervisor(subject).check(few, against: [.latest])
    #expect(results.allSatisfy { $0?.ending.kind == EndingKind.hang.rawValue })
  }

  /// Returns, as from a signal handler, into a loop with every signal blocked; no guard notices that.
  private static let deaf = """
    static long stack[512];
    static ucontext_t context;
    context.uc_stack.ss_flags = 2 /* SS_DISABLE */;
    context.uc_mcontext.gregs[15 /* REG_RSP */] = (long)(stack + 500);
    context.uc_mcontext.gregs[16 /* REG_RIP */] = (long)&&loop;
    context.uc_mcontext.gregs[18 /* REG_CSGSFS */] = 0x2b000000000033;
    for (int i = 0; i < 16; i++) context.uc_sigmask.__val[i] = ~0UL;
    if (machine)
      __asm__ volatile("mov %0, %%rsp; syscall"
        : : "r"(&context), "a"(15 /* rt_sigreturn */) : "memory");
    loop: for (;;) __asm__ volatile("");
    """

  @Test(
    "aborts the run in bounded time if no worker answers any more", .enabled(if: isX86))
  func silence() async throws {
    let subject = try await RawSubject(body: Self.deaf, extra: "#include <ucontext.h>")
    var supervisor = supervisor(subject)
    supervisor.limits = RunLimits(
      answer: .milliseconds(300), shortAnswer: .milliseconds(300), silences: 1, silencesInAll: 4)
    let error = await #expect(throws: ExecutionError.self) {
      try await supervisor.check(cases, against: [.latest])
    }
    #expect(error?.message == "4 worker processes stopped answering; the run was given up")
    #expect(error?.isSubjectsFault == false)
  }

  @Test("blames the subject in one line if it cannot be loaded") func cannotLoad() async throws {
    let supervisor = Supervisor(
      program: RawSubject.program,
      plan: WorkerPlan(subjectPath: "/nonexistent/subject.so"), jobs: 1)
    let error = await #expect(throws: ExecutionError.self) { try await supervisor.functions() }
    #expect(error?.isSubjectsFault == true)
    #expect(error?.message.hasPrefix("cannot load the subject /nonexistent/subject.so: ") == true)
    await #expect(throws: ExecutionError.self) {
      try await supervisor.check(cases, against: [.latest])
    }
  }

  #if arch(x86_64)
    private static let isX86 = true
    private static let openat = 257
  #else
    private static let isX86 = false
    private static let openat = 56
  #endif

  /// The code of a constructor, and words of the message about it.
  private static let constructors = [
    ("system_call(SYS_exit_group);", "ends the process that runs it"),
    ("for (volatile int i = 0;; i++);", "hangs"),
    ("*(volatile int *)8 = 1;", "accesses memory that it does not own"),
    (
      "system_call(SYS_openat, -100, \"/etc/passwd\");",
      "makes system call \(openat), which is forbidden,"
    ),
  ]

  @Test("blames the subject for what its constructor does", arguments: constructors)
  func constructor(body: String, phrase: String) async throws {
    let subject = try await RawSubject(
      body: "", extra: "__attribute__((constructor)) static void start(void) { \(body) }")
    let error = await #expect(throws: ExecutionError.self) {
      try await supervisor(subject).functions()
    }
    #expect(error?.isSubjectsFault == true)
    #expect(
      error?.message
        == "the subject \(phrase) while it is loaded; check for a constructor function")
  }

  @Test("fails the run for an invalid case, and does not blame the subject")
  func badCase() async throws {
    let bad = cases.prefix(3) + [.literal("{}")]
    let error = await #expect(throws: ExecutionError.self) {
      try await supervisor(nil).check(Array(bad), against: [.latest])
    }
    #expect(error?.isSubjectsFault == false)
    await #expect(throws: ExecutionError.self) {
      try await supervisor(nil).observe(.catalogue(mode: "sv39", index: 1 << 20), against: .latest)
    }
  }

  @Test("reports a missing worker program") func noProgram() async throws {
    let supervisor = Supervisor(
      program: "/nonexistent/mhpcheck", plan: WorkerPlan(subjectPath: nil),
      jobs: 1)
    let error = await #expect(throws: ExecutionError.self) {
      try await supervisor.check(cases, against: [.latest])
    }
    #expect(error?.message.contains("/nonexistent/mhpcheck could not be started") == true)
  }

  @Test("receives all of a long trace in time") func longTrace() async throws {
    let subject = try await RawSubject(
      body: """
        for (int i = 0; i < 100000; i++)
          machine->flush(machine, MHP_FLUSH_RANGE, i, i + 1);
        machine->returned(machine, 0, 0);
        """)
    let pair = try await supervisor(subject, limitMilliseconds: 2000).observe(
      cases[0], against: .latest)
    #expect(pair?.subject.events.count == 100_001)
  }
}
