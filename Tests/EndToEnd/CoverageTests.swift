// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

/// `mhpcheck coverage`, and the coverage in the report of a check.
@Suite("Coverage")
struct CoverageTests {
  /// The reference with a vendor's code in it, and the line where that code begins.
  private func vendor(
    _ code: String, before: String = "\n\t\told = ptep_get(entry);\n", above: String = ""
  ) throws -> (folder: PrivateFolder, file: String, line: Int) {
    var text = try VariantFiles.reference()
    let place = try #require(text.firstRange(of: before))
    text.replaceSubrange(place, with: before + code + "\n")
    let first = "static void __meminit free_pte_table"
    let helper = try #require(text.firstRange(of: first))
    text.replaceSubrange(helper, with: above + first)
    let folder = try PrivateFolder()
    let file = try folder.write("init.c", text)
    let start = try #require(text.firstRange(of: code))
    return (folder, file, text[..<start.lowerBound].count { $0 == "\n" } + 1)
  }

  private static let unreached = """
    \t\tif (vendor_quirk > 1) {
    \t\t\tvendor_quirk = 0;
    \t\t\tcontinue;
    \t\t}
    """
  private static let quirk = "static int vendor_quirk;\n\n"

  @Test("The catalogue reaches every branch, line and outcome of the reference")
  func reference() async throws {
    let report = try await CoverageReport.of("builtin", ["--depth", "smoke"], status: 0)
    #expect(Set(report.functions.map(\.name)).isSuperset(of: archNames))
    // Strict permissions leave out one of the two definitions of pgprot_from_va.
    let others = report.functions.filter { $0.status != "compiled" }
    #expect(others.map(\.name) == ["pgprot_from_va"])
    #expect(report.branches.total > 60)
    for share in [report.branches, report.lines, report.conditions] {
      #expect(share.reached == share.total)
    }
    #expect(report.unreached.isEmpty && report.unread.isEmpty && report.macros.isEmpty)
    #expect(report.means == ["catalogue"])
    // The report lists what the headers decide: no leaf is as large as a P4D or PGD entry on RISC-V.
    #expect(report.decided.contains { $0.function == "remove_p4d_mapping" })
  }

  @Test("The report names vendor code that no case reaches, with its line")
  func vendorCode() async throws {
    let (folder, file, line) = try vendor(Self.unreached, above: Self.quirk)
    let report = try await CoverageReport.of(file, ["--depth", "smoke"], status: 1)
    let branches = report.unreached.filter { $0.kind == "branch" }
    #expect(branches.map(\.line) == [line])
    #expect(branches.map(\.text) == ["then of `if (vendor_quirk > 1)`"])
    #expect(branches.map(\.function) == ["remove_pte_mapping"])
    #expect(branches.first?.file == file)
    let lines = report.unreached.filter { $0.kind == "statement" }.map(\.line)
    #expect(lines == [line + 1, line + 2])
    #expect(report.branches.total - report.branches.reached == 1)
    #expect(report.lines.total - report.lines.reached == 2)
    withExtendedLifetime(folder) {}
  }

  /// The words of each line, with one blank between them.
  private static func words(_ text: String) -> [String] {
    text.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
  }

  @Test("The listing marks each line, and names below it what no case reached")
  func listing() async throws {
    let (folder, file, line) = try vendor(Self.unreached, above: Self.quirk)
    let outcome = try await Program.run(["coverage", file, "--depth", "smoke"])
    #expect(outcome.status == 1 && outcome.errors.isEmpty, "\(outcome.testDescription)")
    let shown = Self.words(outcome.output)
    #expect(shown.first?.hasPrefix("branches of the subject reached: ") == true)
    let first = try #require(shown.firstIndex { $0.hasPrefix("\(line) + if (vendor_quirk") })
    #expect(shown[first + 1].hasSuffix("^ never then of `if (vendor_quirk > 1)`"))
    #expect(shown[first + 3].hasPrefix("\(line + 1) - vendor_quirk = 0;"))
    #expect(shown[first + 4].hasPrefix("\(line + 2) - continue;"))
    let quiet = try await Program.run(["coverage", file, "--depth", "smoke", "--quiet"])
    #expect(quiet.output.split(separator: "\n").count == 1)
    withExtendedLifetime(folder) {}
  }

  @Test("A check warns of code that no case reaches, and its verdict stays the same")
  func warning() async throws {
    let (folder, file, line) = try vendor(Self.unreached, above: Self.quirk)
    let outcome = try await Program.run(["check", file, "--depth", "smoke"])
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    let warning =
      "- branch at \(file):\(line) (then of `if (vendor_quirk > 1)`) of "
      + "remove_pte_mapping was not reached by any case"
    #expect(Self.words(outcome.output).joined(separator: " ").contains(warning))
    let report = try await CheckReport.of(file, status: 0)
    let coverage = try #require(report.coverage)
    #expect(coverage.unreached.map(\.line) == [line])
    let branches = try #require(coverage.branches)
    #expect(branches.total == branches.reached + 1)
    let plain = try await Program.run(["check", file, "--depth", "smoke", "--no-coverage"])
    #expect(!plain.output.contains("branches of the subject"))
    withExtendedLifetime(folder) {}
  }

  @Test("The report names a helper that no case calls as a whole")
  func helper() async throws {
    let (folder, file, _) = try vendor(
      "\t\tif (vendor_quirk > 1)\n\t\t\tvendor_repair(entry);",
      above: Self.quirk
        + "static void vendor_repair(pte_t *entry)\n{\n\tpte_clear(&init_mm, 0, entry);\n}\n\n")
    let report = try await CheckReport.of(file, status: 0)
    let unreached = try #require(report.coverage).unreached
    #expect(unreached.map(\.kind) == ["entry", "branch"])
    #expect(unreached.map(\.function) == ["vendor_repair", "remove_pte_mapping"])
    withExtendedLifetime(folder) {}
  }

