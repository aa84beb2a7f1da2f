// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Reports

/// `mhpcheck check`: compares a subject with the reference.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says whether a subject behaves as the reference does, and if not, where.")

  @Argument(help: "What to check; see mhpcheck --help.")
  var subject: String

  @OptionGroup var run: RunOptions

  @OptionGroup var effort: EffortOptions

  @OptionGroup var bisection: BisectOptions

  // The flag has no effect: this version keeps no data that it could delete. Scripts may still use it.
  @Flag(name: .customLong("forget"), help: .hidden)
  var forgets = false

  @Flag(
    inversion: .prefixedNo,
    help: "Say which branches of the subject's text the cases reach; it takes a second compile.")
  var coverage = true

  @OptionGroup var expectations: ExpectationArguments

  @OptionGroup var reports: ReportFiles

  func run() async throws { try await bisection.run(judge) }

  private func judge() async throws {
    let request = CheckRequest(
      subject: subject, options: run.subject.options, against: run.against.fixes,
      modes: run.cases.modes, depth: effort.depth, means: effort.means,
      jobs: run.cases.jobCount, seed: run.seed,
      showsDifferences: !run.cases.show.quiet || reports.areAsked,
      measuresCoverage: coverage && (!run.cases.show.quiet || reports.areAsked))
    let expected = try expectations.read()
    let update = try expectations.destination()
    let files = try reports.found(
      apartFrom: run.subject.filesRead(beside: subject) + [expectations.expect].compactMap { $0 })
    let stop = StopSignal()
    Interruption.stops(stop)
    let progress = Output.progress(isQuiet: run.cases.show.quiet)
    var report: Report
    do throws(PipelineError) {
      report = try await CheckRun(
        files: ProgramFiles.locate(), progress: progress, stop: stop
      ).report(request)
    } catch {
      Output.endProgress()
      if error.status != .usage {
        try files.write(
          .failed(
            FailedCheck(
              tool: Version.text, subject: subject, against: request.against,
              verdict: error.status == .unreadable ? .unbuildable : .incomplete,
              message: error.message, modes: request.modes.map(\.name), seed: request.seed)))
      }
      throw error
    }
    Output.endProgress()
    try expectations.hold(&report, against: expected, writing: update)
    try files.write(.judged(report))
    if !reports.takeStandardOutput {
      try Output.write(run.cases.show.printer.print(CheckDocument.of(.judged(report))))
    }
    if let status = Self.status(of: report) { throw ExitCode(status.rawValue) }
  }

  /// The exit status for a report; nil for success.
  private static func status(of report: Report) -> ExitStatus? {
    if report.verdict == .incomplete { return .incomplete }
    let isGood = report.expectations?.isMet ?? (report.verdict == .conforms)
    return isGood ? nil : .differs
  }
}
