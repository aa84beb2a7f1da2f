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

  /// Cases of the catalogue that are compared to tell suspicious statements.
  private static let compared = (differing: 40, agreeing: 80)

  /// The place of each difference by its id; none where the subject does not compile with marks, or does not
  /// reproduce the case with them.
  func places(
    of differences: [ReportedDifference], among found: Campaign.Outcome,
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
    for reported in differences where !stop.isSet {
      guard let image = try? reported.scenario.lowered(), let subject = reported.subject else {
        continue
      }
      let bits = Int(image.layout.indexBits)
      guard let object = await object(bits),
        let log = await log(of: reported, subject, object.path, indexBits: bits)
      else { continue }
      let key = "\(reported.group.cause) \(reported.group.reference.rawValue)"
      if spectra[key] == nil { spectra[key] = await spectrum(of: reported, found, real.path) }
      places[reported.id] = RunTrail(log, object.map, spectra[key] ?? Spectrum()).place(
        of: reported)
    }
    return places
  }

  /// The marks that cases of the catalogue pass which reach the cause. The numbers of marks are the same in
  /// objects of all geometries.
  private func spectrum(
    of reported: ReportedDifference, _ found: Campaign.Outcome, _ path: String
  ) async -> Spectrum {
    let cause = KernelFunction(name: reported.group.cause)
    let reference = reported.group.reference
    let reaching = found.findings.filter { finding in
      guard case .catalogue = found.cases.entries[finding.place].reference else { return false }
      return cause.map { cause in finding.operations.contains { $0.reach.contains(cause) } } ?? true
    }
    let differing = Self.some(
      reaching.filter { $0.difference(from: reference) != nil }, Self.compared.differing)
    let agreeing = Self.some(
      reaching.filter { $0.difference(from: reference) == nil }, Self.compared.agreeing)
    let cases = differing + agreeing
    let supervisor = SubjectRunners.supervisor(
      files: files, path: path, indexBits: 9, kernel: kernel, jobs: 1, stop: stop)
    let marks = try? await supervisor.run(
      cases.map { found.cases.entries[$0.place].reference }, dying: Set<Int>?.none,
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

  /// At most `limit` of them, evenly spread.
  private static func some(_ findings: [CaseFinding], _ limit: Int) -> [CaseFinding] {
    guard findings.count > limit else { return findings }
    return (0..<limit).map { findings[$0 * findings.count / limit] }
  }

  /// The marks of a run up to the event at which the sides part.
  struct Log: Sendable {
    /// Before the event that precedes the parting.
    var before: [Int]
    /// From there to the parting.
    var window: [Int]
  }

  private func log(
    of reported: ReportedDifference, _ subject: Observation, _ path: String, indexBits: Int
  ) async -> Log? {
    let whole = CaseReference.literal(reported.scenario.jsonText())
    let event = reported.difference?.subjectEvent.flatMap { $0 < subject.events.count ? $0 : nil }
    let last = event.map { CaseReference.stopped(whole, afterEvents: $0) } ?? whole
    let before = event ?? subject.events.count
    let first =
      before > 0 ? CaseReference.stopped(whole, afterEvents: before - 1) : nil
    let supervisor = SubjectRunners.supervisor(
      files: files, path: path, indexBits: UInt64(indexBits), kernel: kernel, jobs: 1, stop: stop)
    let logs = try? await supervisor.run(
      [whole], dying: Log?.none, progress: { _, _ in }, slot: {},
      batch: { _, conversation, _ -> [Log?]? in
        guard let start = try await conversation.log() else { return nil }
        var middle = start
        if let first {
          guard try await conversation.observations(of: [first]) != nil,
            let reached = try await conversation.log()
          else { return nil }
          middle = reached
        }
        guard try await conversation.observations(of: [last]) != nil,
          let end = try await conversation.log()
        else { return nil }
        let (before, window) = end.parts(
          after: middle.count, first: middle.count &- start.count)
        return [Log(before: before, window: window)]
      }
    ).results
    return logs?.first.flatMap { $0 }.flatMap { $0 }
  }
}

extension Exchange.Conversation {
  fileprivate func log() async throws -> MarkLog? {
    guard case .marks(let bytes)? = try await ask(.marks, slow: 0) else { return nil }
    return MarkLog(bytes: bytes)
  }
}

extension Difference {
  /// The index of the subject's event at which the sides part; nil where they part at the end alone.
  fileprivate var subjectEvent: Int? {
    guard case .event(let index, _, let subject, _) = self, subject != nil else { return nil }
    return index
  }
}
