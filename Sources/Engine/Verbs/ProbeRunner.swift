// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects
import Worker

/// Compiles and runs parts of a series, each in a confined worker like any subject.
struct ProbeRunner: Sendable {
  let files: ProgramFiles
  let compiler: SubjectCompiler
  /// The folder for shared objects.
  let folder: String
  let jobs: Int
  /// The configuration that the user requested.
  let kernel: KernelOptions
  let stop: StopSignal

  /// The outcome for a part.
  enum Outcome: Sendable {
    /// The observation of each case, in order; nil where the worker died.
    case ran([Observation?])
    /// The part does not compile, or cannot be loaded; one line with the reason.
    case unbuildable(String)
    /// A conditional hides functions of the part from the compiler; one line that names them.
    case compiledOut(String)
  }

  /// Compiles a part under its own name and runs it on the given cases.
  func run(
    _ part: Extraction, named name: String, on scenarios: [Scenario]
  ) async throws(Failure) -> Outcome {
    let path: String
    do throws(Failure) {
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
      throw Failure(error)
    }
  }

  /// A question to a probe, in one mode.
  struct Question: Sendable, Hashable {
    var mode: PagingMode
    var number: UInt64
    var argument: UInt64
  }

  /// The answer of a probe: two words.
  struct Answer: Sendable, Hashable {
    var first: UInt64
    var second: UInt64
  }

  /// The outcome for a probe; an answer is nil where the probe does not return.
  enum ProbeOutcome: Sendable {
    case answered([Answer?])
    case unbuildable(String)
  }

  /// Asks a probe; see `mhp/probe.h`.
  func ask(
    _ probe: Extraction, named name: String, _ questions: [Question]
  ) async throws(Failure) -> ProbeOutcome {
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