  @Test("Code that the configuration leaves out does not count, and the report says so")
  func configuration() async throws {
    let code = """
      #ifdef CONFIG_VENDOR
      \t\tif (vendor_quirk > 1)
      \t\t\tcontinue;
      #endif
      \t\tif (IS_ENABLED(CONFIG_VENDOR) || 0) {
      \t\t\tif (vendor_quirk > 2)
      \t\t\t\tcontinue;
      \t\t}
      """
    let (folder, file, line) = try vendor(code, above: Self.quirk)
    let without = try await CoverageReport.of(file, ["--depth", "smoke"], status: 0)
    #expect(without.unreached.isEmpty)
    #expect(without.decided.contains { $0.line == line + 4 })
    let shown = Self.words(
      try await Program.run(["coverage", file, "--depth", "smoke"]).output)
    for below in [1, 2, 5, 6] {
      let left: Int = line + below
      #expect(shown.contains { $0.hasPrefix("\(left) # ") }, "line \(left)")
    }
    let with = try await CoverageReport.of(
      file, ["--depth", "smoke", "-D", "CONFIG_VENDOR"], status: 1)
    let branches: [Int] = with.unreached.filter { $0.kind == "branch" }.map(\.line)
    let expected: [Int] = [line + 1, line + 5]
    #expect(branches == expected)
    withExtendedLifetime(folder) {}
  }

  @Test("Random cases and universes run as long as some code is not reached")
  func everyMeans() async throws {
    let (folder, file, _) = try vendor(Self.unreached, above: Self.quirk)
    let report = try await CoverageReport.of(
      file, ["--only", "catalogue", "random", "--mode", "sv39"], status: 1)
    #expect(report.means == ["catalogue", "random"])
    // Real tables have 512 entries; those of most universes have two or four.
    let small = try vendor(
      "\t\tvendor_quirk = PTRS_PER_PTE;\n\t\tif (vendor_quirk < 8)\n\t\t\tvendor_quirk = 0;",
      above: Self.quirk)
    let real = try await CoverageReport.of(
      small.file, ["--only", "catalogue", "--mode", "sv39"], status: 1)
    #expect(real.unreached.contains { $0.line == small.line + 2 })
    let all = try await CoverageReport.of(
      small.file, ["--only", "catalogue", "universes", "--mode", "sv39"], status: 1)
    #expect(all.means == ["catalogue", "universes"])
    #expect(!all.unreached.contains { $0.line == small.line + 2 })
    withExtendedLifetime((folder, small.folder)) {}
  }

  @Test("A subject that cannot be read or compiled is reported as such, in JSON, too")
  func unreadable() async throws {
    try await Program.run(["coverage", "/nonexistent/init.c"]).isOneLine(
      status: 3, mentions: ["/nonexistent/init.c"])
    let (folder, file, line) = try vendor("\t\tif (vendor_quirk >)\n\t\t\tcontinue;")
    let outcome = try await Program.run(["coverage", file, "--json", "-"])
    #expect(outcome.status == 3)
    #expect(outcome.errors.contains("\(file):\(line)"), "\(outcome.testDescription)")
    let json = try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8)).object
    #expect(json?["schema"]?.string == "mhpcheck.coverage/1")
    #expect(json?["error"]?.string?.contains("\(file):\(line)") == true)
    withExtendedLifetime(folder) {}
  }

  @Test(
    "A check without a compiler still judges the reference, and says that the coverage is unknown")
  func noCompiler() async throws {
    let outcome = try await Program.run(
      ["check", "builtin", "--depth", "smoke", "--cc", "/nonexistent/cc"])
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    #expect(
      outcome.words.contains("branches of the subject reached: unknown, no C compiler found"))
  }

  @Test("A check of a subject that hangs does not wait for it twice")
  func hanging() async throws {
    let (folder, file, _) = try vendor("\t\tfor (;;)\n\t\t\tvendor_quirk++;", above: Self.quirk)
    let outcome = try await Program.run(
      ["check", file, "--depth", "smoke", "--mode", "sv39", "--only", "catalogue", "--json", "-"])
    #expect(outcome.status == 1, "\(outcome.testDescription.prefix(300))")
    let report = try JSONDecoder().decode(CheckReport.self, from: Data(outcome.output.utf8))
    #expect(report.coverage?.unknown?.contains("mhpcheck coverage") == true)
    withExtendedLifetime(folder) {}
  }
}

/// The parts of "mhpcheck.coverage/1" that tests read.
struct CoverageReport: Decodable {
  struct Share: Decodable {
    var total: Int
    var reached: Int
  }

  struct Point: Decodable {
    var kind: String
    var function: String
    var file: String
    var line: Int
    var text: String
  }

  struct Function: Decodable {
    var name: String
    var status: String
  }

  struct Unread: Decodable {
    var function: String
    var reason: String
  }

  var schema: String
  var means: [String]
  var lines: Share
  var branches: Share
  var conditions: Share
  var functions: [Function]
  var unreached: [Point]
  var decided: [Point]
  var unread: [Unread]
  var macros: [String]

  /// Runs the command on a subject, expects the exit status, and reads the report.
  static func of(
    _ subject: String, _ options: [String] = [], status: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> CoverageReport {
    let outcome = try await Program.run(["coverage", subject, "--json", "-"] + options)
    try #require(
      outcome.status == status, "\(outcome.testDescription)", sourceLocation: sourceLocation)
    let report = try JSONDecoder().decode(CoverageReport.self, from: Data(outcome.output.utf8))
    #expect(report.schema == "mhpcheck.coverage/1", sourceLocation: sourceLocation)
    return report
  }
}
