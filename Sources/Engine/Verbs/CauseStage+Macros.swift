// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Subjects
import Worker

extension CauseStage {
  /// Finds the macros of the subject that hide a function of the surface from its callers and cause differences by
  /// that: without them, the subject agrees. Its functions are then innocent.
  func macros(
    of extraction: Extraction, on sample: CaseSample, _ compiler: SubjectCompiler,
    into folder: String
  ) async -> Experiments {
    var found = Experiments()
    let names = extraction.surfaceMacros
    guard !names.isEmpty else { return found }
    for width in sample.widths where !stop.isSet {
      let cases = sample.open(at: width, shown: found)
      func agreeing(without some: Set<String>, named name: String) async -> Set<Int> {
        await self.agreeing(
          cases, extraction.without(macros: some), width, compiler, into: folder, named: name)
      }
      var right = await agreeing(without: Set(names), named: "without-macros")
      if names.count > 1, !right.isEmpty {
        for name in names {
          let others = Set(names).subtracting([name])
          let harmless = await agreeing(without: others, named: "with-macro-\(name)")
          let harmed = right.subtracting(harmless)
          for place in harmed { found.add(Evidence.Share(name: name, function: nil), place) }
        }
        right.subtract(found.shares.keys)
      }
      for place in right {
        for name in names { found.add(Evidence.Share(name: name, function: nil), place) }
      }
    }
    return found
  }

  /// The places of the cases in which a text agrees with the requested reference; none if it does not compile.
  private func agreeing(
    _ cases: [CaseSample.Case], _ extraction: Extraction, _ width: UInt64,
    _ compiler: SubjectCompiler, into folder: String, named name: String
  ) async -> Set<Int> {
    guard !cases.isEmpty,
      let path = try? await compiler.compile(
        extraction, indexBits: Int(width), into: folder, named: name, isQuick: true)
    else { return [] }
    let supervisor = Supervisor(
      program: files.program,
      plan: WorkerPlan(
        subjectPath: path, indexBits: width, limitMilliseconds: limitMilliseconds,
        kernelOptions: options.kernelOptions.union(extraction.era)), jobs: 1, stop: stop,
      asksOracle: false)
    let results = try? await supervisor.check(cases.map(\.entry.reference), against: [against])
    return Set(
      zip(cases, results ?? []).compactMap { one, result in
        guard let result, result.comparisons.allSatisfy({ $0.difference == nil }) else {
          return nil
        }
        return one.place
      })
  }
}
