// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine

@Suite("The compiler's warnings")
struct WarningTests {
  private struct Report: Decodable {
    var verdict: String
    var compilerWarnings: [String]
  }

  /// Checks a text; returns the report as JSON and as text.
  private func check(_ subject: String) async throws -> (report: Report, text: String) {
    let folder = try PrivateFolder()
    let json = folder.path + "/report.json"
    let outcome = try await Program.run([
      "check", subject, "--depth", "smoke", "--mode", "sv39", "--no-coverage",
      "--json", json,
    ])
    try #require(outcome.status == 0, "\(outcome.testDescription)")
    let report = try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: URL(filePath: json)))
    return (report, outcome.output)
  }

  @Test("about the subject's functions are shown with the user's line, and change no verdict")
  func shown() async throws {
    let text = try VariantFiles.reference()
    let call = "\n\tremove_linear_mapping(start, size);\n\tflush_tlb_all();"
    let warned = text.replacing(
      call,
      with: "\n\tif (size == size)\n\t\tremove_linear_mapping(start, size);\n\tflush_tlb_all();")
    try #require(warned != text)
    let line =
      try #require(
        warned.split(separator: "\n", omittingEmptySubsequences: false)
          .firstIndex(of: "\tif (size == size)")) + 1
    let folder = try PrivateFolder()
    // The file's name also comes from a stranger.
    let file = try folder.write("in\u{1B}[2Jit.c", warned)
    let found = try await check(file)
    #expect(found.report.verdict == "conforms")
    #expect(found.report.compilerWarnings.count == 1)
    #expect(found.report.compilerWarnings.first?.contains("it.c:\(line): ") == true)
    #expect(found.report.compilerWarnings.first?.hasSuffix("(in arch_remove_memory)") == true)
    #expect(found.text.contains("The compiler warns (no part of the verdict)"))
    #expect(!found.text.contains("\u{1B}"))
  }

  @Test("are those of a build for riscv64 if clang compiles") func riscv64() async throws {
    let text = try VariantFiles.reference()
    let call = "\n\tremove_linear_mapping(start, size);\n\tflush_tlb_all();"
    // Only the target itself defines this name; none of our options does.
    let warned = text.replacing(
      call,
      with: """
        \n#ifdef __riscv_zaamo
        \tif (size == size)
        #endif
        \t\tremove_linear_mapping(start, size);
        \tflush_tlb_all();
        """)
    try #require(warned != text)
    let folder = try PrivateFolder()
    let found = try await check(try folder.write("init.c", warned))
    #expect(found.report.compilerWarnings.count == 1, "\(found.report.compilerWarnings)")
  }

  @Test("do not occur in the reference, and the report then does not mention them")
  func none() async throws {
    let found = try await check("builtin")
    #expect(found.report.compilerWarnings.isEmpty)
    #expect(!found.text.contains("compiler warns"))
  }

  @Test(
    "do not occur in Debian's own text",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func realKernel() async throws {
    let found = try await check("debian:\(KernelSource.withHotplug)")
    #expect(found.report.compilerWarnings.isEmpty, "\(found.report.compilerWarnings)")
  }
}
