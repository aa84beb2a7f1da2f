// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Where parts of a series are compiled and run: each in a confined worker, as any subject.
struct ProbeRunner: Sendable {
  let files: ProgramFiles
  let compiler: SubjectCompiler
  /// Where shared objects go.
  let folder: String
  let jobs: Int
  /// The configuration that the user asks for.
  let kernel: KernelOptions
  let stop: StopSignal

  /// What became of a part.
  enum Outcome: Sendable {
    /// What it did in each case, in order; nil where its worker died.
    case ran([Observation?])
    /// It does not compile, or cannot be loaded: a line that says why.
    case unbuildable(String)
    /// A conditional keeps functions of it from the compiler: a line that says which.
    case compiledOut(String)
  }

  /// Compiles a part under a name of its own and runs it through some cases.
  func run(
    _ part: Extraction, named name: String, on scenarios: [Scenario]
  ) async throws(PipelineError) -> Outcome {
    let path: String
    do throws(SubjectError) {
      path = try await compiler.compile(
        part, indexBits: 9, into: folder, named: name, isQuick: part.functions.isEmpty)
    } catch {
      return .unbuildable(error.message)
    }
    let supervisor = SubjectRunners.supervisor(
      files: files, path: path, indexBits: 9, kernel: kernel.union(part.era), jobs: 1, stop: stop)
    let session = PersistentWorker(supervisor)
    do throws(ExecutionError) {
      if part.functions.values.contains(where: { !$0.guards.isEmpty }),
        let out = CompiledOut(
          of: part, present: try await supervisor.functions(), isDefined: compiler.isDefined)
      {
        await session.end()
        return .compiledOut(out.sentence)
      }
      let observations = try await session.observations(of: scenarios)
      await session.end()
      return .ran(observations)
    } catch {
      await session.end()
      if error.isSubjectsFault { return .unbuildable(error.message) }
      throw PipelineError(error)
    }
  }

  /// A question to a probe, in one mode.
  struct Question: Sendable, Hashable {
    var mode: PagingMode
    var number: UInt64
    var argument: UInt64
  }

  /// What a probe answers: two words; nil where it does not come back.
  struct Answer: Sendable, Hashable {
    var first: UInt64
    var second: UInt64
  }

  /// What became of a probe.
  enum ProbeOutcome: Sendable {
    case answered([Answer?])
    case unbuildable(String)
  }

  /// Asks a probe: see `mhp/probe.h`.
  func ask(
    _ probe: Extraction, named name: String, _ questions: [Question]
  ) async throws(PipelineError) -> ProbeOutcome {
    let scenarios = questions.enumerated().map { index, question in
      var builder = ScenarioBuilder(mode: question.mode)
      builder.call(.bestMapSize) {
        $0.physical = question.number
        $0.start = question.argument
        $0.size = AddressLayout.pageSize
      }
      return builder.build(id: "series/\(name)-\(index)", purpose: "A question to a probe.")
    }
    switch try await run(probe, named: name, on: scenarios) {
    case .unbuildable(let message), .compiledOut(let message): return .unbuildable(message)
    case .ran(let observations):
      return .answered(
        observations.map { observation in
          guard let observation, observation.ending.kind == EndingKind.finished.rawValue,
            let event = observation.events.last(where: { $0.kind == EventKind.returned.rawValue })
          else { return nil }
          return Answer(first: event.b, second: event.c)
        })
    }
  }
}
