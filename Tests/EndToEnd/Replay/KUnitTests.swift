// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import Testing

/// KUnit tests that are made of cases, compiled and run in user space: against the stub headers, with as
/// much of KUnit as `Tests/Fixtures/kunit` has.
@Suite("A KUnit test")
struct KUnitTests {
  /// Builds a case's test behind a subject and runs it.
  private func run(
    _ scenario: String, _ subject: String, compiler: String = "gcc", mode: String? = nil
  ) async throws -> Program.Outcome {
    let scratch = try PrivateFolder()
    let base = try await Reproducer.write(scratch, [mode ?? scenario, subject])
    let written = try await Program.run([
      "replay", scenario, "--format", "kunit", "--output", "\(base.folder)/case_kunit.c",
    ])
    try #require(written.status == 0, "\(written.testDescription)")
    let fixture = VariantFiles.packageRoot.appending(path: "Tests/Fixtures/kunit")
    try FileManager.default.copyItem(atPath: fixture.path, toPath: "\(base.folder)/kunit")
    let main = "int main(void)"
    var unit = try base.text
    try #require(unit.ranges(of: main).count == 1)
    unit = unit.replacing(main, with: "int mhp_unused_main(void);\nint mhp_unused_main(void)")
    unit += "#include \"case_kunit.c\"\n#include \"kunit/suite.inc\"\n"
    try Data(unit.utf8).write(to: URL(filePath: "\(base.folder)/unit.c"))
    let built = try await Program.start(
      "sh",
      [
        "-c",
        "\(compiler) -O2 -Wall -Wextra -Werror -fno-strict-aliasing -fwrapv -I kunit -I stubs "
          + "-o kunit_test unit.c kunit/host.c machine/*.c reproducer/*.c -pthread -lrt",
      ], folder: base.folder)
    try #require(built.status == 0, "\(scenario): \(built.errors.prefix(2000))")
    return try await Program.start("\(base.folder)/kunit_test", [])
  }

  @Test(
    "fails on a text that lacks a fix, and passes on one that has it",
    arguments: ReproducerTests.defects)
  func defect(defect: ReproducerTests.Defect) async throws {
    let scratch = try PrivateFolder()
    let reference = try DefectPatch.reference()
    let lacking = try scratch.write(
      "lacking.mbox", reference + (try DefectPatch.file("defects/undo-\(defect.fix).patch")))
    for compiler in ReproducerTests.compilers {
      let failing = try await run(defect.scenario, lacking, compiler: compiler)
      #expect(failing.status == 1, "\(failing.testDescription)")
      #expect(failing.output.contains("not ok: "), "\(failing.testDescription)")
      let passing = try await run(defect.scenario, "builtin", compiler: compiler)
      #expect(passing.status == 0, "\(passing.testDescription)")
    }
  }

  @Test(
    "of every kind of table and entry passes on the reference",
    arguments: [
      "free-pte-table/empty-hot-added@sv39", "free-pte-table/empty-reserved@sv48",
      "free-pmd-table/empty-reserved-constructed@sv57", "free-pud-table/empty-hot-added@sv57",
      "free-pmd-table/beside-an-empty-sibling@sv48", "remove-pmd-mapping/vmemmap-altmap-leaf@sv39",
    ] as [String])
  func reference(scenario: String) async throws {
    let outcome = try await run(scenario, "builtin")
    #expect(outcome.status == 0, "\(outcome.testDescription)")
  }

  @Test(
    "of a walk passes on the reference",
    arguments: [
      "remove-pte-mapping", "remove-pmd-mapping", "remove-pud-mapping", "remove-p4d-mapping",
    ]
      as [String])
  func walks(area: String) async throws {
    let listed = try await Program.run(["list", "cases"])
    var ran = 0
    for line in listed.output.split(separator: "\n") {
      let name = String(line.prefix { $0 != " " })
      guard name.hasPrefix("\(area)/"), name.hasSuffix("@sv48"), ran < 4 else { continue }
      let isMade = try await Program.run(["replay", name, "--format", "kunit"]).status == 0
      guard isMade, name.contains("altmap") || name.contains("vmemmap") || ran < 2 else { continue }
      ran += 1
      let outcome = try await run(name, "builtin")
      #expect(outcome.status == 0, "\(name): \(outcome.testDescription)")
    }
    #expect(ran >= 2)
  }

  @Test("is skipped in a kernel of another mode")
  func otherMode() async throws {
    let outcome = try await run(
      "free-pmd-table/empty-vmemmap-as-vmemmap@sv48", "builtin",
      mode: "free-pmd-table/empty-hot-added@sv57")
    #expect(outcome.status == 3, "\(outcome.testDescription)")
  }

  @Test(
    "is not made of what works on the kernel's own tables, or of what no test can make",
    arguments: [
      ("vmemmap-free/a-section@sv48", "vmemmap_free"),
      ("hazard/h3-memory-added-below-the-top@sv39", "arch_add_memory"),
    ] as [(String, String)])
  func refused(scenario: String, mentions: String) async throws {
    try await Program.run(["replay", scenario, "--format", "kunit"]).isOneLine(
      status: 2, mentions: [mentions, "is no KUnit test"])
  }
}
