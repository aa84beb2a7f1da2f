// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Uses the kernel's own KTAP parser (tools/testing/kunit/kunit_parser.py of 6.12) as the witness.
@Suite("KTAP, as the kernel's own parser reads it", .enabled { await KernelSource.areThere() })
struct KTAPTests {
  /// Prints the counts, then each test by its level, status and name.
  private static let script = """
    import io, sys, contextlib
    sys.path.insert(0, sys.argv[1])
    sys.dont_write_bytecode = True
    with contextlib.redirect_stdout(io.StringIO()):
        import kunit_parser
        with open(sys.argv[2], encoding="utf-8") as file:
            main = kunit_parser.parse_run_tests(file)
    c = main.counts
    print(main.status.name, c.passed, c.failed, c.crashed, c.skipped, c.errors)
    def show(test, depth):
        for sub in test.subtests:
            print(depth, sub.status.name, sub.name)
            show(sub, depth + 1)
    show(main, 1)
    """

  private func read(_ outcome: SnapshotOutcome) async throws -> [String] {
    let file = try SnapshotFile(outcome, .ktap)
    defer { withExtendedLifetime(file) {} }
    let source = try await KernelSource.new.value
    let read = try await Program.start(
      "python3", ["-c", Self.script, "\(source.tree)/tools/testing/kunit", file.path])
    try #require(read.status == 0, "\(read.testDescription)")
    return read.output.split(separator: "\n").map(String.init)
  }

  /// 36 functions, of which the cases of the outcomes call 9; two fixes; five hazards; one run.
  @Test(
    "has the counts of the outcomes, and no error",
    arguments: [
      // 1 run, 9 functions, 2 fixes and 5 hazards pass; 27 functions are called by no case.
      (.conforming, "SUCCESS 17 0 0 27 0"),
      // free_pmd_table, remove_pud_mapping, remove_p4d_mapping and both fixes fail; arch_remove_memory and
      // vmemmap_free differ only through these and are skipped.
      (.missingFixes, "FAILURE 10 5 0 29 0"),
      // remove_pmd_mapping, arch_add_memory and arch_remove_memory.
      (.differing, "FAILURE 14 3 0 27 0"),
      (.hostile, "FAILURE 14 3 0 27 0"),
      // The hazards pass. Functions and fixes without a difference are skipped, and the run itself fails.
      (.incomplete, "FAILURE 5 4 0 35 0"),
      (.unbuildable, "FAILURE 0 1 0 0 0"),
      (.hostileUnbuildable, "FAILURE 0 1 0 0 0"),
      (.notRun, "FAILURE 0 1 0 0 0"),
    ] as [(SnapshotOutcome, String)])
  func counts(outcome: SnapshotOutcome, expected: String) async throws {
    let lines = try await read(outcome)
    #expect(lines.first == expected, "\(outcome)")
  }

  @Test(
    "has the subject as one test, groups below it, and functions, fixes and hazards below those")
  func nesting() async throws {
    let lines = try await read(.missingFixes)
    #expect(lines.filter { $0.hasPrefix("1 ") } == ["1 FAILURE mhpcheck patch backport.patch"])
    #expect(
      lines.filter { $0.hasPrefix("2 ") } == [
        "2 SUCCESS run", "2 FAILURE functions", "2 FAILURE fixes",
        "2 SUCCESS hazards of upstream's text",
      ])
    #expect(lines.contains("3 FAILURE free_pmd_table"))
    #expect(lines.contains("3 SUCCESS free_pte_table"))
    #expect(
      lines.contains(
        "3 FAILURE a0188cc13369 Fix out-of-bounds page-table walk during memory hot-remove"))
    #expect(lines.contains { $0.hasPrefix("3 SUCCESS H8 ") })
  }

  @Test("cannot be cut short or forged by a subject's name or a compiler's message")
  func forged() async throws {
    for outcome in [.hostile, .hostileUnbuildable] as [SnapshotOutcome] {
      let lines = try await read(outcome)
      #expect(lines.filter { $0.hasPrefix("1 ") }.count == 1, "\(lines.prefix(5))")
      #expect(lines.filter { $0.contains("forged") && !$0.hasPrefix("1 ") } == [])
      #expect(lines.first?.hasPrefix("FAILURE") == true)
    }
  }
}
