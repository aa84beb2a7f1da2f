// SPDX-License-Identifier: GPL-2.0-only

import ArgumentParser
import Cases
import Engine
import Lab
import Machine
import Reports
import Subjects

/// `mhpcheck fleet`: checks many subjects and shows them in one table.
struct Fleet: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Checks many subjects and compares them in one table.",
    discussion: """
      Each is checked as mhpcheck check does, against the same fixes; one that cannot be read is a row \
      that says why.

      Exit status: 0 all conform; 1 some differ, lack fixes or have none of the functions; 2 wrong \
      usage; 3 some could not be read, extracted or compiled; 4 some could not be run to an end. Of \
      several the highest.
      """)

  @Argument(help: "What to check; see mhpcheck --help.", completion: .file())
  var subjects: [String] = []

  @Option(
    help: ArgumentHelp(
      "Check also what this file lists: a SUBJECT a line; lines that begin with # say nothing.",
      valueName: "file"),
    completion: .file())
  var from: String?

  @Option(
    help: ArgumentHelp(
      "How much to run of each: smoke (the named cases), standard or deep.", valueName: "depth"))
  var depth: Depth = .smoke

  @OptionGroup var division: ShardArguments

  @OptionGroup var run: RunOptions

  @OptionGroup var files: DocumentFiles

  mutating func validate() throws {
    if subjects.isEmpty, from == nil {
      throw ValidationError("name what to check, or a list of it with --from FILE")
    }
    try division.checkPart()
    try division.check(of: subjects, reportsAreAsked: files.areAsked)
    if subjects.count(where: { $0 == "-" }) > 1 {
      throw ValidationError("standard input can be one of the subjects, not several")
    }
  }

  func run() async throws {
    var subjects = subjects
    if let from { subjects += try SubjectList.read(from) }
    let read = subjects + run.subject.filesRead(beside: "-") + [from].compactMap { $0 }
    let request = FleetRequest(
      subjects: subjects, options: run.subject.options, against: run.against.fixes,
      modes: run.cases.modes, depth: depth, jobs: run.cases.jobCount, seed: run.seed)
    let isPart = try await division.write(apartFrom: read, show: run.cases.show) {
      shard, progress, stop throws(Failure) in
      try await FleetRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .part(request, of: shard)
    }
    if isPart { return }
    let answer = try files.found(apartFrom: read, show: run.cases.show)
    let fleet = try await answer.answer { progress, stop throws(Failure) in
      try await FleetRun(files: ProgramFiles.locate(), progress: progress, stop: stop)
        .report(request)
    }
    try answer.deliver(fleet)
  }
}

extension AnswerFiles {
  /// Delivers the report of a fleet, which decides the exit status.
  func deliver(_ fleet: FleetReport) throws {
    try deliver(FleetDocument.of(fleet), json: JSONRenderer().render(fleet))
    if fleet.status != .conforms { throw ExitCode(fleet.status.rawValue) }
  }
}
