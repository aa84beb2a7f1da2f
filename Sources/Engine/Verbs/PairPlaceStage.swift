// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Finds for the differences of two subjects the lines of both texts at which they part: the place at which the
/// texts of a function differ, if the second text there makes the first subject do what the second one does; else
/// the lines that the runs pass.
struct PairPlaceStage: Sendable {
  /// One of the two.
  struct Side: Sendable {
    var kernel: KernelOptions
    var extraction: Extraction
    /// The folder for its objects.
    var folder: String
  }

  /// A place at which the texts of a function differ.
  private struct Text: Sendable {
    var comparison: FunctionComparison
    /// The index of the hunk.
    var hunk: Int
    var isTried: Bool
  }

  let files: ProgramFiles
  let compiler: SubjectCompiler
  let stop: StopSignal
  /// The cases that both ran.
  let cases: CaseList
  /// What the cases show of the first subject, compared with the second.
  let findings: [CaseFinding]

  /// Differences that are looked at closely.
  private static let mostPlaced = 96
  /// The most functions whose text is tried.
  private static let mostUnits = 40

  /// The differences with their places in the texts of the two; a side is nil where its text is not known.
  func placed(
    _ differences: [SubjectComparison.Finding], _ first: Side?, _ second: Side?
  ) async -> [SubjectComparison.Finding] {
    let near = Array(differences.prefix(Self.mostPlaced))
    let mine = await runs(near.map(\.ofFirst), findings, on: first)
    let theirs = await runs(near.map(\.ofSecond), findings.map(\.mirrored), on: second)
    var placed = differences
    for index in placed.indices {
      placed[index].places = (first: mine[placed[index].id], second: theirs[placed[index].id])
    }
    guard let first, let second, !stop.isSet else { return placed }
    let texts = await texts(of: near, first, second, runs: mine)
    let functions = (
      first: first.extraction.instrumented().map.functions,
      second: second.extraction.instrumented().map.functions
    )
    for index in placed.indices {
      guard let text = texts[placed[index].id] else { continue }
      let run = placed[index].places
      var other = text
      other.comparison = text.comparison.mirrored(of: first.extraction)
      placed[index].places = (
        first: Self.place(text, in: functions.first, from: run.first),
        second: Self.place(other, in: functions.second, from: run.second)
      )
    }
    return placed
  }

  // MARK: - Runs

  /// The places that the runs of a side show, by the differences' ids.
  private func runs(
    _ differences: [ReportedDifference], _ findings: [CaseFinding], on side: Side?
  ) async -> [String: Place] {
    guard let side else { return [:] }
    let stage = PlaceStage(
      files: files, kernel: side.kernel, stop: stop, limitMilliseconds: limitMilliseconds)
    return await stage.places(
      of: differences, among: findings, of: cases, on: side.extraction, with: compiler,
      into: side.folder)
  }

  private var limitMilliseconds: UInt32 {
    let isAnySlow = findings.contains { finding in
      finding.difference(from: .latest) != nil && (finding.isSlow || finding.mirrored.isSlow)
    }
    return isAnySlow ? WorkerPlan.limitOfHangs : WorkerPlan.usualLimit
  }

  // MARK: - Texts

  private static func place(
    _ text: Text, in functions: [CoveredFunction], from run: Place?
  ) -> Place? {
    let comparison = text.comparison
    guard let function = functions.first(where: { $0.name == comparison.name }) else { return run }
    let hunk = comparison.hunks[text.hunk]
    var place = Place(
      of: function,
      .hunk(
        hunk, comparison.line(of: hunk), comparison.reference(at: hunk),
        comparison.change(at: hunk)), from: run)
    // The run went on into functions that are not to blame.
    place.frames = Array(place.frames.drop { $0.function != function.name })
    place.isTried = text.isTried
    return place
  }

  /// The places at which the texts differ, by the differences' ids; none where the text of no single place makes the
  /// difference.
  private func texts(
    of differences: [SubjectComparison.Finding], _ first: Side, _ second: Side,
    runs: [String: Place]
  ) async -> [String: Text] {
    let names = first.extraction.instrumented().map.functions.map(\.name)
    let comparisons = names.compactMap { name in
      FunctionComparison(
        name, of: first.extraction, with: second.extraction, hybrid: first.extraction)
    }.filter { !$0.hunks.isEmpty }
    var found: [String: Text] = [:]
    var left = Self.mostUnits
    let causes = Dictionary(grouping: differences, by: \.group.function)
    for (function, shown) in causes.sorted(by: { $0.key < $1.key }) {
      let suspects = Self.suspects(comparisons, of: function)
      let texts = await tried(suspects, for: shown, in: function, on: first, left: &left)
      found.merge(texts.mended) { earlier, _ in earlier }
      guard let own = suspects.first, own.name == function.name else { continue }
      for id in texts.untried where found[id] == nil {
        found[id] = Text(
          comparison: own, hunk: Self.nearest(to: runs[id], in: own), isTried: false)
      }
    }
    return found
  }

