// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Reports

/// `mhpcheck coverage`: what of a subject's text the cases reach.
struct CoverageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "coverage",
    abstract: "Says which lines, branches and conditions of a subject the cases reach.",
    discussion: """
      The functions are compiled with marks in their text and run through the cases of a check, until \
      nothing is left to be reached. It says nothing about whether they behave as the reference does.

      Exit status: 0 every branch was reached; 1 some were not; 2 wrong usage; 3 the subject could not \
      be read, extracted or compiled; 4 the run could not be completed.
      """)

  @Argument(help: "Whose text; see mhpcheck --help.")
  var subject: String

  @OptionGroup var cases: CaseOptions

  @OptionGroup var effort: EffortOptions

  @Option(help: ArgumentHelp("The seed of everything drawn at random.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var arguments: SubjectArguments

  @Option(
    help: ArgumentHelp("Write the coverage as JSON (- for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  func run() async throws {
    let file = try Destination.named(json)
    let request = CheckRequest(
      subject: subject, options: arguments.options, modes: cases.modes, depth: effort.depth,
      means: effort.means, jobs: cases.jobCount, seed: seed,
      showsDifferences: false)
    let stop = StopSignal()
    Interruption.stops(stop)
    let report: CoverageReport
    do throws(PipelineError) {
      report = try await CoverageRun(
        files: ProgramFiles.locate(), progress: Output.progress(isQuiet: cases.quiet), stop: stop
      ).report(request)
    } catch {
      Output.endProgress()
      if let file, error.status != .usage {
        try file.write(
          JSONRenderer().render(
            coverageFailure: error.message, subject: subject, tool: Version.text))
      }
      throw error
    }
    Output.endProgress()
    try file?.write(JSONRenderer().render(report))
    if json != "-" {
      try Output.write(CoverageRenderer(style: Output.style, isQuiet: cases.quiet).render(report))
    }
    guard report.isComplete else { throw ExitCode(ExitStatus.incomplete.rawValue) }
    if !report.coverage.hasAllBranches { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
