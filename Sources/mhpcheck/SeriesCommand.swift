// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import FoundationEssentials
import Lab
import Machine
import Reports
import Subjects

/// `mhpcheck series`: finds the commits of the series that a kernel has.
struct SeriesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "series",
    abstract: "Says which commits of the memory-hotplug series are there, and what to pick.",
    discussion: """
      SUBJECT is a kernel tree, a tarball, git:PATH@REV, git:PATH@A..B (the tree at B), a bundle or \
      debian:PACKAGE; or patches: a folder of them (in the order of its file series, else by their \
      numbers), a Maildir, a mailbox, or one patch.

      Exit status: 0 every commit is present or not needed; 1 some are missing, partly missing \
      or cannot be told from the subject; 2 wrong usage; 3 the subject could not be read; \
      4 the run could not be completed.
      """)

  @Argument(help: "What to look at.", completion: .file())
  var subject: String

  @Option(help: ArgumentHelp("Worker processes at a time (default: one a core).", valueName: "n"))
  var jobs: Int?

  @OptionGroup var show: ShowOptions

  @OptionGroup var files: DocumentFiles

  @OptionGroup var arguments: SubjectArguments

  mutating func validate() throws {
    if let jobs, !(1...1024).contains(jobs) { throw ValidationError("--jobs takes 1 to 1024") }
  }

  func run() async throws {
    let answer = try files.found(apartFrom: arguments.filesRead(beside: subject), show: show)
    let request = SeriesRequest(
      subject: subject, options: arguments.options,
      jobs: MachineLimits.jobs(jobs ?? ProcessInfo.processInfo.activeProcessorCount))
    let report = try await answer.answer { error in
      JSONRenderer().render(seriesFailure: error.text, subject: subject, tool: Version.text)
    } _: { progress, stop throws(Failure) in
      try await SeriesRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .report(request)
    }
    try answer.deliver(SeriesDocument.of(report), json: JSONRenderer().render(report))
    if !report.isFine { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
