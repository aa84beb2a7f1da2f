// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

/// Reproducers build with any compiler and distinguish a wrong text from a right one by themselves.
@Suite("A reproducer in C")
struct ReproducerTests {
  static let compilers: [String] = ["gcc", "clang"]

  /// A real defect, and a case in which it breaks the contract.
  struct Defect: Sendable, CustomTestStringConvertible {
    var fix: String
    var scenario: String
    var says: String
    var testDescription: String { fix }
  }

  static let defects: [Defect] = [
    Defect(
      fix: "21f1b85c8912", scenario: "free-pmd-table/empty-vmemmap-as-vmemmap@sv48",
      says: "runs the destructor of the page of table"),
    Defect(
      fix: "a0188cc13369", scenario: "remove-pud-mapping/linear-nothing-mapped@sv39",
      says: "walks beyond a table"),
  ]

  static let hazards: [(id: String, scenario: String, says: String)] = [
    ("H1", "hazard/h1-two-regions-in-one-section@sv48", "is removed as a whole"),
    ("H2", "hazard/h2-boot-table-without-constructor@sv39", "whose constructor never ran"),
    ("H3", "hazard/h3-memory-added-below-the-top@sv57", "max_pfn is 0x128000, not 0x180000"),
    ("H2", "lifecycle/dax-half-a-section@sv39", "whose constructor never ran"),
  ]

  /// The reference as a series of patches, with defects on top.
  private func series(_ defects: [String]) throws -> [UInt8] {
    Array(([try DefectPatch.reference()] + defects).joined().utf8)
  }

  @Test("fails on a text that lacks a fix, and passes on one that has it", arguments: defects)
  func defect(defect: Defect) async throws {
    let scratch = try PrivateFolder()
    let undone = try DefectPatch.file("defects/undo-\(defect.fix).patch")
    let lacking = try await Reproducer.write(
      scratch, [defect.scenario, "-"], named: "lacking", input: try series([undone]))
    let fixed = try await Reproducer.write(
      scratch, [defect.scenario, "-"], named: "fixed", input: try series([]))
    for compiler in Self.compilers {
      let failing = try await lacking.run(compiler: compiler)
      #expect(failing.status == 1, "\(compiler): \(failing.testDescription)")
      #expect(failing.output.contains("FAIL: "), "\(failing.testDescription)")
      #expect(failing.output.contains(defect.says), "\(failing.testDescription)")
      let passing = try await fixed.run(compiler: compiler)
      #expect(passing.status == 0, "\(compiler): \(passing.testDescription)")
      #expect(passing.output.contains("PASS: "), "\(passing.testDescription)")
    }
  }

  @Test(
    "of a hazard fails on upstream's text, and passes on a text that mends it",
    arguments: hazards)
  func hazard(id: String, scenario: String, says: String) async throws {
    let scratch = try PrivateFolder()
    let edit = try VariantFiles.read(.mended, name: id.lowercased())
    let mended = try scratch.write(
      "mended.c", try edit.applied(to: try VariantFiles.reference()))
    let shared = try await Reproducer.write(
      scratch, [scenario, "builtin", "--hazard", id], named: "upstream")
    let right = try await Reproducer.write(
      scratch, [scenario, mended, "--hazard", id], named: "right")
    for compiler in Self.compilers {
      let failing = try await shared.run(compiler: compiler)
      #expect(failing.status == 1, "\(compiler): \(failing.testDescription)")
      #expect(failing.words.contains("FAIL: after call "), "\(failing.testDescription)")
      #expect(failing.output.contains(says), "\(failing.testDescription)")
      let passing = try await right.run(compiler: compiler)
      #expect(passing.status == 0, "\(compiler): \(passing.testDescription)")
    }
  }

  @Test("of a hazard's case tests the hazard even without --hazard")
  func automatic() async throws {
    let scratch = try PrivateFolder()
    let hazard = Self.hazards[2]
    let upstream = try await Reproducer.write(scratch, [hazard.scenario], named: "upstream")
    let failing = try await upstream.run(compiler: "gcc")
    #expect(failing.status == 1, "\(failing.testDescription)")
    let edit = try VariantFiles.read(.mended, name: "h3")
    let mended = try scratch.write(
      "mended.c", try edit.applied(to: try VariantFiles.reference()))
    let right = try await Reproducer.write(scratch, [hazard.scenario, mended], named: "right")
    let passing = try await right.run(compiler: "gcc")
    #expect(passing.status == 0, "\(passing.testDescription)")
  }

  @Test("builds with the one command that it contains", arguments: compilers)
  func command(compiler: String) async throws {
    let scratch = try PrivateFolder()
    let undone = try DefectPatch.file("defects/undo-a0188cc13369.patch")
    let lacking = try await Reproducer.write(
      scratch, [Self.defects[1].scenario, "-"], input: try series([undone]))
    let outcome = try await lacking.runByCommand(compiler: compiler)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
  }

  @Test("has the same result under the sanitizers", arguments: compilers)
  func sanitizers(compiler: String) async throws {
    let scratch = try PrivateFolder()
    let flags = "-O1 -g -fsanitize=address,undefined"
    let undone = try DefectPatch.file("defects/undo-a0188cc13369.patch")
    let lacking = try await Reproducer.write(
      scratch, [Self.defects[1].scenario, "-"], named: "lacking", input: try series([undone]))
    let failing = try await lacking.run(compiler: compiler, flags: flags, traps: "")
    #expect(failing.status == 1, "\(failing.testDescription)")
    #expect(failing.output.contains(Self.defects[1].says), "\(failing.testDescription)")
    let fixed = try await Reproducer.write(
      scratch, [Self.defects[1].scenario], named: "fixed")
    let passing = try await fixed.run(compiler: compiler, flags: flags, traps: "")
    #expect(passing.status == 0, "\(passing.testDescription)")
    #expect(!passing.errors.contains("ERROR: "), "\(passing.testDescription)")
  }

  @Test(
    "catches a subject that crashes or hangs, and names the reason",
    arguments: [
      ("endless-loop", "does not return (hang)"),
      ("null-dereference", "accesses memory outside the tables"),
      ("table-overrun", "walks beyond a table"), ("bug", "hits BUG"),
      ("division-by-zero", "executes undefined behaviour"), ("stack-overflow", "runs out of stack"),
    ] as [(String, String)])
  func faults(name: String, says: String) async throws {
    let scratch = try PrivateFolder()
    let edit = try VariantFiles.read(.hostile, name: name)
    let subject = try scratch.write("s.c", try edit.applied(to: try VariantFiles.reference()))
    let checked = try await Program.run([
      "check", subject, "--forget", "--quiet", "--depth", "smoke", "--mode", "sv48", "--json", "-",
    ])
    let report = try JSONDecoder().decode(JSON.self, from: Data(checked.output.utf8))
    let replay = try #require(
      report.object?["differences"]?.array?.first?.object?["replay"]?.string)
    let scenario = try #require(replay.split(separator: " ").dropFirst(2).first)
    let reproducer = try await Reproducer.write(scratch, [String(scenario), subject])
    let outcome = try await reproducer.run(compiler: "gcc", flags: "-O2")
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(outcome.output.contains(says), "\(outcome.testDescription)")
  }
}
