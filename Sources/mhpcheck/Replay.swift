// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import FoundationEssentials
import Pipeline
import Reporting
import Scenarios

/// `mhpcheck replay`: one case, in full.
struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs one case on a subject and shows what both sides do.")

  @Argument(help: "A scenario's JSON file, or a case of the catalogue as ID@MODE.")
  var scenario: String

  @Argument(help: "What to run it on; see mhpcheck --help.")
  var subject = "builtin"

  @Option(
    help: ArgumentHelp(
      "The fixes to hold the subject against: as-merged, commits separated by commas, or latest.",
      valueName: "fixes"))
  var against = FixesArgument(fixes: .latest)

  @OptionGroup var arguments: SubjectArguments

  func run() async throws {
    let run = ReplayRun(files: try ProgramFiles.locate())
    let outcome = try await run.replay(
      try read(), subject: subject, options: arguments.options, against: against.fixes)
    Output.write(ReplayRenderer(style: Output.style).render(outcome))
    if outcome.difference != nil || outcome.subject == nil {
      throw ExitCode(ExitStatus.differs.rawValue)
    }
  }

  private func read() throws -> Scenario {
    guard FileManager.default.fileExists(atPath: scenario) else {
      if scenario.hasSuffix(".json") {
        throw PipelineError(.unreadable, "there is no file \(scenario)")
      }
      return try CatalogueCase.find(scenario)
    }
    guard let data = FileManager.default.contents(atPath: scenario), data.count < 64 << 20 else {
      throw PipelineError(.unreadable, "\(scenario) cannot be read as a scenario")
    }
    do {
      return try Scenario(jsonText: String(decoding: data, as: UTF8.self))
    } catch {
      throw PipelineError(.unreadable, "\(scenario): \(error)")
    }
  }
}
