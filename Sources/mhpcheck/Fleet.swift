// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Reports

/// `mhpcheck fleet`: many subjects, one table.
struct Fleet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks many subjects and tells them apart in one table.",
    discussion: """
      Each is checked as mhpcheck check does, against the same fixes; one that cannot be read is a row \
      that says why.

      Exit status: 0 all conform; 1 some differ, lack fixes or have none of the functions; 2 wrong \
      usage; 3 some could not be read, extracted or compiled; 4 some could not be run to an end. Of \
      several the highest.
      """)

  @Argument(help: "What to check; see mhpcheck --help.")
  var subjects: [String]

  @Option(
    help: ArgumentHelp(
      "How much to run of each: smoke (the named cases), standard or deep.", valueName: "depth"))
  var depth: Depth = .smoke

  @OptionGroup var run: RunOptions

  @OptionGroup var files: TableFiles

  mutating func validate() throws {
    if subjects.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be one of the subjects, not several")
    }
    try files.checkOneUsesStandardOutput()
  }

  func run() async throws {
    let destinations = try files.found(
      apartFrom: subjects + run.subject.filesRead(beside: "-"))
    let request = FleetRequest(
      subjects: subjects, options: run.subject.options, against: run.against.fixes,
      modes: run.cases.modes, depth: depth, jobs: run.cases.jobCount, seed: run.seed)
    let stop = StopSignal()
    Interruption.stops(stop)
    let fleet: FleetReport
    do throws(PipelineError) {
      fleet = try await FleetRun(
        files: ProgramFiles.locate(), progress: Output.progress(isQuiet: run.cases.quiet),
        stop: stop
      ).report(request)
    } catch {
      Output.endProgress()
      throw error
    }
    Output.endProgress()
    let page = FleetPage(fleet)
    try destinations.write(
      json: JSONRenderer().render(fleet), markdown: page.markdown, html: page.html)
    if !files.useStandardOutput {
      try Output.write(FleetText(style: Output.style, isQuiet: run.cases.quiet).render(fleet))
    }
    if fleet.status != .conforms { throw ExitCode(fleet.status.rawValue) }
  }
}
