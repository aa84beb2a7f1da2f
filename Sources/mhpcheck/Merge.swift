// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Reports

/// `mhpcheck merge`: the report of one run from the parts of its shards.
struct Merge: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes the report of a whole run from the parts that its shards wrote.",
    discussion: """
      The report is the one that the run makes without --shard, except for times. It needs all \
      parts, of one run and of this build of the program. It reads the subjects of a check, and \
      of mutants, again: merge where the shards ran. What the parts do not have, because a \
      verdict does not need it, runs here: named cases, smaller cases, coverage.

      Exit status: that of the whole run; 3 also for a part that is missing, is there twice, is \
      of another run or is none.
      """)

  @Argument(
    help: "The files that --part wrote, all of them, in any order.",
    completion: .file(extensions: ["json"]))
  var parts: [String]

  @Option(
    help: ArgumentHelp(
      "The C compiler; only for shards that ran with --cc, and then the same.", valueName: "path"))
  var cc: String?

  @OptionGroup var workers: JobOptions

  @OptionGroup var report: ReportParts

  @OptionGroup var project: ProjectArguments

  @OptionGroup var expectations: ExpectationArguments

  @OptionGroup var reports: ReportFiles

  @OptionGroup var show: ShowOptions

  func run() async throws {
    let merged = try await merged()
    let jobs = workers.jobCount
    switch merged.run.verb {
    case .check:
      let request = merged.run.check(jobs: jobs)
      let expect = try project.file(for: request.subject)?.expect
      let answer = CheckAnswer(
        request, parts: report, expectations: expectations.or(expect), reports: reports, show: show)
      try await answer.deliver(apartFrom: read(merged)) {
        request, progress, stop throws(Failure) in
        try await CheckRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
          .report(request, of: merged)
      }
    case .mutate:
      let request = MutateRequest(of: merged.run, jobs: jobs)
      let answer = try files(of: merged)
      let report = try await answer.answer { progress, stop throws(Failure) in
        try await MutateRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
          .report(request, of: merged)
      }
      try answer.deliver(report)
    case .fleet: try files(of: merged).deliver(FleetReport(of: merged))
    }
  }

  /// Reads all parts. The compiler is a program that runs here, so its name comes from the command line: a part only
  /// says which one it was.
  private func merged() async throws(Failure) -> Parts {
    var named: [(name: String, part: Part)] = []
    for path in parts { named.append((name: path, part: try PartFile.read(path))) }
    let program = try await ProgramFiles.locate().digest()
    let merged = try Parts(named, program: program)
    let compiler = merged.run.options.compiler
    guard compiler == cc else {
      throw Failure(
        .usage, "the shards ran with another --cc than merge",
        advice: compiler.map { "add --cc \($0)" } ?? "leave --cc out")
    }
    return merged
  }

  /// The input files, which no report must replace.
  private func read(_ merged: Parts) -> [String] {
    let options = merged.run.options
    return parts + merged.run.subjects + options.includes
      + [options.baseFile, cc].compactMap { $0 }
  }

  /// The files for a verb whose report is a document.
  private func files(of merged: Parts) throws(Failure) -> AnswerFiles {
    guard !reports.areOfChecks, expectations.expect == nil, !expectations.updates else {
      throw Failure(
        .usage, "the parts are of mhpcheck \(merged.run.verb.rawValue), not of a check",
        advice: "their report goes to --json, --markdown and --html alone")
    }
    return try AnswerFiles(
      json: reports.json, markdown: reports.markdown, html: reports.html,
      apartFrom: read(merged), show: show)
  }
}