  /// The functions whose text may make a difference in `function`: its own, then helpers and what it calls.
  private static func suspects(
    _ comparisons: [FunctionComparison], of function: KernelFunction
  ) -> [FunctionComparison] {
    let reach = function.reach
    let own = comparisons.filter { $0.name == function.name }
    let others = comparisons.filter { comparison in
      guard let other = KernelFunction(name: comparison.name) else { return true }
      return other != function && reach.contains(other)
    }
    return own + others
  }

  /// Runs the cases of differences in `function` on the first subject with the second one's text in one place after
  /// the other, and tells the differences for which the function itself could not be tried.
  private func tried(
    _ suspects: [FunctionComparison], for shown: [SubjectComparison.Finding],
    in function: KernelFunction, on first: Side, left: inout Int
  ) async -> (mended: [String: Text], untried: Set<String>) {
    var found: [String: Text] = [:]
    // Without observations there is nothing to agree with.
    var untried = Set(shown.filter { $0.observed == nil }.map(\.id))
    for comparison in suspects where !stop.isSet {
      let open = shown.filter { found[$0.id] == nil && $0.observed != nil }
      if open.isEmpty { break }
      var answer: [Int: Set<String>] = [:]
      if left > 0 { answer = await mended(open, in: comparison, on: first) }
      left -= 1
      if answer.isEmpty, comparison.name == function.name { untried.formUnion(open.map(\.id)) }
      for (hunk, ids) in answer.sorted(by: { $0.key < $1.key }) {
        for id in ids where found[id] == nil {
          found[id] = Text(comparison: comparison, hunk: hunk, isTried: true)
        }
      }
    }
    return (mended: found, untried: untried)
  }

  /// The differences whose cases run as on the second subject with its text at each hunk that can be tried.
  private func mended(
    _ differences: [SubjectComparison.Finding], in comparison: FunctionComparison, on first: Side
  ) async -> [Int: Set<String>] {
    guard
      let object = try? await compiler.compileHunks(
        of: comparison, indexBits: 9, into: first.folder)
    else { return [:] }
    var supervisor = SubjectRunners.supervisor(
      files: files, path: object.path, indexBits: 9, kernel: first.kernel, jobs: 1, stop: stop)
    supervisor.plan.limitMilliseconds = limitMilliseconds
    let references = differences.map { CaseReference.literal($0.scenario.jsonText()) }
    let observed = try? await supervisor.run(
      [0] + object.places.map { UInt32($0 + 1) }, dying: [Observation](), progress: { _, _ in },
      slot: {},
      batch: { _, conversation, variants -> [[Observation]]? in
        var all: [[Observation]] = []
        for variant in variants {
          guard case .marks? = try await conversation.ask(.choose(variant), slow: 0),
            let observations = try await conversation.observations(of: references)
          else { return all.isEmpty ? nil : all }
          all.append(observations)
        }
        return all
      }
    ).results
    func agreeing(_ observations: [Observation]?) -> Set<String> {
      var agreeing: Set<String> = []
      for (difference, mine) in zip(differences, observations ?? []) {
        guard let theirs = difference.observed?.second else { continue }
        if mine.compared(to: theirs, toleratesExtraFlush: false).difference == nil {
          agreeing.insert(difference.id)
        }
      }
      return agreeing
    }
    // Where the function as it is does what the other one does, every text would seem to.
    let alike = agreeing(observed?.first ?? nil)
    var mended: [Int: Set<String>] = [:]
    for (place, observations) in zip(object.places, (observed ?? []).dropFirst()) {
      mended[place] = agreeing(observations).subtracting(alike)
    }
    return mended
  }

  /// The hunk whose line is nearest to that of a run; the first one where no run shows a line of the function.
  private static func nearest(to run: Place?, in comparison: FunctionComparison) -> Int {
    guard let frame = run?.frames.first(where: { $0.function == comparison.name }) else { return 0 }
    func distance(_ index: Int) -> Int {
      abs(comparison.line(of: comparison.hunks[index]).line - frame.line)
    }
    return comparison.hunks.indices.min { distance($0) < distance($1) } ?? 0
  }
}

extension SubjectComparison.Finding {
  /// The difference as a check of the first subject would report it, with the second one as the reference.
  fileprivate var ofFirst: ReportedDifference {
    ReportedDifference(
      id: id, group: group, scenario: scenario, difference: difference, subject: observed?.first,
      reference: observed?.second, replay: "")
  }

  /// The same for the second subject.
  fileprivate var ofSecond: ReportedDifference {
    ReportedDifference(
      id: id, group: group, scenario: scenario,
      difference: observed.flatMap {
        $0.second.compared(to: $0.first, toleratesExtraFlush: false).difference
      }, subject: observed?.second, reference: observed?.first, replay: "")
  }
}

extension CaseFinding {
  /// The finding with the ends of both sides exchanged, as far as a search for slow cases looks at them.
  fileprivate var mirrored: CaseFinding {
    var mirrored = self
    mirrored.comparisons = comparisons.mapValues { result in
      guard case .ending(let first, let second)? = result.difference else { return result }
      var result = result
      result.difference = .ending(subject: second, reference: first)
      return result
    }
    return mirrored
  }
}
