// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports

/// `mhpcheck coverage`: measures which parts of a subject's text the cases reach.
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

  @Argument(help: "The subject; see mhpcheck --help.", completion: .file())
  var subject: String

  @OptionGroup var cases: CaseOptions

  @OptionGroup var effort: EffortOptions

  @Option(help: ArgumentHelp("The seed of everything drawn at random.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var arguments: SubjectArguments

  @OptionGroup var files: DocumentFiles

  func run() async throws {
    let answer = try files.found(
      apartFrom: arguments.filesRead(beside: subject), show: cases.show)
    let request = CheckRequest(
      subject: subject, options: arguments.options, modes: cases.modes, depth: effort.depth,
      means: effort.means, jobs: cases.jobCount, seed: seed,
      showsDifferences: false)
    let report = try await answer.answer { error in
      JSONRenderer().render(coverageFailure: error.text, subject: subject, tool: Version.text)
    } _: { progress, stop throws(Failure) in
      try await CoverageRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .report(request)
    }
    try answer.deliver(CoverageDocument.of(report), json: JSONRenderer().render(report))
    guard report.isComplete else { throw ExitCode(ExitStatus.incomplete.rawValue) }
    if !report.coverage.hasAllBranches { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
