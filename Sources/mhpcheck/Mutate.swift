// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports

/// `mhpcheck mutate`: measures how many mutants the cases kill.
struct Mutate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Makes mistakes in a subject, one at a time, and lists those that no case finds.",
    discussion: """
      Each mutant is the subject with one small mistake in one of its functions: a statement \
      dropped, a condition negated, a comparison, constant, argument, level or jump exchanged. A \
      mutant is killed when some case tells it from the subject: when mhpcheck check would say \
      something else of it. Mutants that do not compile, or that the compiler makes the same code \
      of as of the subject or of another mutant, do not count; nor do those that were argued to \
      behave the same in every state.

      Exit status: 0 every mutant that counts is killed; 1 some survive; others as for check.
      """)

  @Argument(help: "What to mutate; see mhpcheck --help.", completion: .file())
  var subject: String

  @Option(
    name: .customLong("function"), parsing: .upToNextOption,
    help: ArgumentHelp("Mutate only these functions.", valueName: "name"),
    completion: .functions)
  var functions: [String] = []

  @OptionGroup var division: ShardArguments

  @Option(
    help: ArgumentHelp(
      "The depth for mutants that survive the catalogue, as for check.", valueName: "depth"))
  var depth: Depth = .standard

  @Option(help: ArgumentHelp("The seed of everything drawn at random.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var cases: CaseOptions

  @OptionGroup var subjects: SubjectArguments

  @OptionGroup var files: DocumentFiles

  mutating func validate() throws {
    try division.check(of: [subject], reportsAreAsked: files.areAsked)
  }

  func run() async throws {
    let read = subjects.filesRead(beside: subject)
    let request = MutateRequest(
      subject: subject, options: subjects.options, functions: functions, shard: division.shard,
      modes: cases.modes, depth: depth, jobs: cases.jobCount, seed: seed)
    let isPart = try await division.write(apartFrom: read, show: cases.show) {
      shard, progress, stop throws(Failure) in
      try await MutateRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .part(request, of: shard)
    }
    if isPart { return }
    let answer = try files.found(apartFrom: read, show: cases.show)
    let report = try await answer.answer { progress, stop throws(Failure) in
      try await MutateRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .report(request)
    }
    try answer.deliver(report)
  }
}

extension AnswerFiles {
  /// Delivers a report on mutants, which decides the exit status.
  func deliver(_ report: MutationReport) throws {
    try deliver(MutationDocument.of(report), json: JSONRenderer().render(report))
    guard report.isComplete else { throw ExitCode(ExitStatus.incomplete.rawValue) }
    let score = report.score()
    if score.killed < score.total { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
