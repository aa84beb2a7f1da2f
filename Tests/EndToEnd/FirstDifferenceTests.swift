// SPDX-License-Identifier: GPL-2.0-only

import Synchronization
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine

@Suite("The first difference of a run", .timeLimit(.minutes(10)))
struct FirstDifferenceTests {
  /// What a run tells while it works, in order.
  private final class Told: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private static let slip = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "")

  private let folder: PrivateFolder

  init() throws { folder = try PrivateFolder() }

  private func write(_ slip: Slip) throws -> String {
    try folder.write("init.c", try slip.applied(to: VariantFiles.reference()))
  }

  /// The steps and findings of a run by the catalogue's cases, and its report.
  private func run(
    _ subject: String, jobs: Int = 1
  ) async throws -> (told: [String], report: Report) {
    let told = Told()
    let progress = RunProgress(
      step: { told.add("step: \($0)") }, finding: { told.add("finding: \($0)") })
    let request = CheckRequest(
      subject: subject, depth: .smoke, jobs: jobs, shrinksCases: false, findsPlaces: false,
      measuresCoverage: false)
    let report = try await ProgramThrottle.shared.hold {
      try await CheckRun(files: try VariantProgram.files.get(), progress: progress).report(request)
    }
    return (told.all, report)
  }

  @Test("is told once, before the causes are known, by its function, kind and case")
  func wrong() async throws {
    let subject = try write(Self.slip)
    for jobs in [1, 3] {
      let (told, report) = try await run(subject, jobs: jobs)
      #expect(report.verdict == .differs)
      let findings = told.filter { $0.hasPrefix("finding: ") }
      #expect(findings.count == 1, "\(findings)")
      let line = try #require(findings.first)
      let words = try #require(
        line.wholeMatch(
          of: /finding: a first difference in (\w+): ([\w-]+), case (\S+)@(sv[0-9]+)/), "\(line)")
      let place = try #require(told.firstIndex(of: line))
      let causes = try #require(told.firstIndex(of: "step: looking for the cause"))
      #expect(place < causes, "\(told)")
      let (_, called, kind, id, mode) = words.output
      let cases: [Scenario] = Catalogue.all().filter { $0.id == String(id) }
      let scenario = try #require(cases.first { $0.mode == String(mode) }, "\(line)")
      let function = try #require(KernelFunction(name: String(called)), "\(line)")
      #expect(scenario.functionsCalled.contains(function), "\(line)")
      let kinds: [String] = report.differences.map(\.group).filter { $0.mode == String(mode) }
        .map(\.signature)
      #expect(kinds.contains(String(kind)), "\(line): \(kinds)")
      let name = "\(id)@\(mode)"
      let again = try await Program.run(["replay", name, subject])
      #expect(again.status == 1, "\(line): \(again)")
    }
  }

  @Test("is not told of a right text, nor of one that equals an earlier state of upstream")
  func right() async throws {
    let (whole, report) = try await run("builtin")
    #expect(report.verdict == .conforms)
    #expect(whole.contains { $0.hasPrefix("step: ") })
    #expect(!whole.contains { $0.hasPrefix("finding: ") }, "\(whole)")
    let older = Slip(
      "free_pmd_table", "\tif (!is_vmemmap)\n\t\tpagetable_pmd_dtor", "\tpagetable_pmd_dtor")
    let (told, lacking) = try await run(try write(older))
    #expect(lacking.verdict == .missingFixes)
    #expect(!told.contains { $0.hasPrefix("finding: ") }, "\(told)")
  }

  @Test("is a line on standard error, unless --quiet asks for silence")
  func line() async throws {
    let words = [
      "check", try write(Self.slip), "--depth", "smoke", "--no-shrink", "--no-coverage", "--jobs",
      "1",
    ]
    let progress = ["MHPCHECK_NO_PROGRESS": ""]
    let loud = try await Program.run(words, environment: progress)
    #expect(loud.status == 1, "\(loud)")
    let lines = loud.errors.split(separator: "\n")
    #expect(
      lines.count { $0.hasPrefix("mhpcheck: a first difference in ") } == 1, "\(loud.errors)")
    let quiet = try await Program.run(words + ["--quiet"], environment: progress)
    #expect(quiet.status == 1 && quiet.errors.isEmpty, "\(quiet)")
  }
}
