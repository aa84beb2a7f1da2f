// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports

/// `mhpcheck check`: compares a subject with the reference.
struct Check: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Says whether a subject behaves as the reference does, and if not, where.")

  @Argument(help: "What to check; see mhpcheck --help.", completion: .file())
  var subject: String

  @OptionGroup var run: RunOptions

  @OptionGroup var effort: EffortOptions

  @OptionGroup var bisection: BisectOptions

  @Flag(
    help: """
      Run the reference's port in every case, too, and take nothing that it is known to do from an earlier run. \
      It changes the time, never the verdict.
      """)
  var fresh = false

  // The old name; scripts may still use it.
  @Flag(name: .customLong("forget"), help: .hidden)
  var forgets = false

  @Flag(
    inversion: .prefixedNo,
    help: "Say which branches of the subject's text the cases reach; it takes a second compile.")
  var coverage = true

  @Flag(
    inversion: .prefixedNo,
    help: "Make the cases that show differences smaller; it takes up to twelve seconds.")
  var shrink = true

  @OptionGroup var project: ProjectArguments

  @OptionGroup var expectations: ExpectationArguments

  @OptionGroup var reports: ReportFiles

  func run() async throws { try await bisection.run(judge) }

  private func judge() async throws {
    let project = try project.file(for: subject)
    let modes = run.cases.mode.isEmpty ? project?.modes ?? [] : []
    let request = CheckRequest(
      subject: subject, options: run.subject.options.with(project), against: run.against.fixes,
      modes: modes.isEmpty ? run.cases.modes : modes, depth: effort.depth, means: effort.means,
      jobs: run.cases.jobCount, seed: run.seed,
      showsDifferences: !run.cases.show.quiet || reports.areAsked, shrinksCases: shrink,
      measuresCoverage: coverage && (!run.cases.show.quiet || reports.areAsked))
    let expectations = expectations.or(project?.expect)
    let expected = try expectations.read()
    let update = try expectations.destination()
    let files = try reports.found(
      apartFrom: run.subject.filesRead(beside: subject) + [expectations.expect].compactMap { $0 })
    var report = try await Output.answer(isQuiet: run.cases.show.quiet) {
      progress, stop throws(Failure) in
      var files = try ProgramFiles.locate()
      if fresh || forgets { files.answers = nil }
      return try await CheckRun(files: files, progress: progress, stop: stop).report(request)
    } failing: { error throws(Failure) in
      let verdict = error.status == .unreadable ? Verdict.unbuildable : .incomplete
      try files.write(
        .failed(
          FailedCheck(
            tool: Version.text, subject: subject, against: request.against, verdict: verdict,
            message: error.text, modes: request.modes.map(\.name), seed: request.seed)))
    }
    try expectations.hold(&report, against: expected, writing: update)
    try files.write(.judged(report))
    if !reports.takeStandardOutput {
      let printer = run.cases.show.printer
      try Output.write(
        printer.print(
          Output.language.document(CheckDocument.of(.judged(report), least: printer.least))))
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
