// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Comparison
import Pipeline
import Reporting

/// `mhpcheck compare`: one subject against another.
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says whether two subjects behave the same, and if not, where; the port is witness.")

  @Argument(help: "The subject called A; see mhpcheck --help.")
  var first: String

  @Argument(help: "The subject called B.")
  var second: String

  @OptionGroup var cases: CaseOptions

  @Option(
    help: ArgumentHelp("Write the comparison as JSON (- for standard output).", valueName: "file"),
    completion: .file())
  var json: String?

  @OptionGroup var subjects: SubjectArguments

  mutating func validate() throws {
    if first == "-", second == "-" {
      throw ValidationError("standard input can be one of the two subjects, not both")
    }
  }

  func run() async throws {
    let request = CompareRequest(
      first: first, second: second, options: subjects.options, modes: cases.modes,
      jobs: cases.jobCount)
    let comparison: SubjectComparison
    do throws(PipelineError) {
      comparison = try await CompareRun(
        files: ProgramFiles.locate(), progress: Output.progress(isQuiet: cases.quiet)
      ).comparison(request)
    } catch {
      Output.endProgress()
      if let json {
        let verdict: Verdict = error.status == .unreadable ? .unbuildable : .incomplete
        try Output.write(
          JSONRenderer().render(
            failure: error.message, verdict: verdict, subjects: [first, second],
            tool: Version.text), toFile: json)
      }
      throw error
    }
    Output.endProgress()
    if let json { try Output.write(JSONRenderer().render(comparison), toFile: json) }
    if json != "-" {
      Output.write(
        SubjectComparisonText(style: Output.style, isQuiet: cases.quiet).render(comparison))
    }
    if !comparison.isSame { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
