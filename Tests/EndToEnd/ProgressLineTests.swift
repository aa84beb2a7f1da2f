// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import mhpcheck

@Suite("The line that says how far a run is")
struct ProgressLineTests {
  private func line(_ done: Int, _ all: Int, _ seconds: Double, columns: Int = 120) -> String {
    ProgressLine.text(step: "running", done: done, of: all, seconds: seconds, columns: columns)
  }

  @Test("tells cases, cases a second and time left") func whole() {
    #expect(
      line(1_500_000, 3_000_000, 1.5)
        == "running [##########          ] 1.50 M of 3.00 M cases, 1.00 M/s, 2 s left")
    #expect(
      line(20_000, 1_000_000, 10)
        == "running [                    ] 20.00 k of 1.00 M cases, 2000/s, 8 min 10 s left")
  }

  @Test("tells no time before it can know it, and none when all is done") func ends() {
    #expect(line(5, 10, 0.1) == "running [##########          ] 5 of 10 cases")
    #expect(line(10, 10, 2) == "running [####################] 10 of 10 cases, 5/s")
    #expect(line(0, 0, 0) == "running [####################] 0 of 0 cases")
  }

  @Test("leaves the bar out where there is little room") func narrow() {
    #expect(line(5, 10, 1, columns: 40) == "running: 5 of 10 cases, 5/s, 1 s left")
  }
}
