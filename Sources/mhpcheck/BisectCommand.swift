// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import FoundationEssentials
import Lab
import Machine
import Reports

/// `mhpcheck bisect`: finds the commit that changed the behaviour.
struct BisectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bisect",
    abstract: "Names the commit of a kernel repository that changed what the functions do.",
    discussion: """
      Nothing is checked out and no kernel is built: of each revision the functions are read from git's \
      objects, compiled and run. A revision that does not compile is skipped.

      Exit status: 0 good and bad behave alike; 1 a commit, or one of a few, changed the behaviour; 2 \
      wrong usage; 3 a revision could not be read, or good or bad not compiled; 4 the run could not be \
      completed.
      """)

  @Option(help: ArgumentHelp("The repository.", valueName: "path"), completion: .directory)
  var repo: String

  @Option(help: ArgumentHelp("A revision that behaves as it should.", valueName: "rev"))
  var good: String

  @Option(help: ArgumentHelp("A later revision that may not.", valueName: "rev"))
  var bad: String

  @Flag(help: "Take a merge for one change, whatever it brings.")
  var firstParent = false

  @Option(
    help: ArgumentHelp(
      "How much to run of each revision: smoke (the named cases), standard or deep.",
      valueName: "depth"))
  var depth: Depth = .smoke

  @OptionGroup var cases: CaseOptions

  @OptionGroup var files: DocumentFiles

  @OptionGroup var configuration: ConfigurationArguments

  @Option(
    help: ArgumentHelp("The C compiler (default: clang, gcc or cc on PATH).", valueName: "path"))
  var cc: String?

  mutating func validate() throws {
    for revision in [good, bad] where revision.isEmpty || revision.hasPrefix("-") {
      throw ValidationError("\"\(revision)\" is no revision")
    }
  }

  func run() async throws {
    let answer = try files.found(show: cases.show)
    let request = BisectRequest(
      repository: repo, good: good, bad: bad, firstParent: firstParent,
      options: SubjectOptions(
        defines: configuration.defines, undefines: configuration.undefines, compiler: cc),
      modes: cases.modes, depth: depth, jobs: cases.jobCount)
    let report = try await answer.answer { error in
      JSONRenderer().render(
        bisectFailure: error.text,
        verdict: error.status == .unreadable ? .unbuildable : .incomplete, repository: repo,
        tool: Version.text)
    } _: { progress, stop throws(Failure) in
      try await BisectRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .report(request)
    }
    try answer.deliver(BisectDocument.of(report), json: JSONRenderer().render(report))
    if !report.isAlike { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
