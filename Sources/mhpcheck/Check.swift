// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import FoundationEssentials
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
      Run everything: take from an earlier run neither what the reference's port does nor what this machine code \
      did in universes, and keep neither. It changes the time, never the verdict.
      """)
  var fresh = false

  // The old name; scripts may still use it.
  @Flag(name: .customLong("forget"), help: .hidden)
  var forgets = false

  @OptionGroup var parts: ReportParts

  @OptionGroup var division: ShardArguments

  @OptionGroup var project: ProjectArguments

  @OptionGroup var expectations: ExpectationArguments

  @OptionGroup var reports: ReportFiles

  mutating func validate() throws {
    try division.checkPart()
    try division.check(of: [subject], reportsAreAsked: reports.areAsked)
  }

  func run() async throws { try await bisection.run(judge) }

  private func judge() async throws {
    let project = try project.file(for: subject)
    let modes = run.cases.mode.isEmpty ? project?.modes ?? [] : []
    let request = CheckRequest(
      subject: subject, options: run.subject.options.with(project), against: run.against.fixes,
      modes: modes.isEmpty ? run.cases.modes : modes, depth: effort.depth, means: effort.means,
      jobs: run.cases.jobCount, seed: run.seed, keepsResults: keepsResults)
    let read = run.subject.filesRead(beside: subject)
    let isPart = try await division.write(apartFrom: read, show: run.cases.show) {
      shard, progress, stop throws(Failure) in
      try await check(progress, stop).part(request, of: shard)
    }
    if isPart { return }
    let answer = CheckAnswer(
      request, parts: parts, expectations: expectations.or(project?.expect), reports: reports,
      show: run.cases.show)
    try await answer.deliver(apartFrom: read) { request, progress, stop throws(Failure) in
      try await check(progress, stop).report(request)
    }
  }

  private var keepsResults: Bool {
    let refused = ProcessInfo.processInfo.environment["MHPCHECK_KEEP_NOTHING"] ?? ""
    return !fresh && !forgets && refused.isEmpty
  }

  private func check(
    _ progress: RunProgress, _ stop: StopSignal
  ) throws(Failure) -> CheckRun {
    var files = try ProgramFiles.locate()
    if fresh || forgets { files.answers = nil }
    return CheckRun(files: files, progress: progress, stop: stop)
  }
}
