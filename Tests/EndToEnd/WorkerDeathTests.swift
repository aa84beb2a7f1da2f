// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Glibc
import Subprocess
import Testing

@testable import Cases
@testable import Engine

/// Real deaths of workers: the test kills them from outside while the program runs.
@Suite("When workers are killed at random")
struct WorkerDeathTests {
  /// The random pauses of the killer, the same in every run of the test.
  private struct Pauses {
    var state: UInt64 = 0x5eed
    /// The slowness of this machine, as a multiple of an idle one.
    var slowness = 1.0
    /// Between 60 and 360 ms on an idle machine: a worker that is always killed before it has started would
    /// never start.
    mutating func next() -> Duration {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return .milliseconds(60 + Int(state >> 33) % 300) * slowness
    }
  }

  private struct Report: Decodable {
    struct Universe: Decodable, Equatable {
      var name: String
      var size: UInt64
      var cases: UInt64
      var differing: UInt64
    }
    var verdict: String
    var cases: Int
    var universes: [Universe]
  }

  /// The running workers of a program, without children that have not called exec yet: a kill of such a child
  /// also ends its parent, by a trap in swift-subprocess 1.0.2.
  private func workers(of process: pid_t) -> [pid_t] {
    children(of: process).filter { child in
      let words = FileManager.default.contents(atPath: "/proc/\(child)/cmdline") ?? Data()
      return words.split(separator: 0).dropFirst().first.map { $0.elementsEqual("worker".utf8) }
        ?? false
    }
  }

  /// The running children of a process.
  private func children(of process: pid_t) -> [pid_t] {
    let path = "/proc/\(process)/task"
    let threads = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    return threads.flatMap { thread -> [pid_t] in
      let data = FileManager.default.contents(atPath: "\(path)/\(thread)/children") ?? Data()
      return String(decoding: data, as: UTF8.self).split(separator: " ").compactMap { pid_t($0) }
    }
  }

  /// Checks the embedded reference and kills up to `kills` workers meanwhile; returns the report and the
  /// number of killed workers.
  private func check(
    killing kills: Int, pauses: inout Pauses
  ) async throws -> (report: Report, killed: Int) {
    let first = pauses
    let result = try await Subprocess.run(
      .path(.init(try VariantProgram.path())),
      arguments: [
        "check", "builtin", "--mode", "sv39", "sv48", "--quiet", "--jobs", "2",
        "--json",
        "-",
      ], input: .none, output: .sequence, error: .discarded
    ) { process -> (Data, Int, Pauses) in
      let program = process.processIdentifier.value
      let killer = Task { () -> (Int, Pauses) in
        var pauses = first
        var killed = 0
        while killed < kills, !Task.isCancelled {
          try? await Task.sleep(for: pauses.next())
          let workers = workers(of: program)
          guard !workers.isEmpty else { continue }
          if kill(workers[Int(pauses.state >> 40) % workers.count], SIGKILL) == 0 { killed += 1 }
        }
        return (killed, pauses)
      }
      var output = Data()
      for try await buffer in process.standardOutput {
        buffer.withUnsafeBytes { output.append(contentsOf: $0) }
      }
      killer.cancel()
      let (killed, after) = await killer.value
      return (output, killed, after)
    }
    try #require(
      result.terminationStatus == .exited(0),
      "\(String(decoding: result.closureResult.0.prefix(400), as: UTF8.self))")
    pauses = result.closureResult.2
    return (
      try JSONDecoder().decode(Report.self, from: result.closureResult.0),
      result.closureResult.1
    )
  }

  @Test("a hundred deaths lose no case and count none twice", .timeLimit(.minutes(30)))
  func hundred() async throws {
    var pauses = Pauses()
    let (undisturbed, time) = try await ProgramThrottle.shared.hold {
      var none = Pauses()
      let start = ContinuousClock.now
      return (try await check(killing: 0, pauses: &none), ContinuousClock.now - start)
    }
    // An undisturbed run on two idle cores takes two seconds.
    pauses.slowness = max(1, time / .seconds(2))
    try #require(undisturbed.report.verdict == "conforms")
    var killed = 0
    var runs = 0
    while killed < 100 {
      runs += 1
      try #require(runs < 100, "\(killed) workers could be killed in \(runs) runs")
      let left = 100 - killed
      let before = pauses
      let (run, after) = try await ProgramThrottle.shared.hold {
        var pauses = before
        let run = try await check(killing: left, pauses: &pauses)
        return (run, pauses)
      }
      pauses = after
      // The machine was busier when the undisturbed run was measured.
      if run.killed == 0 { pauses.slowness = max(1, pauses.slowness / 2) }
      killed += run.killed
      #expect(run.report.verdict == "conforms", "after \(killed) deaths")
      #expect(run.report.cases == undisturbed.report.cases, "after \(killed) deaths")
      #expect(run.report.universes == undisturbed.report.universes, "after \(killed) deaths")
    }
  }
}
