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

  /// The place of each difference by its id; none where the subject does not compile with marks, or does not
  /// reproduce the case with them.
  func places(
    of differences: [ReportedDifference], on extraction: Extraction,
    with compiler: SubjectCompiler, into folder: String
  ) async -> [String: Place] {
    var places: [String: Place] = [:]
    var objects: [Int: (map: CoverageMap, path: String)?] = [:]
    for reported in differences where !stop.isSet {
      guard let image = try? reported.scenario.lowered(), let subject = reported.subject else {
        continue
      }
      let bits = image.layout.entriesPerTable.trailingZeroBitCount
      if objects[bits] == nil {
        objects[bits] = .some(
          try? await compiler.compileLogging(extraction, indexBits: bits, into: folder))
      }
      guard case .some(.some(let object)) = objects[bits],
        let log = await log(of: reported, subject, object.path, indexBits: bits)
      else { continue }
      places[reported.id] = RunTrail(log, object.map).place(of: reported)
    }
    return places
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
        let marks = end.marks(after: middle.count)
        let known = min(marks.count, middle.count - start.count)
        return [Log(before: Array(marks[..<known]), window: Array(marks[known...]))]
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
