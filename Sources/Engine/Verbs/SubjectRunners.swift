// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Worker

/// A subject at every index width that a run needs, ready to run cases.
package struct SubjectRunners: Sendable {
  /// The limit of CPU time for a case of a small machine, in milliseconds. The longest ranges take 1 ms. In
  /// some universes, a subject that hangs at all hangs hundreds of times.
  private static let limitOfSmallCases = WorkerPlan.limitOfHangs

  private var supervisors: [UInt64: Supervisor]
  /// Runs cases at real geometry.
  private(set) var real: Supervisor

  init(files: ProgramFiles, subject: LoadedSubject, jobs: Int, stop: StopSignal) {
    self.init(
      files: files, path: subject.path, others: subject.otherPaths, kernel: subject.kernelOptions,
      jobs: jobs, stop: stop)
  }

  /// Makes runners for shared objects. If `isImpatient`, real cases have less time than those of a judged
  /// subject, batches are smaller, and the oracle is not used.
  package init(
    files: ProgramFiles, path: String?, others: [Int: String?], kernel: KernelOptions, jobs: Int,
    stop: StopSignal, isImpatient: Bool = false
  ) {
    real = Self.supervisor(
      files: files, path: path, indexBits: 9, kernel: kernel, jobs: jobs, stop: stop,
      isImpatient: isImpatient)
    supervisors = [9: real]
    add(others)
  }

  /// Adds shared objects for other index widths.
  mutating func add(_ others: [Int: String?]) {
    for (width, path) in others where width != 9 {
      var supervisor = real
      supervisor.plan.subjectPath = path
      supervisor.plan.indexBits = UInt64(width)
      supervisor.plan.limitMilliseconds = Self.limitOfSmallCases
      supervisors[UInt64(width)] = supervisor
    }
  }

  /// A supervisor for a subject's shared object at an index width.
  static func supervisor(
    files: ProgramFiles, path: String?, indexBits: UInt64, kernel: KernelOptions, jobs: Int,
    stop: StopSignal, isImpatient: Bool = false
  ) -> Supervisor {
    var plan = WorkerPlan(subjectPath: path, indexBits: indexBits, kernelOptions: kernel)
    if indexBits < 9 || isImpatient { plan.limitMilliseconds = limitOfSmallCases }
    return Supervisor(
      program: files.program, plan: plan, jobs: jobs, stop: stop, batchSize: isImpatient ? 8 : 32,
      asksOracle: !isImpatient, answers: files.answers)
  }

  /// The same runners, for cases of which some are known to hang.
  var hurried: SubjectRunners {
    var runners = self
    runners.real.plan.limitMilliseconds = WorkerPlan.limitOfHangs
    runners.supervisors = supervisors.mapValues { supervisor in
      var supervisor = supervisor
      supervisor.plan.limitMilliseconds = WorkerPlan.limitOfHangs
      return supervisor
    }
    return runners
  }

  /// The supervisor for an index width; nil when the subject was not compiled for it.
  func supervisor(_ indexBits: UInt64) -> Supervisor? { supervisors[indexBits] }

  /// Runs cases of any geometry. The results are in order; a result is nil where there is none, e.g. for
  /// cases that were skipped because `isEnough` was true for a place in `entries` and its result.
  func check(
    _ entries: ArraySlice<CaseList.Entry>, against fixes: [UpstreamFixes],
    until isEnough: @escaping @Sendable (Int, CaseResult) -> Bool = { _, _ in false },
    progress: @escaping @Sendable (Int, Int) -> Void = { _, _ in }
  ) async throws(ExecutionError) -> [CaseResult?] {
    try await eachWidth(of: entries) { supervisor, places throws(ExecutionError) in
      try await supervisor.check(
        places.map { entries[$0].reference }, against: fixes,
        until: { isEnough(places[$0], $1) }, progress: progress)
    }
  }

  /// The same, for cases that call no function which is costly or becomes so; `see` gets each place in `entries` with
  /// its result, as soon as there is one.
  func check(
    _ entries: ArraySlice<CaseList.Entry>, leaving costly: inout CostlyFunctions,
    against fixes: [UpstreamFixes],
    seeing see: @escaping @Sendable (Int, CaseResult) -> Void,
    progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(ExecutionError) -> [CaseResult?] {
    try await eachWidth(of: entries) { supervisor, places throws(ExecutionError) in
      try await supervisor.check(
        places.map { entries[$0].reference },
        calling: places.map { entries[$0].scenario.operations.map(\.function) },
        in: places.map { entries[$0].scenario.mode },
        leaving: &costly, against: fixes, seeing: { see(places[$0], $1) }, progress: progress)
    }
  }

  /// Gets the results of each width's cases from its supervisor, and orders them by place.
  private func eachWidth(
    of entries: ArraySlice<CaseList.Entry>,
    results check: (Supervisor, [Int]) async throws(ExecutionError) -> [CaseResult?]
  ) async throws(ExecutionError) -> [CaseResult?] {
    var results = [CaseResult?](repeating: nil, count: entries.count)
    for (width, supervisor) in supervisors.sorted(by: { $0.key > $1.key }) {
      let places = entries.indices.filter { entries[$0].scenario.indexBits == width }
      guard !places.isEmpty else { continue }
      for (place, result) in zip(places, try await check(supervisor, places)) {
        results[place - entries.startIndex] = result
      }
    }
    return results
  }

  /// The subject's observation of each case, in order; nil where it kills its worker.
  func observe(
    _ entries: [CaseList.Entry]
  ) async throws(ExecutionError) -> [Observation?] {
    var observed = [Observation?](repeating: nil, count: entries.count)
    for (width, supervisor) in supervisors.sorted(by: { $0.key > $1.key }) {
      let places = entries.indices.filter { entries[$0].scenario.indexBits == width }
      guard !places.isEmpty else { continue }
      for (place, observation) in zip(
        places, try await supervisor.observations(of: places.map { entries[$0].reference }))
      {
        observed[place] = observation
      }
    }
    return observed
  }

  /// A subject's observation of a case beside that of the port at some fixes.
  func pair(
    _ subject: Observation, in entry: CaseList.Entry, against fixes: UpstreamFixes
  ) throws(ExecutionError) -> ObservedCase {
    try real.pair(subject, in: entry.reference, against: fixes)
  }
}
