// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Reports

/// `mhpcheck compare`: one subject against another.
struct Compare: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says whether two subjects behave the same, and if not, where; the port is witness.")

  @Argument(help: "The subject called A; see mhpcheck --help.")
  var first: String

  @Argument(help: "The subject called B.")
  var second: String

  @OptionGroup var cases: CaseOptions

  @OptionGroup var files: TableFiles

  @OptionGroup var subjects: SubjectArguments

  @OptionGroup var bisection: BisectOptions

  mutating func validate() throws {
    if first == "-", second == "-" {
      throw ValidationError("standard input can be one of the two subjects, not both")
    }
    try files.checkOneUsesStandardOutput()
  }

  func run() async throws { try await bisection.run(judge) }

  private func judge() async throws {
    let destinations = try files.found(
      apartFrom: subjects.filesRead(beside: first) + [second])
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
      if let json = destinations.json {
        let verdict: Verdict = error.status == .unreadable ? .unbuildable : .incomplete
        try json.write(
          JSONRenderer().render(
            failure: error.message, verdict: verdict, subjects: [first, second],
            tool: Version.text))
      }
      throw error
    }
    Output.endProgress()
    let page = SubjectComparisonPage(comparison)
    try destinations.write(
      json: JSONRenderer().render(comparison), markdown: page.markdown, html: page.html)
    if !files.useStandardOutput {
      try Output.write(
        SubjectComparisonText(style: Output.style, isQuiet: cases.quiet).render(comparison))
    }
    if !comparison.isSame { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
