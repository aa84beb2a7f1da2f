// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Comparison
import Pipeline
import Reporting
import Scenarios

/// `mhpcheck check`: the main job.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says whether a subject behaves as the reference does, and if not, where.")

  @Argument(help: "What to check; see mhpcheck --help.")
  var subject: String

  @OptionGroup var run: RunOptions

  @Option(
    help: ArgumentHelp(
      "What to run besides the named cases: smoke (nothing), standard (universes of small machines, "
        + "millions of cases) or deep (hundreds of millions).", valueName: "depth"))
  var depth: Depth = .standard

  @Option(
    help: ArgumentHelp("Write the report as JSON (- for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  func run() async throws {
    let request = CheckRequest(
      subject: subject, options: run.subject.options, against: run.against.fixes,
      modes: run.cases.modes, depth: depth, jobs: run.cases.jobCount, seed: run.seed)
    let progress = Output.progress(isQuiet: run.cases.quiet)
    let report: Report
    do throws(PipelineError) {
      report = try await CheckRun(files: ProgramFiles.locate(), progress: progress).report(request)
    } catch {
      Output.endProgress()
      if let json, error.status != .usage {
        let verdict: Verdict = error.status == .unreadable ? .unbuildable : .incomplete
        try Output.write(
          JSONRenderer().render(
            failure: error.message, verdict: verdict, subject: subject,
            against: request.against, modes: request.modes.map(\.name), tool: Version.text,
            seed: request.seed), toFile: json)
      }
      throw error
    }
    Output.endProgress()
    if let json { try Output.write(JSONRenderer().render(report), toFile: json) }
    if json != "-" {
      Output.write(TextRenderer(style: Output.style, isQuiet: run.cases.quiet).render(report))
    }
    if report.verdict != .conforms { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}

extension Depth: ExpressibleByArgument {}
