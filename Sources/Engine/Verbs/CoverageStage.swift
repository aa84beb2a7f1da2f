// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Runs a subject with marks in its text and returns the marks that were reached. The cases are those of a
/// check, but nothing is compared with the port. The runs for the verdict have no marks.
struct CoverageStage: Sendable {
  let files: ProgramFiles
  let request: CheckRequest
  let progress: RunProgress
  let stop: StopSignal

  /// The goal of a run: the run ends when it is reached.
  enum Aim: Sendable {
    case branches
    /// Lines and outcomes of conditions, too.
    case everything
  }

  struct Outcome: Sendable {
    var coverage: Coverage
    /// The sources that ran, in order: those of the request, until everything was reached.
    var means: [CaseSource]
  }

  /// Compiles the subject with marks into `folder` and runs the catalogue, random cases and universes; each
  /// source runs only while something remains to reach.
  func run(
    _ extraction: Extraction, with compiler: SubjectCompiler, aim: Aim, into folder: String
  ) async throws(Failure) -> Outcome {
    do {
      progress.step("marking the subject's text")
      let (marked, path) = try await compiler.compileMarked(extraction, into: folder)
      let map = marked.map
      let collector = MarkCollector(count: map.markCount) { reached in
        let coverage = Coverage(map, reached: reached)
        return aim == .branches ? coverage.hasAllBranches : coverage.isWhole
      }
      let real = supervisor(path, indexBits: 9)
      let present = try await real.functions()
      if let refusal = extraction.refusal(of: present) { throw refusal }
      var means: [CaseSource] = []
      for next in [CaseSource.catalogue, .random, .universes] {
        guard request.means.contains(next), !collector.isContent, !stop.isSet else { continue }
        means.append(next)
        progress.step("running \(next.rawValue) for unreached code")
        switch next {
        case .catalogue:
          let named = CaseList(catalogueIn: request.modes).restricted(to: present)
          try await real.mark(
            named.entries.map(\.reference), into: collector, progress: progress.cases)
        case .random:
          try await real.mark(random(present), into: collector, progress: progress.cases)
        case .universes:
          let byWidth = Dictionary(grouping: request.universes, by: \.indexBits)
          for (width, universes) in byWidth.sorted(by: { $0.key < $1.key }) {
            let path = try await compiler.compile(
              marked.extraction, indexBits: Int(width), into: folder, named: "marked")
            try await supervisor(path, indexBits: width).mark(
              universes, calling: Set(present), into: collector, progress: progress.cases)
          }
        }
      }
      return Outcome(coverage: Coverage(map, reached: collector.reached), means: means)
    } catch let error as Failure {
      throw error
    } catch let error as ExecutionError {
      throw Failure(error)
    } catch {
      throw Failure(.incomplete, "\(error)")
    }
  }

  private func supervisor(_ path: String, indexBits: UInt64) -> Supervisor {
    SubjectRunners.supervisor(
      files: files, path: path, indexBits: indexBits, kernel: request.options.kernelOptions,
      jobs: request.jobs, stop: stop)
  }

  /// The random cases that call only functions of the subject.
  private func random(_ present: [KernelFunction]) -> [CaseReference] {
    let all = present.count == KernelFunction.allCases.count
    return request.modes.flatMap { mode in
      let campaign = RandomCampaign(mode: mode, seed: request.seed)
      return (0..<UInt64(request.randomCasesAMode)).filter { index in
        all || campaign.scenario(index).operations.allSatisfy { present.contains($0.function) }
      }.map { CaseReference.random(mode: mode.name, seed: request.seed, index: $0) }
    }
  }
}
