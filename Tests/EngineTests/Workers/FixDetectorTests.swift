// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

@Suite("A universe shows a fix")
struct FixDetectorTests {
  private let destructor = UpstreamFixes.latest.members[0]
  private let folded = UpstreamFixes.latest.members[1]

  private func isShown(
    _ fix: UpstreamFixes, by name: String, calling function: KernelFunction
  ) throws -> Bool {
    let universe = try #require(Universe.named(name, among: Architecture.riscv.modes))
    return FixDetector(fix, of: .latest).isShown(by: universe, calling: [function])
  }

  @Test("if walks pass folded levels, but not if no level is folded") func folding() throws {
    #expect(try isShown(folded, by: "sv39/linear/altmaps", calling: .archRemoveMemory))
    #expect(try !isShown(folded, by: "sv57/linear/altmaps", calling: .archRemoveMemory))
  }

  @Test("if functions that the subject has free PMD tables of the memmap")
  func destructors() throws {
    #expect(try isShown(destructor, by: "sv57/vmemmap/stray", calling: .vmemmapFree))
    #expect(try !isShown(destructor, by: "sv57/vmemmap/stray", calling: .archRemoveMemory))
    // The root of Sv39 points to PMD tables, which walks never free.
    #expect(try !isShown(destructor, by: "sv39/linear/altmaps", calling: .archRemoveMemory))
  }
}
