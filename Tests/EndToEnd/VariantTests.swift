// SPDX-License-Identifier: GPL-2.0-only

import Testing

/// Checks each variant of the reference as a user's file is checked.
///
/// The time limits include the wait for a slot, which is most of the time.
@Suite("Variants of the reference")
struct VariantTests {
  @Test(
    "A wrong variant is found, in its function and its modes", .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.wrong))
  func wrong(edit: EditFile) async throws {
    let functions = edit.functions.map(\.name)
    // Causes take half of a run: every eighth variant has them looked for in any case.
    let isSampled = VariantFiles.names(.wrong).firstIndex(of: edit.name).map { $0 % 8 == 0 } ?? true
    var report = try await VariantProgram.checkHere(edit, findsCauses: isSampled)
    // A function that no case calls alone differs through its caller; the cause names it.
    if !isSampled, report.differing.isDisjoint(with: functions) {
      report = try await VariantProgram.checkHere(edit)
    }
    #expect(["differs", "missing-fixes"].contains(report.verdict))
    let blamed = report.differing.union((report.causes ?? []).map(\.function))
    #expect(!blamed.isDisjoint(with: functions), "blamed: \(blamed.sorted())")
    let modes = Set(report.differences.map(\.mode))
    #expect(modes.isSuperset(of: edit.modes), "modes with differences: \(modes.sorted())")
    // The oracle does not use the port, and detects the variant, too.
    let rules = report.differences.flatMap(\.rulesOfCases)
    #expect(!rules.isEmpty, "no rule of the oracle is broken")
  }

  @Test(
    "A faithful refactoring conforms", .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.faithful))
  func faithful(edit: EditFile) async throws {
    let report = try await VariantProgram.checkHere(edit)
    #expect(report.verdict == "conforms")
    #expect(report.differing.isEmpty)
    #expect(report.differences.isEmpty)
  }

  @Test(
    "Another era's spelling conforms, by rules that the report names", .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.spellings))
  func spelling(edit: EditFile) async throws {
    let report = try await VariantProgram.checkHere(edit)
    #expect(report.verdict == "conforms")
    let rules = Set(report.equivalences.map(\.rule))
    #expect(rules == Set(edit.rules), "rules named: \(rules.sorted())")
  }

  @Test(
    "A hostile subject ends its cases, never the run", .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.hostile).filter { $0.runsHere && $0.refusal == nil })
  func hostile(edit: EditFile) async throws {
    let canary = try Canary()
    let run = try await VariantProgram.check(edit, defines: canary.defines)
    #expect(canary.isUntouched, "it reached out of its worker")
    try #require(run.status == 1 || run.status == 4, "\(run.summary)")
    guard run.status == 1 else {
      #expect(!run.errors.isEmpty, "a run that could not be completed says why")
      return
    }
    let report = try run.report()
    #expect(report.verdict == "differs")
    #expect(!report.differences.isEmpty)
    #expect(
      !report.differing.isDisjoint(with: edit.functions.map(\.name)),
      "differing functions: \(report.differing.sorted())")
    #expect(
      edit.endings.isEmpty || edit.endings.contains { run.output.contains("\($0)") },
      "none of the endings \(edit.endings) is in the report")
    try await expectCatalogue(in: report, wide: 0)
  }

  /// Expects that every case of the catalogue was run, except those that the report lists as left out.
  private func expectCatalogue(in report: VariantReport, wide: Int) async throws {
    let reference = try await VariantProgram.reference.value.report()
    let named = report.cases - wide
    if report.leftOfCatalogue == nil {
      #expect(named == reference.cases, "every case of the catalogue was run")
    } else {
      #expect(named > reference.cases / 3 && named < reference.cases)
    }
  }

  /// One variant for each way to cost time: the others differ in what they try, not in the fate of their
  /// worker.
  private static let costly = [
    "allocation-loop", "descriptors-scribbled", "endless-loop", "flush-loop", "hang-for-one-input",
    "memory-taken", "process-exit", "stack-overflow", "stack-smash",
  ]

  @Test(
    "A hostile subject ends no run of standard depth, and the report says what was skipped",
    .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.hostile).filter { $0.runsHere && costly.contains($0.name) })
  func hostileAtStandardDepth(edit: EditFile) async throws {
    let canary = try Canary()
    let run = try await VariantProgram.check(edit, defines: canary.defines, depth: "standard")
    #expect(canary.isUntouched, "it reached out of its worker")
    try #require(run.status == 1, "\(run.summary)")
    let report = try run.report()
    #expect(report.verdict == "differs")
    #expect(!report.differing.isDisjoint(with: edit.functions.map(\.name)))
    let wide = report.universes.reduce(0) { $0 + $1.cases } + (report.random?.cases ?? 0)
    try await expectCatalogue(in: report, wide: wide)
    #expect(report.universes.count == 70)
    for universe in report.universes where universe.cases != universe.size {
      #expect(!report.leftOfUniverses.isEmpty || universe.differing > 0, "\(universe.name)")
    }
    let random = try #require(report.random)
    #expect(random.cases == random.drawn || !random.left.isEmpty)
    // The harmless cases were run.
    #expect(random.cases > 100)
  }

  @Test(
    "A hostile subject that acts while it is loaded is refused in one line",
    .timeLimit(.minutes(20)),
    arguments: VariantFiles.all(.hostile).filter { $0.runsHere && $0.refusal != nil })
  func refused(edit: EditFile) async throws {
    let canary = try Canary()
    let run = try await VariantProgram.check(edit, defines: canary.defines)
    #expect(canary.isUntouched, "it reached out of its worker")
    #expect(run.status == 3, "\(run.summary)")
    #expect(run.errors.contains(edit.refusal ?? "nothing"), "\(run.summary)")
    #expect(try run.report().verdict == "unbuildable")
    #expect(run.errors.split(separator: "\n").count <= 2, "\(run.summary)")
  }

  @Test("The embedded reference conforms")
  func reference() async throws {
    let run = try await VariantProgram.reference.value
    try #require(run.status == 0, "\(run.summary)")
    let report = try run.report()
    #expect(report.verdict == "conforms")
    #expect(report.schema == "mhpcheck.report/1")
    #expect(report.equivalences.isEmpty)
  }
}
