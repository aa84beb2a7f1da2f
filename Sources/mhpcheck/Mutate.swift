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

  @Option(
    help: ArgumentHelp(
      "Run only the k-th of n parts of the mutants, every n-th of the text.", valueName: "k/n"))
  var shard: Shard?

  @Option(
    help: ArgumentHelp(
      "The depth for mutants that survive the catalogue, as for check.", valueName: "depth"))
  var depth: Depth = .standard

  @Option(help: ArgumentHelp("The seed of everything drawn at random.", valueName: "n"))
  var seed: UInt64 = 1

  @OptionGroup var cases: CaseOptions

  @OptionGroup var subjects: SubjectArguments

  @OptionGroup var files: DocumentFiles

  func run() async throws {
    let answer = try files.found(
      apartFrom: subjects.filesRead(beside: subject), show: cases.show)
    let request = MutateRequest(
      subject: subject, options: subjects.options, functions: functions, shard: shard,
      modes: cases.modes, depth: depth, jobs: cases.jobCount, seed: seed)
    let report = try await answer.answer { progress, stop throws(Failure) in
      try await MutateRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .report(request)
    }
    try answer.deliver(MutationDocument.of(report), json: JSONRenderer().render(report))
    guard report.isComplete else { throw ExitCode(ExitStatus.incomplete.rawValue) }
    let score = report.score()
    if score.killed < score.total { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}

extension Shard: ExpressibleByArgument {
  /// Parses "K/N"; nil for any other form.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let number = parts[0], let count = parts[1] else { return nil }
    self.init(number: number, count: count)
  }
}
