// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import FoundationEssentials
import Oracle
import Pipeline
import Reporting
import Scenarios

/// `mhpcheck replay`: one case, in full.
struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs one case on a subject and shows what both sides do.",
    discussion: """
      --step goes through the events one by one, with the page tables as they stand at each: on a \
      terminal by keys, which its last line names, elsewhere as text. --format c writes a program of its own that \
      fails while the subject is wrong, kunit a KUnit test, qemu the steps for a virtual machine.
      """)

  @Argument(help: "A scenario's JSON file, or a case of the catalogue as ID@MODE.")
  var scenario: String

  @Argument(help: "What to run it on; see mhpcheck --help.")
  var subject = "builtin"

  @Option(
    help: ArgumentHelp(
      "The fixes to hold the subject against: as-merged, commits separated by commas, or latest.",
      valueName: "fixes"))
  var against = FixesArgument(fixes: .latest)

  @Option(
    help: ArgumentHelp(
      "Write it as something else: c, kunit or qemu; text is the report on the terminal.",
      valueName: "format"))
  var format: ReplayFormat = .text

  @Option(
    help: ArgumentHelp(
      "Where --format writes: a new folder for c, else a file (default: standard output).",
      valueName: "path"), completion: .file())
  var output: String?

  @Option(
    help: ArgumentHelp(
      "With --format c: hold the subject to the rules that this hazard breaks, e.g. H2.",
      valueName: "id"))
  var hazard: HazardArgument?

  @Flag(help: "Go through the case event by event, with the page tables at each.")
  var step = false

  @OptionGroup var arguments: SubjectArguments

  func validate() throws {
    if format == .c, output == nil {
      throw ValidationError("--format c needs --output FOLDER, a folder that is not there yet")
    }
    if step, format != .text {
      throw ValidationError("--step shows a case; leave --format out")
    }
    if format == .text, output != nil {
      throw ValidationError("--output goes with --format; leave it out")
    }
    if format != .c, hazard != nil {
      throw ValidationError("--hazard goes with --format c; leave it out")
    }
  }

  func run() async throws {
    switch format {
    case .kunit:
      return try Output.write(
        try ReplayRun.kunit(try read(), against: against.fixes), toFile: output ?? "-")
    case .qemu:
      return try Output.write(
        try ReplayRun.virtualMachine(try read(), against: against.fixes), toFile: output ?? "-")
    case .text, .c: break
    }
    let run = ReplayRun(files: try ProgramFiles.locate())
    if format == .c, let output {
      let line = try await run.writeReproducer(
        try read(), subject: subject, options: arguments.options, against: against.fixes,
        judge: hazard.map { .hazard($0.id) } ?? .automatic, into: output)
      return Output.write(line + "\n")
    }
    if step { return try await goThrough(run) }
    let outcome = try await run.replay(
      try read(), subject: subject, options: arguments.options, against: against.fixes)
    Output.write(ReplayRenderer(style: Output.style).render(outcome))
    if outcome.difference != nil || outcome.subject == nil {
      throw ExitCode(ExitStatus.differs.rawValue)
    }
  }

  private func goThrough(_ run: ReplayRun) async throws {
    let stepped = try await run.steps(
      try read(), subject: subject, options: arguments.options, against: against.fixes)
    let replayed = stepped.replayed
    if let mine = stepped.subject, let theirs = stepped.reference,
      let text = StepText(replayed, subject: mine, reference: theirs, style: Output.style)
    {
      if StepTerminal.isThere {
        var screen = StepScreen(text)
        screen.run()
      } else {
        Output.write(text.whole)
      }
    } else {
      Output.write(ReplayRenderer(style: Output.style).render(replayed))
    }
    if replayed.difference != nil || replayed.subject == nil {
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

/// What `mhpcheck replay` makes of a case.
enum ReplayFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case c
  case kunit
  case qemu
}

/// A hazard on the command line.
struct HazardArgument: ExpressibleByArgument {
  let id: Hazard.ID

  init?(argument: String) {
    guard let id = Hazard.ID(rawValue: argument.uppercased()) else { return nil }
    self.id = id
  }

  static var allValueStrings: [String] { Hazard.ID.allCases.map(\.rawValue) }
}
