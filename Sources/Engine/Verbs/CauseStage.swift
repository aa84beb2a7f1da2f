// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Finds the parts of a subject that cause its differences, by experiment: parts whose text differs from the
/// reference are put into the reference, first many together, then those that differ alone, and the differing cases
/// run on the result.
///
/// The choice of experiments does not depend on time, so the same text gives the same result on any machine.
struct CauseStage: Sendable {
  let files: ProgramFiles
  let options: SubjectOptions
  let against: UpstreamFixes
  let cases: CaseList
  let jobs: Int
  let stop: StopSignal
  let progress: RunProgress
  /// The time limit of an operation.
  let limitMilliseconds: UInt32

  /// The results of the experiments; nil when the subject's text cannot be split into parts.
  func evidence(
    on extraction: Extraction, compiler: SubjectCompiler, findings: [CaseFinding],
    into folder: String
  ) async -> Evidence? {
    progress.step("looking for the cause")
    let differing = findings.filter { $0.difference(from: against) != nil }
    let sample = CaseSample(differing, cases: cases)
    // Macros over functions come first, then definitions of kernel names, because they affect every function.
    var found = await macros(of: extraction, on: sample, compiler, into: folder)
    guard
      var substitution = try? Substitution(
        of: extraction, reference: files.reference, stubs: files.stubs)
    else {
      return found.guilty.isEmpty
        ? nil : Evidence(shares: sample.all(found.shares), suspects: [])
    }
    let hiding = Set(found.guilty.map(\.name))
    if !hiding.isEmpty { substitution = substitution.without(macros: hiding) }
    let definitions = substitution.suspects.filter(\.isDefinition)
    let ofDefinitions = await run(
      definitions, of: substitution, on: sample, found, compiler, into: folder)
    found.formUnion(ofDefinitions)
    let guilty = Set(ofDefinitions.guilty.map(\.name))
    if !guilty.isEmpty { substitution = substitution.without(guilty) }
    let functions = substitution.suspects.filter { !$0.isDefinition }
    found.formUnion(
      await run(functions, of: substitution, on: sample, found, compiler, into: folder))
    found.settle()
    found.blameHelpers(of: substitution)
    if found.guilty.isEmpty {
      found.formUnion(
        await together(functions, of: substitution, on: sample, compiler, into: folder))
    }
    found.creditDestructor()
    return Evidence(
      shares: sample.all(found.shares), suspects: Set(functions.compactMap(\.function)),
      untested: found.untested)
  }

  /// Finds the parts that differ alone: first at the real geometry, then at the others for cases without a cause.
  private func run(
    _ parts: [Substitution.Part], of substitution: Substitution, on sample: CaseSample,
    _ before: Experiments, _ compiler: SubjectCompiler, into folder: String
  ) async -> Experiments {
    var found = Experiments()
    for width in sample.widths where !stop.isSet {
      let open = sample.open(at: width, shown: before.union(found))
      guard !open.isEmpty else { continue }
      var groups = Self.groups(of: parts, likely: CaseSample.innermost(of: open))
      var isGuess = groups != Self.halves(of: parts)
      while !groups.isEmpty, !stop.isSet {
        let results = await inParallel(groups) { group in
          await run(group, of: substitution, on: open, width, compiler, into: folder)
        }
        if isGuess {
          isGuess = false
          // What is likely may share a convention with the others: begin as if nothing were known.
          if results.last?.isEmpty == false, results.dropLast().contains(where: { !$0.isEmpty }) {
            groups = Self.halves(of: parts)
            continue
          }
        }
        groups = zip(groups, results).flatMap { group, result in
          if group.count > 1, !result.isEmpty { return Self.halves(of: group) }
          found.formUnion(result)
          return []
        }
      }
    }
    return found
  }

  /// The groups to try first: the functions that are probably wrong, one by one, and all others together. Parts that
  /// together behave as the reference are each right, which one compilation shows: a real `init.c` has twenty parts
  /// that are spelled in another way.
  static func groups(
    of parts: [Substitution.Part], likely: Set<KernelFunction>
  ) -> [[Substitution.Part]] {
    let first = parts.filter { $0.function.map(likely.contains) ?? false }
    let others = parts.filter { !first.contains($0) }
    guard (1...mostLikely).contains(first.count), others.count > 1 else { return halves(of: parts) }
    return first.map { [$0] } + [others]
  }

