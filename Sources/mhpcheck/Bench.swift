// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Engine
import Lab
import Machine
import Port
import Reports

/// `mhpcheck bench`: measures the cost of a case, and compares two builds.
struct Bench: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures what a case costs: in C, in the port, and checked.",
    discussion: """
      Nanoseconds of processor time a case, for three ways of running the same cases of the \
      embedded reference in one thread: (c) loading the state and running it in C; (port) the same \
      in Swift; (checked) both, with everything each did observed and compared. Each set of cases \
      is run in the three ways in turn, several times; the shortest time of each counts.

      Sets of cases, a mode: "universes", a fixed part of the universes of standard depth over \
      whole pages, in tables of two entries, where making the next state counts, once a side; "catalogue", the \
      named cases that come back, in tables of 512 entries, made beforehand; and large teardowns \
      in one call each, in the modes whose address space has room.

      With --against, another build of mhpcheck runs beside this one: check, of the reference and of a \
      text with a slip, and a quick bench. The two take turns, in pairs of runs. The answer has the \
      ratio of each figure, this build to the other, as the median of the pairs, and the range that \
      holds the true median. A figure is slower if the whole range lies more than 5 % above 1.

      Exit status: 0 measured, and no figure is slower; 1 some figure is; 2 wrong usage; 3 the other \
      build cannot be run; 4 the run could not be completed.
      """)

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("The paging modes to measure (default: all).", valueName: "mode"))
  var mode: [ModeArgument] = []

  @Flag(
    help: """
      Fewer and smaller cases, once each, and no check at standard depth: to see that all works. The \
      figures mean little.
      """)
  var quick = false

  @Option(
    help: ArgumentHelp(
      "Compare with this program, another build of mhpcheck.", valueName: "program"),
    completion: .file())
  var against: String?

  @Option(
    help: ArgumentHelp(
      "Pairs of runs of each command (default: 7). With fewer than 6 nothing is called slower.",
      valueName: "n"))
  var pairs: Int?

  @OptionGroup var show: ShowOptions

  @OptionGroup var files: DocumentFiles

  /// Seven pairs take a few minutes, and their range holds the true median with 98.4 %.
  private static let usualPairs = 7

  mutating func validate() throws {
    guard let pairs else { return }
    guard against != nil else { throw ValidationError("--pairs needs --against") }
    guard (1...100).contains(pairs) else { throw ValidationError("--pairs takes 1 to 100") }
  }

  func run() async throws {
    let answer = try files.found(apartFrom: [against].compactMap { $0 }, show: show)
    let asked = Set(mode.map(\.mode))
    let modes = Architecture.riscv.modes.filter { asked.isEmpty || asked.contains($0) }
    let report = try await answer.answer { progress, stop throws(Failure) in
      var comparison: BenchComparison?
      if let against {
        let other = try await OtherProgram(at: against)
        let plan = ComparisonRun.Plan(
          modes: modes, pairs: pairs ?? Self.usualPairs, isQuick: quick)
        // Before this process holds the memory of a large machine.
        comparison = try await ComparisonRun(
          files: ProgramFiles.locate(), other: other, progress: progress, stop: stop
        ).comparison(plan)
      }
      let bench = BenchRun(quick ? .quick(modes) : .full(modes), note: progress.step)
      var report = try bench.report()
      report.comparison = comparison
      return report
    }
    try answer.deliver(
      BenchDocument.of(report, tool: Version.text), json: report.json(tool: Version.text))
    if report.comparison?.speed == .slower { throw ExitCode(ExitStatus.differs.rawValue) }
  }
}
