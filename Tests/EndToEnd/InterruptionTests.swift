// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Subprocess
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine

@Suite("A run that the user stops", .timeLimit(.minutes(30)))
struct InterruptionTests {
  private struct Report: Decodable {
    struct Universe: Decodable {
      var size: UInt64
      var cases: UInt64
    }
    var verdict: String
    var cases: Int
    var universes: [Universe]
  }

  /// The result of a run that got a signal after it had announced its long part.
  private struct Stopped {
    var status: TerminationStatus
    var report: Report?
    var errors: String
    var took: Duration
    var leftovers: [String]
  }

  /// A run that was interrupted; two tests look at it.
  private static let interrupted = Task { try await stop(with: .interrupt) }

  private static func stop(with signal: Signal) async throws -> Stopped {
    let folder = try PrivateFolder()
    let temporary = try folder.folder("tmp")
    let json = folder.file("report.json")
    let program = try VariantProgram.path()
    let result = try await ProgramThrottle.shared.hold {
      try await Subprocess.run(
        .path(.init(program)),
        arguments: Arguments(
          [
            "check", "builtin", "--mode", "sv39", "--depth", "deep", "--only", "universes",
            "--json", json,
          ]),
        environment: .inherit.updating(["TMPDIR": .some(temporary)]), input: .none,
        output: .discarded, error: .sequence
      ) { process -> (String, ContinuousClock.Instant) in
        var errors = ""
        var sent: ContinuousClock.Instant?
        for try await buffer in process.standardError {
          errors += buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
          guard sent == nil, errors.contains("deep: ") else { continue }
          try await Task.sleep(for: .milliseconds(400))
          sent = .now
          try process.send(signal: signal)
        }
        return (errors, sent ?? .now)
      }
    }
    let data = FileManager.default.contents(atPath: json)
    return Stopped(
      status: result.terminationStatus,
      report: try data.map { try JSONDecoder().decode(Report.self, from: $0) },
      errors: result.closureResult.0, took: .now - result.closureResult.1,
      leftovers: try FileManager.default.contentsOfDirectory(atPath: temporary))
  }

  @Test(
    "ends soon with the verdict incomplete and its results so far, and leaves nothing behind",
    arguments: [Signal.interrupt, .terminate])
  func stopped(signal: Signal) async throws {
    let run = try await signal == .interrupt ? Self.interrupted.value : Self.stop(with: signal)
    #expect(run.status == .exited(4))
    let report = try #require(run.report)
    #expect(report.verdict == "incomplete")
    // The short universes are complete when the program announces the long part; the long ones are not.
    #expect(report.cases > 300_000)
    #expect(report.universes.contains { $0.cases == $0.size })
    #expect(report.universes.contains { $0.cases < $0.size })
    #expect(run.leftovers.isEmpty)
    // The program promises one second, but the machine that runs the tests may be busy.
    #expect(run.took < .seconds(10))
  }

  @Test("announces beforehand how long it will take") func announcement() async throws {
    let run = try await Self.interrupted.value
    let line = try #require(run.errors.split(separator: "\n").first)
    let mode = try #require(Architecture.riscv.modes.first { $0.name == "sv39" })
    let long = Universe.universes(.deep, mode: mode).filter(\.isDeep)
    let cases = long.reduce(0) { $0 + $1.caseCount }
    let beginning = "mhpcheck: deep: \(cases) more cases in \(long.count) universes, about "
    #expect(line.hasPrefix(beginning), "\(line)")
  }
}
