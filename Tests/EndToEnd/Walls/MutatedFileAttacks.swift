// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Lab
@testable import Machine
@testable import Oracle
@testable import Port
@testable import Reports

/// Thousands of scenario files, expectation files, recordings and reports, each a valid one with a mistake in
/// it. The program refuses or accepts them; it must not trap, hang or take too much memory. Each kind runs in
/// a process of its own, because the test measures memory.
@Suite("A corrupted file", .serialized, .timeLimit(.minutes(10)))
struct MutatedFileAttacks {
  private static let count = 2000

  /// Calls `body` with mutants of the texts; it throws if it refuses one. Returns the number of accepted
  /// mutants. The seed of a mutant is its number.
  private static func each(
    of texts: [[UInt8]], _ kind: String, count: Int = Self.count,
    _ body: ([UInt8]) throws -> Void
  ) throws -> Int {
    for text in texts { try body(text) }
    let normal = Self.peak()
    var taken = 0
    for number in 0..<count {
      var mutator = TextMutator(
        seed: UInt64(number) &* 0x9e37_79b9_7f4a_7c15, texts: [texts[number % texts.count]])
      let mutant = mutator.mutant(of: texts[number % texts.count])
      if (try? body(mutant)) != nil { taken += 1 }
    }
    let after = Self.peak()
    #expect(after <= 2 * normal, "\(kind): \(normal) KiB at first, \(after) KiB in the end")
    return taken
  }

  /// The peak memory of this process, in KiB (proc_pid_status(5)).
  private static func peak() -> Int {
    let status = FileManager.default.contents(atPath: "/proc/self/status") ?? Data()
    let line = String(decoding: status, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("VmHWM:") }
    return line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) } ?? 0
  }

  @Test("is refused or run if it is a scenario")
  func scenarios() async throws {
    await #expect(processExitsWith: .success) { try MutatedFileAttacks.scenarios() }
  }

  private static func scenarios() throws {
    let modes = Architecture.riscv.modes
    let some = modes.flatMap { mode in
      let all = Catalogue.scenarios(mode: mode)
      return stride(from: 0, to: all.count, by: 97).map { Array(all[$0].jsonText().utf8) }
    }
    let port = HotplugPort(fixes: .latest, stepLimit: 1 << 16)
    let taken = try each(of: some, "scenario") { bytes in
      let scenario = try Scenario(jsonText: String(decoding: bytes, as: UTF8.self))
      let image = try scenario.lowered()
      let steps = port.steps(image)
      _ = Oracle.violations(image, steps)
      _ = try Scenario(jsonText: scenario.jsonText())
    }
    // Otherwise the test reaches only the reader.
    #expect(taken > Self.count / 50, "only \(taken) of them could be run")
  }

  @Test("is refused or compared with a report if it is a file of expectations")
  func expectations() async throws {
    await #expect(processExitsWith: .success) { try MutatedFileAttacks.expectations() }
  }

  private static func expectations() throws {
    let findings: [ReportedFinding] = [
      .missing(commit: "21f1b85c8912"),
      .difference(
        function: .removePmdMapping, mode: "sv39", kind: "clear-for-nothing",
        rules: [.translationRemains]),
    ]
    let texts = [
      """
      schema: mhpcheck.expectations/1
      expected:
        - missing: 21f1b85c8912
          reason: picked next week

        # a comment
        - hazard: H3
          mode: sv57
          reason: upstream's own
        - difference: remove_*_mapping
          kind: "*-for-nothing"
          rule: translation-*
          reason: known
      """,
      "schema: mhpcheck.expectations/1\nexpected: [{missing: 21f1b85c8912, reason: a}, {hazard: H3, reason: b}]\n",
      """
      schema: mhpcheck.expectations/1
      expected:
        - &a {missing: 21f1b85c8912, reason: &r x}
        - {hazard: "*", mode: "sv*9", reason: *r}
        - *a
      """,
      "schema: mhpcheck.expectations/1\nexpected:\n  []\n",
    ].map { Array($0.utf8) }
    let taken = try each(of: texts, "expectations") { bytes in
      let file: ExpectationFile
      do throws(Failure) {
        file = try ExpectationFile(name: "known.yaml", text: String(decoding: bytes, as: UTF8.self))
      } catch {
        #expect(!error.message.isEmpty && !error.message.contains("\n"))
        // The reader parses all of the original texts, but does not accept the form of every one.
        if texts.contains(bytes) { return }
        throw error
      }
      _ = file.outcome(of: findings)
      // The reader can read the file that it writes.
      let updated = file.updated(for: findings, modes: ["sv39", "sv57"])
      #expect(throws: Never.self, "\(String(decoding: bytes, as: UTF8.self))\n->\n\(updated)") {
        try ExpectationFile(name: "known.yaml", text: updated)
      }
    }
    #expect(taken > Self.count / 50, "only \(taken) of them could be used")
  }

  @Test("is refused or judged if it is a recording of a kernel")
  func recordings() async throws {
    await #expect(processExitsWith: .success) { try MutatedFileAttacks.recordings() }
  }

  private static func recordings() throws {
    let folder = Repository.root.appending(path: "Tests/Fixtures/recordings")
    let texts = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .map { Array(try Data(contentsOf: folder.appending(path: $0))) }
      .sorted { $0.count < $1.count }.prefix(2)
    let taken = try each(of: Array(texts), "recording") { bytes in
      let recording = try JSONDecoder().decode(KernelRecording.self, from: Data(bytes))
      _ = CaseJudge.judge(recording)
    }
    #expect(taken > Self.count / 100, "only \(taken) of them could be judged")
  }

  @Test("is refused or shown if confirm or check wrote it")
  func reports() async throws {
    await #expect(processExitsWith: .success) { try await MutatedFileAttacks.reports() }
  }

  private static func reports() async throws {
    let scratch = try PrivateFolder()
    let path = scratch.file("report.json")
    _ = try await Program.run(
      [
        "check", SubjectWithoutFixes.path, "--mode", "sv39", "--depth", "smoke", "--no-coverage",
        "--no-shrink", "--json", path,
      ])
    let report = Array(try Data(contentsOf: URL(filePath: path)))
    _ = try each(of: [report], "report", count: 100) { bytes in
      let cases = try ReportedCases(jsonText: String(decoding: bytes, as: UTF8.self))
      _ = try cases.scenario("D1").lowered()
    }
  }
}
