// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import FoundationEssentials
import Lab
import Machine
import Oracle
import Reports
import Subjects

/// `mhpcheck replay`: runs one case and shows it in full.
struct Replay: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Runs one case on a subject and shows what both sides do.",
    discussion: """
      --step goes through the events one by one, with the page tables as they stand at each: on a \
      terminal by keys, which its last line names, elsewhere as text. --format c writes a program of its own that \
      fails while the subject is wrong.
      """)

  @Argument(
    help: """
      A scenario's JSON file, a case of the catalogue as ID@MODE, or REPORT.json#D1: the case that a \
      report of check --json shows a difference or a hazard by.
      """, completion: .cases)
  var scenario: String

  @Argument(help: "What to run it on; see mhpcheck --help.", completion: .file())
  var subject = "builtin"

  @Option(
    help: ArgumentHelp(
      "The fixes to hold the subject against: as-merged, commits separated by commas, or latest.",
      valueName: "fixes"))
  var against = FixesArgument(fixes: .latest)

  @Option(
    help: ArgumentHelp(
      "Write it as something else: c, a program in C; text is the report on the terminal.",
      valueName: "format"))
  var format: ReplayFormat = .text

  @Option(
    help: ArgumentHelp(
      "Where --format c writes: a new folder.", valueName: "folder"),
    completion: .directory)
  var output: String?

  @Option(
    help: ArgumentHelp(
      "With --format c: hold the subject to the rules that this hazard breaks, e.g. H2.",
      valueName: "id"))
  var hazard: HazardArgument?

  @Flag(help: "Go through the case event by event, with the page tables at each.")
  var step = false

  @OptionGroup var show: ShowOptions

  @OptionGroup var files: DocumentFiles

  @OptionGroup var arguments: SubjectArguments

  func validate() throws {
    if format == .c, output == nil {
      throw ValidationError("--format c needs --output FOLDER, a folder that is not there yet")
    }
    if step, format == .c {
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
    let run = ReplayRun(files: try ProgramFiles.locate())
    if format == .c, let output {
      let line = try await run.writeReproducer(
        try read(), subject: subject, options: arguments.options, against: against.fixes,
        judge: hazard.map { .hazard($0.id) } ?? .automatic, into: output)
      return try Output.write(line + "\n")
    }
    if step { return try await goThrough(run) }
    let answer = try files.found(apartFrom: arguments.filesRead(beside: subject), show: show)
    let outcome = try await run.replay(
      try read(), subject: subject, options: arguments.options, against: against.fixes)
    try answer.deliver(
      ReplayDocument.of(outcome), json: JSONRenderer().render(outcome, tool: Version.text))
    if outcome.difference != nil || outcome.subject == nil {
      throw ExitCode(ExitStatus.differs.rawValue)
    }
  }

  private func goThrough(_ run: ReplayRun) async throws {
    let stepped = try await run.steps(
      try read(), subject: subject, options: arguments.options, against: against.fixes)
    let replayed = stepped.replayed
    if let mine = stepped.subject, let theirs = stepped.reference,
      let text = StepText(
        replayed, subject: mine, reference: theirs, style: Output.style,
        language: Output.language)
    {
      if StepTerminal.isThere {
        var screen = StepScreen(text)
        screen.run()
      } else {
        try Output.write(text.whole)
      }
    } else {
      try Output.write(show.printer.print(ReplayDocument.of(replayed)))
    }
    if replayed.difference != nil || replayed.subject == nil {
      throw ExitCode(ExitStatus.differs.rawValue)
    }
  }

  private func read() throws -> Scenario {
    guard FileManager.default.fileExists(atPath: scenario) else {
      if let place = scenario.lastIndex(of: "#"), scenario[..<place].hasSuffix(".json") {
        return try read(
          String(scenario[scenario.index(after: place)...]), of: String(scenario[..<place]))
      }
      if scenario.hasSuffix(".json") {
        throw Failure(.unreadable, "there is no file \(scenario)")
      }
      return try CatalogueCase.find(scenario)
    }
    let text = try text(of: scenario)
    do {
      return try Scenario(jsonText: text)
    } catch {
      throw Failure(.unreadable, "\(scenario): \(error)")
    }
  }

  /// The case that a report has for the difference or hazard of an id.
  private func read(_ id: String, of report: String) throws -> Scenario {
    guard FileManager.default.fileExists(atPath: report) else {
      throw Failure(.unreadable, "there is no file \(report)")
    }
    let text = try text(of: report)
    do {
      return try ReportedCases(jsonText: text).scenario(id)
    } catch {
      throw Failure(.unreadable, "\(report): \(error)")
    }
  }

  private func text(of file: String) throws -> String {
    do throws(Failure) {
      return String(decoding: try InputFile.read(file, regularOnly: false), as: UTF8.self)
    } catch {
      throw Failure(.unreadable, "\(file) cannot be read: \(error.text)")
    }
  }
}

/// The output format of `mhpcheck replay`.
enum ReplayFormat: String, ExpressibleByArgument, CaseIterable {
  case text
  case c
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
