// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Reports

/// The parts of a check's report that cost time, and that its verdict does not need.
struct ReportParts: ParsableArguments {
  @Flag(
    inversion: .prefixedNo,
    help: "Say which branches of the subject's text the cases reach; it takes a second compile.")
  var coverage = true

  @Flag(
    inversion: .prefixedNo,
    help: "Make the cases that show differences smaller; it takes up to four seconds.")
  var shrink = true
}

/// What happens to the report of a check, whether it was run here or is merged from parts: it is held against
/// expectations, written to files and printed, and decides the exit status.
struct CheckAnswer {
  private let request: CheckRequest
  private let expectations: ExpectationArguments
  private let reports: ReportFiles
  private let show: ShowOptions

  /// Takes a request, which gets the parts of the report that are asked for.
  init(
    _ request: CheckRequest, parts: ReportParts, expectations: ExpectationArguments,
    reports: ReportFiles, show: ShowOptions
  ) {
    var request = request
    request.showsDifferences = !show.quiet || reports.areAsked
    request.shrinksCases = parts.shrink
    request.measuresCoverage = parts.coverage && request.showsDifferences
    self.request = request
    self.expectations = expectations
    self.reports = reports
    self.show = show
  }

  /// Delivers the report that `work` makes.
  ///
  /// - Parameter read: the input files, which no report must replace.
  func deliver(
    apartFrom read: [String],
    _ work: (CheckRequest, RunProgress, StopSignal) async throws(Failure) -> Report
  ) async throws {
    let expected = try expectations.read()
    let update = try expectations.destination()
    let files = try reports.found(apartFrom: read + [expectations.expect].compactMap { $0 })
    var report = try await Output.answer(isQuiet: show.quiet) { progress, stop throws(Failure) in
      try await work(request, progress, stop)
    } failing: { error throws(Failure) in
      let verdict = error.status == .unreadable ? Verdict.unbuildable : .incomplete
      try files.write(
        .failed(
          FailedCheck(
            tool: Version.text, subject: request.subject, against: request.against,
            verdict: verdict, message: error.text, modes: request.modes.map(\.name),
            seed: request.seed)))
    }
    try expectations.hold(&report, against: expected, writing: update)
    try files.write(.judged(report))
    if !reports.takeStandardOutput {
      let printer = show.printer
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
