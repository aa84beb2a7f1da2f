// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Synchronization
import Testing

@testable import mhpcheck

@Suite("The progress line")
struct ProgressLineTests {
  private func line(_ done: Int, _ all: Int, _ seconds: Double, columns: Int = 120) -> String {
    ProgressLine.text(step: "running", done: done, of: all, seconds: seconds, columns: columns)
  }

  @Test("shows cases, cases per second and the time left") func whole() {
    #expect(
      line(1_500_000, 3_000_000, 1.5)
        == "running [##########          ] 1.50 M of 3.00 M cases, 1.00 M/s, 2 s left")
    #expect(
      line(20_000, 1_000_000, 10)
        == "running [                    ] 20.00 k of 1.00 M cases, 2000/s, 8 min 10 s left")
  }

  @Test("shows no time left at the very start, nor at the end") func ends() {
    #expect(line(5, 10, 0.1) == "running [##########          ] 5 of 10 cases")
    #expect(line(10, 10, 2) == "running [####################] 10 of 10 cases, 5/s")
    #expect(line(0, 0, 0) == "running [####################] 0 of 0 cases")
  }

  @Test("leaves out the bar if there is little room") func narrow() {
    #expect(line(5, 10, 1, columns: 40) == "running: 5 of 10 cases, 5/s, 1 s left")
  }
}

@Suite("Progress lines without a terminal")
struct ProgressLogTests {
  private final class Lines: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  @Test("appear periodically, with the step and the cases, until the run ends")
  func lines() async throws {
    let lines = Lines()
    var progress: RunProgress? = ProgressLog { lines.add($0) }.progress(every: .milliseconds(20))
    progress?.step("compiling")
    while !lines.all.contains("compiling ...") { try await Task.sleep(for: .milliseconds(5)) }
    progress?.step("running")
    progress?.cases(5, 10)
    while !lines.all.contains(where: { $0.hasPrefix("running: 5 of 10 cases") }) {
      try await Task.sleep(for: .milliseconds(5))
    }
    progress?.note("a note")
    #expect(lines.all.contains("a note"))
    progress = nil
    try await Task.sleep(for: .milliseconds(40))
    let count = lines.all.count
    try await Task.sleep(for: .milliseconds(100))
    #expect(lines.all.count == count)
  }

  @Test("do not appear in a short run") func short() async throws {
    let lines = Lines()
    let progress = ProgressLog { lines.add($0) }.progress()
    progress.step("running")
    progress.cases(10, 10)
    #expect(lines.all.isEmpty)
  }
}
