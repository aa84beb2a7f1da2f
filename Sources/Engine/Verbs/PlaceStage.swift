// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Subjects
import Worker

/// Finds the lines of the subject's text at which the sides of shown cases part. The case runs again in an
/// object whose marks log the run; verdicts never come from it.
struct PlaceStage: Sendable {
  let files: ProgramFiles
  let kernel: KernelOptions
  let stop: StopSignal
  /// The time limit of an operation.
  let limitMilliseconds: UInt32

  /// Cases of the catalogue that are compared to tell suspicious statements.
  private static let compared = (differing: 40, agreeing: 80, slow: 3)

  /// The place of each difference by its id; none where the subject does not compile with marks, or does not
  /// reproduce the case with them. `findings` say which of the run's `cases` differ.
  func places(
    of differences: [ReportedDifference], among findings: [CaseFinding], of cases: CaseList,
    on extraction: Extraction, with compiler: SubjectCompiler, into folder: String
  ) async -> [String: Place] {
    var places: [String: Place] = [:]
    var objects: [Int: (map: CoverageMap, path: String)?] = [:]
    var spectra: [String: Spectrum] = [:]
    func object(_ bits: Int) async -> (map: CoverageMap, path: String)? {
      if let known = objects[bits] { return known }
      let made = try? await compiler.compileLogging(extraction, indexBits: bits, into: folder)
      objects[bits] = .some(made)
      return made
    }
    guard let real = await object(9) else { return [:] }
    let runs = differences.compactMap(Run.init)
    for (bits, runs) in Dictionary(grouping: runs, by: \.indexBits).sorted(by: { $0.key > $1.key })
    where !stop.isSet {
      guard let object = await object(bits) else { continue }
      for (run, log) in zip(runs, await logs(of: runs, object.path, indexBits: bits)) {
        guard let log else { continue }
        let group = run.reported.group
        let key = "\(group.cause) \(group.reference.rawValue)"
        if spectra[key] == nil {
          spectra[key] = await spectrum(of: run.reported, findings, cases, real.path)
        }
        places[run.reported.id] = RunTrail(log, object.map, spectra[key] ?? Spectrum()).place(
          of: run.reported)
      }
    }
    return places
  }

  /// The marks that cases of the catalogue pass which reach the cause. The numbers of marks are the same in
  /// objects of all geometries.
  private func spectrum(
    of reported: ReportedDifference, _ findings: [CaseFinding], _ all: CaseList, _ path: String
  ) async -> Spectrum {
    let cause = KernelFunction(name: reported.group.cause)
    let reference = reported.group.reference
    let reaching = findings.filter { finding in
      guard case .catalogue = all.entries[finding.place].reference else { return false }
      return cause.map { cause in finding.operations.contains { $0.reach.contains(cause) } } ?? true
    }
    let parting = reaching.filter { $0.difference(from: reference) != nil }
    let differing =
      parting.filter { !$0.isSlow }.spread(atMost: Self.compared.differing)
      + parting.filter(\.isSlow).spread(atMost: Self.compared.slow)
    let agreeing = reaching.filter { $0.difference(from: reference) == nil }
      .spread(atMost: Self.compared.agreeing)
    let cases = differing + agreeing
    let supervisor = supervisor(of: path, indexBits: 9)
    let marks = try? await supervisor.run(
      cases.map { all.entries[$0.place].reference }, dying: Set<Int>?.none,
      progress: { _, _ in }, slot: {},
      batch: { _, conversation, cases -> [Set<Int>?]? in
        var all: [Set<Int>?] = []
        for reference in cases {
          guard let start = try await conversation.log(),
            try await conversation.answers(to: [reference]) != nil,
            let end = try await conversation.log()
          else { return all.isEmpty ? nil : all }
          all.append(Set(end.marks(after: start.count)))
        }
        return all
      }
    ).results
    var spectrum = Spectrum()
    for (place, passed) in (marks ?? []).enumerated() {
      if let passed, let passed { spectrum.add(passed, differs: place < differing.count) }
    }
    return spectrum
  }

  private func supervisor(of path: String, indexBits: UInt64) -> Supervisor {
    var supervisor = SubjectRunners.supervisor(
      files: files, path: path, indexBits: indexBits, kernel: kernel, jobs: 1, stop: stop)
    supervisor.plan.limitMilliseconds = min(supervisor.plan.limitMilliseconds, limitMilliseconds)
    return supervisor
  }

  /// The marks of a run up to the event at which the sides part.
  struct Log: Sendable {
    /// Before the event that precedes the parting.
    var before: [Int]
    /// From there to the parting.
    var window: [Int]
  }

  /// A shown case, up to the event at which the sides part.
  private struct Run: Sendable {
    var reported: ReportedDifference
    var indexBits: Int
    /// The case up to the event before the parting; nil if that is its start.
    var first: CaseReference?
    /// The case up to the parting.
    var last: CaseReference

    /// Nil where the subject was not observed.
    init?(_ reported: ReportedDifference) {
      guard let image = try? reported.scenario.lowered(), let subject = reported.subject else {
        return nil
      }
      self.reported = reported
      indexBits = Int(image.layout.indexBits)
      let whole = CaseReference.literal(reported.scenario.jsonText())
      let event = reported.difference?.subjectEvent.flatMap {
        $0 < subject.events.count ? $0 : nil
      }
      last = event.map { .stopped(whole, afterEvents: $0) } ?? whole
      let before = event ?? subject.events.count
      first = before > 0 ? .stopped(whole, afterEvents: before - 1) : nil
    }
  }

  /// The log of each run, in order; nil where the subject kills its worker.
  private func logs(of runs: [Run], _ path: String, indexBits: Int) async -> [Log?] {
    let supervisor = supervisor(of: path, indexBits: UInt64(indexBits))
    let firsts = Dictionary(runs.map { ($0.last, $0.first) }) { first, _ in first }
    let logs = try? await supervisor.run(
      runs.map(\.last), dying: Log?.none, progress: { _, _ in }, slot: {},
      batch: { _, conversation, cases -> [Log?]? in
        var all: [Log?] = []
        for last in cases {
          guard let log = try await conversation.log(of: last, after: firsts[last] ?? nil) else {
            return all.isEmpty ? nil : all
          }
          all.append(log)
        }
        return all
      }
    ).results
    return logs?.map { $0 ?? nil } ?? runs.map { _ in nil }
  }
}

extension Exchange.Conversation {
  fileprivate func log() async throws -> MarkLog? {
    guard case .marks(let bytes)? = try await ask(.marks, slow: 0) else { return nil }
    return MarkLog(bytes: bytes)
  }

  /// The marks of the case `last`, and those since the end of its part `first`; nil when the worker is gone.
  fileprivate func log(
    of last: CaseReference, after first: CaseReference?
  ) async throws -> PlaceStage.Log? {
    guard let start = try await log() else { return nil }
    var middle = start
    if let first {
      guard try await observations(of: [first]) != nil, let reached = try await log() else {
        return nil
      }
      middle = reached
    }
    guard try await observations(of: [last]) != nil, let end = try await log() else { return nil }
    let (before, window) = end.parts(after: middle.count, first: middle.count &- start.count)
    return PlaceStage.Log(before: before, window: window)
  }
}

extension Difference {
  /// The index of the subject's event at which the sides part; nil where they part at the end alone.
  fileprivate var subjectEvent: Int? {
    guard case .event(let index, _, let subject, _) = self, subject != nil else { return nil }
    return index
  }
}
