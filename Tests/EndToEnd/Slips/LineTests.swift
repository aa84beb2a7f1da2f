// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// A slip in a text whose functions are spelled otherwise than the reference's: the line of the first cause is
/// within one line of it in nine of ten, and its function is right in all.
@Suite("The line of a slip in a text of another shape", .timeLimit(.minutes(60)))
struct LineTests {
  /// The parts of a report that name causes.
  private struct Report: Decodable {
    struct Cause: Decodable {
      var function: String
      var line: Int?
    }
    var verdict: String
    var causes: [Cause]
  }

  /// Every third slip; `MHPCHECK_ALL_SLIPS=1` takes all of them.
  private static func share(of slips: [Slip]) -> [Slip] {
    let takesAll = ProcessInfo.processInfo.environment["MHPCHECK_ALL_SLIPS"] != nil
    return slips.enumerated().filter { takesAll || $0.offset % 3 == 0 }.map(\.element)
  }

  /// Checks a text at smoke depth, in this process.
  private func report(on text: String) async throws -> Report {
    let folder = try PrivateFolder()
    let file = try folder.write("init.c", text)
    let request = CheckRequest(
      subject: file, depth: .smoke, jobs: 1, shrinksCases: false, measuresCoverage: false)
    let report = try await ProgramThrottle.shared.hold {
      try await CheckRun(files: try VariantProgram.files.get()).report(request)
    }
    return try JSONDecoder().decode(
      Report.self, from: Data(JSONRenderer().render(report).utf8))
  }

  /// Checks a text with each of the slips.
  private func check(_ slips: [Slip], in text: String) async throws {
    var misses: [String] = []
    for slip in slips {
      let report = try await report(on: try slip.applied(to: text))
      let right = try slip.line(in: text)
      let cause = report.causes.first
      #expect(
        cause?.function == slip.function, "\(slip): \(report.verdict), \(report.causes)")
      if let line = cause?.line, abs(line - right) <= 1 { continue }
      misses.append("\(slip): \(cause?.line.map(String.init) ?? "no line"), not \(right)")
    }
    #expect(
      misses.count * 10 <= slips.count,
      "\(slips.count - misses.count) of \(slips.count) are right; not \(misses)")
  }

  @Test("is right in nine of ten in our own rendition")
  func rendition() async throws {
    let text = try Slip.rendition()
    let right = try await report(on: text)
    #expect(right.verdict == "conforms" && right.causes.isEmpty)
    try await check(Self.share(of: Slip.inRendition), in: text)
  }

  @Test(
    "is right in nine of ten in a real kernel",
    .enabled("Debian's kernel sources are there") { await KernelSource.areThere() })
  func kernel() async throws {
    try await check(Self.share(of: Slip.inKernel), in: try await KernelSource.new.value.text)
  }

  @Test("is that of the macro, and the macro alone is the cause, if a macro hides a function")
  func surfaceMacro() async throws {
    let text = try VariantFiles.reference()
    let start = "static void __meminit remove_pmd_mapping("
    let macro = "#define free_pte_table(a, b) do { } while (0)\n"
    let changed = text.replacing(start, with: macro + start)
    let report = try await report(on: changed)
    #expect(report.causes.map(\.function) == ["free_pte_table"])
    let lines = changed.split(separator: "\n", omittingEmptySubsequences: false)
    let right = try #require(lines.firstIndex { $0.hasPrefix("#define free_pte_table") }) + 1
    #expect(report.causes.first?.line == right)
  }

  @Test("is that of the definition if a macro of the kernel means something else")
  func definition() async throws {
    let text = try VariantFiles.reference()
    let start = "#ifdef CONFIG_SPARSEMEM_VMEMMAP\n"
    let macro = "#undef _PAGE_KERNEL\n#define _PAGE_KERNEL _PAGE_READ\n"
    let changed = text.replacing(start, with: macro + start)
    let report = try await report(on: changed)
    #expect(report.causes.map(\.function) == ["_PAGE_KERNEL"])
    let lines = changed.split(separator: "\n", omittingEmptySubsequences: false)
    let right = try #require(lines.firstIndex { $0.hasPrefix("#define _PAGE_KERNEL") }) + 1
    #expect(report.causes.first?.line == right)
  }
}
