// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Finds by experiment the place at which the text of a function has to be another: shown cases run on the
/// subject's function with the reference's text at one of the places where the texts differ.
struct HunkStage: Sendable {
  let files: ProgramFiles
  let kernel: KernelOptions
  let against: UpstreamFixes
  let compiler: SubjectCompiler
  let folder: String
  let stop: StopSignal
  /// The time limit of an operation.
  let limitMilliseconds: UInt32

  /// The most units that are compiled for a function.
  private static let mostUnits = 40
  /// The most parts into which places are split at once.
  private static let parts = 6

  /// The hunk that each difference comes from, by the difference's id, with its line.
  struct Found {
    var hunk: FunctionComparison.Hunk
    var line: SourcePosition
    /// The reference's lines there; empty where it has none.
    var reference: String
    var change: FunctionComparison.Change
  }

  /// The hunk that each difference comes from, by the difference's id; none for what the text does not show.
  func hunks(
    of differences: [ReportedDifference], on subject: Extraction
  ) async -> [String: Found] {
    guard
      let substitution = try? Substitution(
        of: subject, reference: files.reference, stubs: files.stubs),
      let reference = try? await SubjectLoader(
        files: files, options: SubjectOptions(), progress: { _ in }
      )
      .extract("builtin").extraction
    else { return [:] }
    var found: [String: Found] = [:]
    for (cause, shown) in Dictionary(grouping: differences, by: \.group.cause) where !stop.isSet {
      found.merge(await hunks(of: cause, shown, subject, reference, substitution)) { first, _ in
        first
      }
    }
    return found
  }

  /// Tries the hunks of the function `cause`, the cause of all of `differences`.
  private func hunks(
    of cause: String, _ differences: [ReportedDifference], _ subject: Extraction,
    _ reference: Extraction, _ substitution: Substitution
  ) async -> [String: Found] {
    guard let part = substitution.suspects.first(where: { $0.name == cause && !$0.isDefinition }),
      let hybrid = try? substitution.hybrid(of: [part]),
      let comparison = FunctionComparison(cause, of: subject, with: reference, hybrid: hybrid)
    else { return [:] }
    // Where the function alone does not make the difference, any exchange would seem to mend it.
    var unmended = await examples(differences, agree: false, on: hybrid, part)
    var found: [String: Found] = [:]
    var open = comparison.hunks.isEmpty ? [] : Self.split(comparison.hunks)
    var left = Self.mostUnits
    while !open.isEmpty, left > 0, !unmended.isEmpty, !stop.isSet {
      let exchanged = open.removeFirst()
      left -= 1
      let unit = comparison.hybrid(exchanging: exchanged)
      let mended = await examples(unmended, agree: true, on: unit, part)
      if mended.isEmpty { continue }
      guard exchanged.count == 1 else {
        open += Self.split(exchanged)
        continue
      }
      for one in mended {
        found[one.id] = Found(
          hunk: exchanged[0], line: comparison.line(of: exchanged[0]),
          reference: comparison.reference(at: exchanged[0]),
          change: comparison.change(at: exchanged[0]))
      }
      unmended.removeAll { found[$0.id] != nil }
    }
    return found
  }

  private static func split(_ hunks: [FunctionComparison.Hunk]) -> [[FunctionComparison.Hunk]] {
    let size = hunks.count <= parts * 2 ? 1 : (hunks.count + parts - 1) / parts
    return stride(from: 0, to: hunks.count, by: size).map {
      Array(hunks[$0..<min($0 + size, hunks.count)])
    }
  }

  /// The differences whose cases run in a unit as in the reference, or else than there; none if the unit does
  /// not compile.
  private func examples(
    _ differences: [ReportedDifference], agree: Bool, on unit: Extraction,
    _ part: Substitution.Part
  ) async -> [ReportedDifference] {
    let states = FixStates(of: Set([part.function].compactMap { $0 }), against: against)
    var result: [ReportedDifference] = []
    let widths = Dictionary(grouping: differences) {
      (try? $0.scenario.lowered())?.layout.indexBits ?? 0
    }
    for (width, shown) in widths.sorted(by: { $0.key < $1.key }) where width > 0 {
      guard
        let path = try? await compiler.compile(
          unit, indexBits: Int(width), into: folder, named: "hunk-\(part.name)", isQuick: true)
      else { continue }
      let supervisor = Supervisor(
        program: files.program,
        plan: WorkerPlan(
          subjectPath: path, indexBits: width, limitMilliseconds: limitMilliseconds,
          kernelOptions: kernel.union(unit.era)),
        jobs: 1, stop: stop, asksOracle: false)
      let answers = try? await supervisor.check(
        shown.map { .literal($0.scenario.jsonText()) }, against: states.sets)
      for (one, answer) in zip(shown, answers ?? []) {
        if let answer, (states.departure(of: answer) == nil) == agree { result.append(one) }
      }
    }
    return result
  }
}
