// SPDX-License-Identifier: GPL-2.0-only

import Subprocess
import Testing

@testable import Engine

@Suite("The clock of a worker's silence")
struct SilenceClockTests {
  /// Looks at a process until `isWanted` accepts the silence; returns the silence of the last look.
  private func silence(
    of process: ProcessIdentifier, until isWanted: (Duration) -> Bool
  ) async throws -> Duration {
    var clock = SilenceClock(process: process.value)
    var last = clock.look()
    var looks = 0
    // The process may not have started its work yet.
    while !isWanted(last), looks < 200 {
      try await Task.sleep(for: SilenceClock.interval)
      _ = clock.look()
      last = clock.look()
      looks += 1
    }
    return last
  }

  private func run(
    _ script: String, until isWanted: @Sendable @escaping (Duration) -> Bool
  ) async throws -> Duration {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", script], input: .none, output: .discarded,
      error: .discarded
    ) { process in
      defer { try? process.send(signal: .kill) }
      return try await silence(of: process.processIdentifier, until: isWanted)
    }
    return result.closureResult
  }

  @Test("counts each interval in full while the process sleeps")
  func sleeping() async throws {
    let silence = try await run("exec sleep 60") { $0 == SilenceClock.interval }
    #expect(silence == SilenceClock.interval)
  }

  @Test("does not count a stopped process, and resumes it")
  func stopped() async throws {
    let result = try await Subprocess.run(
      .path("/bin/sh"), arguments: ["-c", "kill -STOP $$; echo on; exec sleep 60"], input: .none,
      output: .sequence, error: .discarded
    ) { process in
      defer { try? process.send(signal: .kill) }
      var clock = SilenceClock(process: process.processIdentifier.value)
      let looks = Task {
        var silence = Duration.zero
        while !Task.isCancelled {
          silence = clock.look()
          try? await Task.sleep(for: SilenceClock.interval)
        }
        return silence
      }
      defer { looks.cancel() }
      var words = ""
      for try await buffer in process.standardOutput {
        words += buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        break
      }
      return words
    }
    #expect(result.closureResult == "on\n")
  }

  @Test("counts only the processor time of a process that can run")
  func running() async throws {
    let silence = try await run("while :; do :; done") { $0 < SilenceClock.interval }
    #expect(silence < SilenceClock.interval)
  }

  @Test("counts a missing process as silent")
  func gone() {
    // No process has the type's highest number (proc(5): pid_max is at most 2^22).
    var clock = SilenceClock(process: .max)
    #expect(clock.look() == SilenceClock.interval)
  }
}
