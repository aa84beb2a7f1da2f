// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Finds by experiment the place at which the text of a function has to be another: shown cases run on the
/// subject's function with the reference's text at one of the places where the texts differ. Where no such place
/// makes them agree, or only one of many lines, `RepairStage` looks on.
struct HunkStage: Sendable {
  let files: ProgramFiles
  let kernel: KernelOptions
  let against: UpstreamFixes
  let compiler: SubjectCompiler
  let folder: String
  let stop: StopSignal
  /// The cases of the run.
  let cases: Campaign.Outcome

  /// The most units that are compiled for a function.
  private static let mostUnits = 40
  /// The most parts into which places are split at once.
  private static let parts = 6
  /// A place of more lines does not say which line is wrong.
  private static let mostLines = 2

  /// What makes a function right.
  enum Found {
    /// The reference's text at a place, with its line, the reference's lines there (empty where it has none) and the
    /// whole lines that change.
    case hunk(FunctionComparison.Hunk, SourcePosition, String, FunctionComparison.Change)
    /// A small edit.
    case repair(Repair)
  }

  /// What makes each difference's function right, by the difference's id; none for what the text does not show.
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
    let differing = await examples(differences, agree: false, on: hybrid, part)
    guard !differing.isEmpty else { return [:] }
    let (found, coarse) = await hunks(comparison, differing, part)
    var result = found
    let open = differing.filter { found[$0.id] == nil || coarse[$0.id] != nil }
    guard !open.isEmpty, !stop.isSet,
      let function = RepairedFunction(cause, of: subject, in: hybrid, with: reference)
    else { return result }
    let stage = RepairStage(
      files: files, kernel: kernel, against: against, compiler: compiler, folder: folder,
      stop: stop)
    let repairs = await stage.repairs(of: open, of: function, part, era: hybrid.era, cases)
    for (id, repair) in repairs {
      // Within a place of many lines, the edit says which.
      let isWithin = coarse[id].map { lines in
        lines.first.displayName == repair.line.displayName
          && (lines.first.line...lines.last.line).contains(repair.line.line)
      }
      if isWithin != false { result[id] = .repair(repair) }
    }
    return result
  }

  /// The whole lines of a place.
  private typealias Lines = (first: SourcePosition, last: SourcePosition)

  /// The hunks that each difference comes from, and of those with many lines the lines.
  private func hunks(
    _ comparison: FunctionComparison, _ differing: [ReportedDifference], _ part: Substitution.Part
  ) async -> (found: [String: Found], coarse: [String: Lines]) {
    var unmended = differing
    var found: [String: Found] = [:]
    var coarse: [String: Lines] = [:]
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
      let change = comparison.change(at: exchanged[0])
      let lines = change.own.flatMap { own -> Lines? in
        let count = own.last.line - own.first.line + 1
        return own.first.displayName == own.last.displayName && count > Self.mostLines ? own : nil
      }
      for one in mended {
        found[one.id] = .hunk(
          exchanged[0], comparison.line(of: exchanged[0]),
          comparison.reference(at: exchanged[0]), change)
        coarse[one.id] = lines
      }
      unmended.removeAll { found[$0.id] != nil }
    }
    return (found, coarse)
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
          subjectPath: path, indexBits: width, limitMilliseconds: cases.limitMilliseconds,
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
