// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

@Suite("The cases that a report shows", .timeLimit(.minutes(3)))
struct ShownCaseTests {
  /// A folder with a worker program that writes a line to `starts` whenever it starts.
  private static func countingProgram() throws -> PrivateFolder {
    let folder = try PrivateFolder()
    let worker = URL(filePath: RawSubject.program).deletingLastPathComponent()
      .appending(path: WorkerProgram.name).path
    try folder.write("starts")
    try folder.script(
      WorkerProgram.name, "echo start >> '\(folder.file("starts"))'\nexec '\(worker)' \"$@\"")
    return folder
  }

  @Test("are observed by two workers in all, not by one each")
  func workers() async throws {
    let folder = try Self.countingProgram()
    let subject = try await RawSubject(body: "")
    let files = ProgramFiles(program: folder.file("mhpcheck"), stubs: "", reference: "")
    let cases = CaseList(
      Array(Catalogue.scenarios(mode: Architecture.riscv.modes[0]).prefix(12)))
    let groups = cases.entries.indices.map { place in
      DifferenceGroup(
        function: cases.entries[place].scenario.operations[0].function, mode: "sv39",
        signature: "entry", reference: .latest, explanation: nil, places: [place], isReached: true,
        rules: [], rulesOfCases: [], mended: [])
    }
    let stop = StopSignal()
    let collector = DifferenceCollector(
      workshop: SubjectRunners(
        files: files, path: subject.path, others: [:], kernel: .standard, jobs: 1, stop: stop),
      cases: cases, subject: "subject.c", shrinks: false, progress: RunProgress(), stop: stop)
    let reported = try await collector.collect(groups, nearest: .latest)
    #expect(reported.map(\.scenario) == cases.entries.map(\.scenario))
    #expect(reported.allSatisfy { $0.subject != nil && $0.madeFrom == nil })
    // One says which rules the cases break, one what they do.
    let starts = try folder.text("starts").split(separator: "\n").count
    #expect((1...2).contains(starts), "\(starts) workers")
  }
}