  /// More functions than these say nothing about where to begin.
  private static let mostLikely = 3

  /// Parts to try when nothing is known of them. A few are tried one by one.
  static func halves(of parts: [Substitution.Part]) -> [[Substitution.Part]] {
    guard parts.count > 3 else { return parts.map { [$0] } }
    let middle = (parts.count + 1) / 2
    return [Array(parts[..<middle]), Array(parts[middle...])]
  }

  /// The name of the object of a group. Groups that are compiled at the same time have different first parts.
  static func objectName(of parts: [Substitution.Part]) -> String {
    let others = parts.count == 1 ? "" : "-and-\(parts.count - 1)"
    return "with-\(parts[0].name)\(others)"
  }

  /// The results for some groups of parts, in order.
  private func inParallel(
    _ groups: [[Substitution.Part]],
    _ work: @escaping @Sendable ([Substitution.Part]) async -> Experiments
  ) async -> [Experiments] {
    await withTaskGroup(of: (Int, Experiments).self) { tasks in
      var results: [(Int, Experiments)] = []
      var waiting = groups.enumerated().makeIterator()
      func start() {
        guard !stop.isSet, let (number, group) = waiting.next() else { return }
        tasks.addTask { (number, await work(group)) }
      }
      for _ in 0..<jobs { start() }
      while let result = await tasks.next() {
        results.append(result)
        start()
      }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }

  /// When no part alone differs, several together may: drops every part that is not necessary.
  private func together(
    _ parts: [Substitution.Part], of substitution: Substitution, on sample: CaseSample,
    _ compiler: SubjectCompiler, into folder: String
  ) async -> Experiments {
    guard let width = sample.widths.first else { return Experiments() }
    let open = sample.open(at: width, shown: Experiments())
    var left = parts
    var last = await run(left, of: substitution, on: open, width, compiler, into: folder)
    guard !last.guilty.isEmpty else { return Experiments() }
    for part in parts where left.count > 1 && !stop.isSet {
      let fewer = left.filter { $0 != part }
      let tried = await run(fewer, of: substitution, on: open, width, compiler, into: folder)
      if !tried.guilty.isEmpty { (left, last) = (fewer, tried) }
    }
    return last
  }

  /// One experiment: the reference, with the subject's text for some parts.
  private func run(
    _ parts: [Substitution.Part], of substitution: Substitution, on sample: [CaseSample.Case],
    _ width: UInt64, _ compiler: SubjectCompiler, into folder: String
  ) async -> Experiments {
    let functions = Set(parts.compactMap(\.function))
    let reached = sample.filter { one in
      parts.contains { $0.function == nil } || !functions.isDisjoint(with: one.reach)
    }
    guard !reached.isEmpty else { return Experiments() }
    var found = Experiments()
    do {
      let hybrid = try substitution.hybrid(of: parts)
      let name = Self.objectName(of: parts)
      let path = try await compiler.compile(
        hybrid, indexBits: Int(width), into: folder, named: name, isQuick: true)
      let supervisor = Supervisor(
        program: files.program,
        plan: WorkerPlan(
          subjectPath: path, indexBits: width, limitMilliseconds: limitMilliseconds,
          kernelOptions: options.kernelOptions.union(hybrid.era)), jobs: 1, stop: stop,
        asksOracle: false)
      let states = FixStates(of: functions, against: against)
      let results = try await supervisor.check(
        reached.map(\.entry.reference), against: states.sets)
      for (one, result) in zip(reached, results) {
        guard let result, let fixes = states.departure(of: result) else { continue }
        // A machine under load must not look like a subject that hangs.
        if result.ending.isSlow, !one.isSlow { continue }
        for part in parts {
          found.add(
            Evidence.Share(name: part.name, function: part.function, fixes: fixes), one.place)
        }
      }
    } catch {
      found.untested.formUnion(functions)
    }
    return found
  }
}
