// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Oracle
import Port
import Worker

/// Runs one scenario on a subject and on the port.
public struct ReplayRun: Sendable {
  /// The time limit of an operation, in milliseconds of CPU time: a user's scenario may be larger than any of ours.
  private let limitOfCase: UInt32 = 250

  package let files: ProgramFiles

  public init(files: ProgramFiles) { self.files = files }

  /// The case with the observations of both sides; both are nil when the subject kills its worker.
  public func replay(
    _ scenario: Scenario, subject argument: String, options: SubjectOptions, against: UpstreamFixes
  ) async throws(Failure) -> ReplayedCase {
    try await withSupervisor(scenario, argument, options) {
      (supervisor, subject) async throws(ExecutionError) in
      try await Self.replayed(
        scenario, by: supervisor, named: subject.summary.origin, against: against)
    }
  }

  /// The same, with the text of the compiled unit and the options of the subject's kernel.
  package func replayWithText(
    _ scenario: Scenario, subject argument: String, options: SubjectOptions, against: UpstreamFixes
  ) async throws(Failure) -> (case: ReplayedCase, unit: String, kernel: KernelOptions) {
    let (replayed, subject) = try await withSupervisor(scenario, argument, options) {
      (supervisor, subject) async throws(ExecutionError) in
      let origin = subject.summary.origin
      return (
        try await Self.replayed(scenario, by: supervisor, named: origin, against: against), subject
      )
    }
    // Only the embedded reference has no extraction yet. Others must not be read again: standard input cannot
    // be read twice.
    var extraction = subject.extraction
    if extraction == nil {
      let loader = SubjectLoader(files: files, options: options, progress: { _ in })
      extraction = try await loader.extract(argument).extraction
    }
    return (replayed, extraction?.unit ?? "", subject.kernelOptions)
  }

  /// Loads the subject and runs `body` with the subject and a supervisor of its workers.
  func withSupervisor<Result: Sendable>(
    _ scenario: Scenario, _ argument: String, _ options: SubjectOptions,
    _ body: (Supervisor, LoadedSubject) async throws(ExecutionError) -> Result
  ) async throws(Failure) -> Result {
    do {
      _ = try scenario.lowered()
    } catch {
      throw Failure(.unreadable, "case \(scenario.id): \(error)")
    }
    let folder = try TemporaryFolder()
    let loader = SubjectLoader(files: files, options: options, progress: { _ in })
    let subject = try await loader.load(
      argument, indexBits: Int(scenario.indexBits), into: folder.path)
    let supervisor = Supervisor(
      program: files.program,
      plan: WorkerPlan(
        subjectPath: subject.path, indexBits: scenario.indexBits,
        limitMilliseconds: limitOfCase, kernelOptions: subject.kernelOptions), jobs: 1)
    do throws(ExecutionError) {
      let absent = Set(scenario.operations.map(\.function))
        .subtracting(try await supervisor.functions())
      guard absent.isEmpty else {
        let names = absent.sorted().map(\.name).list
        throw ExecutionError("the case calls \(names), which \(argument) lacks")
      }
      let shown = try await telling(scenario, supervisor, subject, loader, into: folder.path)
      return try await body(shown.supervisor, shown.subject)
    } catch {
      throw Failure(error)
    }
  }

  /// The object to show a case on. As in a check, it is one with zeroes in variables that the text does not set if the
  /// compiler warns of such variables, and only that one differs from every upstream state.
  private func telling(
    _ scenario: Scenario, _ usual: Supervisor, _ subject: LoadedSubject, _ loader: SubjectLoader,
    into folder: String
  ) async throws(ExecutionError) -> (supervisor: Supervisor, subject: LoadedSubject) {
    let warned = await loader.uninitialised(in: subject)
    guard let extraction = subject.extraction, !warned.isEmpty,
      try await !Self.differs(scenario, on: usual),
      let other = try? await loader.filledWithZero(
        subject, extraction, indexBits: Int(scenario.indexBits), into: folder)
    else { return (usual, subject) }
    var plan = usual.plan
    plan.subjectPath = other.subject.path
    let second = Supervisor(program: files.program, plan: plan, jobs: 1)
    guard try await Self.differs(scenario, on: second) else { return (usual, subject) }
    return (second, other.subject)
  }

  /// Whether a subject differs from every upstream state in a case.
  private static func differs(
    _ scenario: Scenario, on supervisor: Supervisor
  ) async throws(ExecutionError) -> Bool {
    let reference = CaseReference.literal(scenario.jsonText())
    let result = try await supervisor.check([reference], against: UpstreamFixes.allSets)[0]
    return result?.comparisons.allSatisfy { $0.difference != nil } ?? false
  }

  static func replayed(
    _ scenario: Scenario, by supervisor: Supervisor, named origin: String, against: UpstreamFixes
  ) async throws(ExecutionError) -> ReplayedCase {
    let reference = CaseReference.literal(scenario.jsonText())
    let pair = try await supervisor.observe(reference, against: against)
    let judged = try await supervisor.check([reference], against: [against])[0]
    let image = try? scenario.lowered()
    return ReplayedCase(
      scenario: scenario, subjectName: origin, against: against,
      difference: pair.flatMap { pair in
        image.map { pair.subject.compared(to: pair.reference, in: $0).difference }
          ?? pair.subject.compared(to: pair.reference).difference
      },
      subject: pair?.subject, reference: pair?.reference,
      broken: judged?.broken ?? BrokenRules())
  }
}
