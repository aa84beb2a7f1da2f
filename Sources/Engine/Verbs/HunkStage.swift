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

  /// The most hanging cases to run with each place: each takes as long as thousands of others.
  private static let mostOfHangs = 2
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
    let (found, coarse, differing) = await hunks(
      comparison, differences, part, kernel: kernel.union(hybrid.era))
    var result = found
    let open = differing.filter { one in
      // Each edit of a function that hangs takes as long as thousands of cases.
      found[one.id] == nil || coarse[one.id] != nil && one.subject?.ending.isSlow == false
    }
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

  /// The hunks that each difference comes from, of those with many lines the lines, and the differences that the
  /// function alone makes: where it does not, any exchange would seem to mend it.
  private func hunks(
    _ comparison: FunctionComparison, _ differences: [ReportedDifference],
    _ part: Substitution.Part, kernel: KernelOptions
  ) async -> (found: [String: Found], coarse: [String: Lines], differing: [ReportedDifference]) {
    var found: [String: Found] = [:]
    var coarse: [String: Lines] = [:]
    var differing: [ReportedDifference] = []
    let widths = Dictionary(grouping: differences) {
      (try? $0.scenario.lowered())?.layout.indexBits ?? 0
    }
    for (width, ofWidth) in widths.sorted(by: { $0.key < $1.key }) where width > 0 && !stop.isSet {
      guard
        let object = try? await compiler.compileHunks(
          of: comparison, indexBits: Int(width), into: folder)
      else {
        // Small edits may do, and are tried on the function as it is first, too.
        differing += ofWidth
        continue
      }
      let supervisor = VariantTrial.supervisor(
        files: files, path: object.path, indexBits: width, kernel: kernel,
        limitMilliseconds: cases.limitMilliseconds, stop: stop)
      let slow = ofWidth.filter { $0.subject?.ending.isSlow ?? true }
      let others = ofWidth.filter { !($0.subject?.ending.isSlow ?? true) }
      // What mends one case that hangs need not mend another one.
      for tried in [others] + slow.prefix(Self.mostOfHangs).map({ [$0] }) where !tried.isEmpty {
        let trial = VariantTrial(
          shown: tried.map { .literal($0.scenario.jsonText()) }, beginning: tried.count,
          states: FixStates(of: Set([part.function].compactMap { $0 }), against: against))
        let results = await trial.results(of: object.places.map { $0 + 1 }, with: supervisor)
        differing += zip(tried, results.before).filter { !$0.1 }.map(\.0)
        for (place, mended) in zip(object.places, results.mended) {
          for one in (mended ?? []).map({ tried[$0] }) where found[one.id] == nil {
            let (hunk, lines) = Self.found(comparison.hunks[place], in: comparison)
            found[one.id] = hunk
            coarse[one.id] = lines
          }
        }
      }
    }
    return (found, coarse, differing)
  }

  /// What a hunk says, and its lines if they are many.
  private static func found(
    _ hunk: FunctionComparison.Hunk, in comparison: FunctionComparison
  ) -> (Found, Lines?) {
    let change = comparison.change(at: hunk)
    let lines = change.own.flatMap { own -> Lines? in
      let count = own.last.line - own.first.line + 1
      return own.first.displayName == own.last.displayName && count > mostLines ? own : nil
    }
    return (
      .hunk(hunk, comparison.line(of: hunk), comparison.reference(at: hunk), change), lines
    )
  }
}
