// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// One slip has one cause: the function that contains the slip, and no other function that shows it.
@Suite("The cause of a difference", .timeLimit(.minutes(30)))
struct CauseTests {
  /// The parts of a report that name causes.
  private struct Report: Decodable {
    struct Cause: Decodable {
      var function: String
      var commit: String?
      var proof: String
      var file: String?
      var line: Int?
    }
    struct Difference: Decodable {
      var id: String
      var function: String
      var rules: [String]
      var replay: String
    }
    struct Function: Decodable {
      var name: String
      var status: String
      var through: [String]
    }
    var verdict: String
    var missingFixes: [String]
    var causes: [Cause]
    var differences: [Difference]
    var functions: [Function]
  }

  private let folder: PrivateFolder

  init() throws { folder = try PrivateFolder() }

  private func write(_ slip: Slip) throws -> String {
    try folder.write("init.c", try slip.applied(to: VariantFiles.reference()))
  }

  /// The line of the verdict at standard depth, without the time. One mode shows the slips of the share; only half of
  /// a fix needs a second one, in which the other half shows.
  private func verdict(
    _ slip: Slip, environment: [String: String] = [:]
  ) async throws -> String {
    let modes = slip.replacement == Self.halfFix ? ["sv39", "sv48"] : ["sv39"]
    let outcome = try await Program.run(
      ["check", try write(slip), "--quiet", "--jobs", "1"]
        + (Self.takesAll ? [] : ["--mode"] + modes), environment: environment)
    try #require(outcome.status == 1, "\(slip): \(outcome)")
    return String(outcome.output.prefix { $0 != "(" })
  }

  private func report(_ slip: Slip) async throws -> Report {
    let outcome = try await Program.run(
      [
        "check", try write(slip), "--depth", "smoke", "--quiet", "--no-coverage", "--no-shrink",
        "--jobs", "1", "--json", "-",
      ])
    try #require(outcome.status == 1, "\(slip): \(outcome)")
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  /// Whether the verdict names only the function that contains the slip.
  private func names(_ slip: Slip, _ verdict: String) -> Bool {
    let others = archNames.subtracting(hotplugNames).count
    let scope = "; judged: all 14 functions of c75a74f4ba19 and \(others) others "
    let fixes = ["21f1b85c8912", "a0188cc13369"]
    return verdict == "differs: in \(slip.function)\(scope)"
      || fixes.contains {
        verdict == "differs: has \($0) only in part: not in \(slip.function)\(scope)"
      }
  }

  @Test(
    "is the function with the slip, at the line of the slip, by the catalogue's cases",
    arguments: Slip.all)
  func smoke(slip: Slip) async throws {
    let subject = try write(slip)
    let request = CheckRequest(
      subject: subject, depth: .smoke, jobs: 1, shrinksCases: false, measuresCoverage: false)
    let found = try await ProgramThrottle.shared.hold {
      try await CheckRun(files: try VariantProgram.files.get()).report(request)
    }
    // The answer of --quiet, and what --json writes.
    let printer = TextPrinter(style: TextStyle(isColoured: false), isQuiet: true)
    let answer = printer.print(CheckDocument.of(.judged(found), least: printer.least))
    let verdict = String(answer.prefix { $0 != "(" })
    #expect(names(slip, verdict), "\(slip): \(verdict)")
    let report = try JSONDecoder().decode(
      Report.self, from: Data(JSONRenderer().render(found).utf8))
    let cause = try #require(report.causes.first)
    let line = try #require(cause.line, "\(slip): no line")
    let right = try slip.line()
    #expect(cause.file == subject && abs(line - right) <= 1, "\(slip): \(line), not \(right)")
  }

  private static let takesAll = ProcessInfo.processInfo.environment["MHPCHECK_ALL_SLIPS"] != nil

  /// What makes half of a fix of the text.
  private static let halfFix = "&pud_base[pud_index(addr)]"

  /// Every sixteenth slip, and one that is half a fix; `MHPCHECK_ALL_SLIPS=1` takes all of them.
  private static let share = Slip.all.indices.filter {
    takesAll || $0 % 16 == 3 || Slip.all[$0].replacement == halfFix
  }.map { Slip.all[$0] }

  @Test("is the same at standard depth, in a second run and with another HOME", arguments: share)
  func standard(slip: Slip) async throws {
    let home = folder.file("home")
    let first = try await verdict(slip)
    #expect(names(slip, first), "\(slip): \(first)")
    let own = ["HOME": home, "MHPCHECK_STATE": home, "XDG_STATE_HOME": home]
    let again = try await verdict(slip, environment: own)
    #expect(again == first, "\(slip)")
    let kept = folder.files(below: "home").filter { !$0.contains("mhpcheck/answers/") }
    #expect(kept.isEmpty, "nothing of the subject is kept")
  }

  @Test("is the only one in the report, and other functions differ only through it")
  func report() async throws {
    let slip = Slip(
      "remove_pgd_mapping", "va, next, is_vmemmap, altmap", "va, next, is_vmemmap, NULL")
    let report = try await report(slip)
    #expect(report.causes.map(\.function) == [slip.function])
    #expect(report.causes.map(\.commit) == [nil])
    #expect(report.causes.map(\.proof) == ["substitution"])
    #expect(Set(report.differences.map(\.function)) == [slip.function])
    for function in report.functions where function.status == "differs" {
      let isCause = function.name == slip.function
      #expect(function.through == (isCause ? [] : [slip.function]), "\(function.name)")
    }
    #expect(report.functions.contains { $0.status == "differs" && !$0.through.isEmpty })
  }

  @Test(
    "of half a fix is the function that lacks the other half, with the fix's commit",
    arguments: [
      (
        Slip(
          "remove_pud_mapping", "pgtable_l4_enabled ? &pud_base[pud_index(addr)] : pud_base",
          "&pud_base[pud_index(addr)]"),
        "a0188cc13369"
      ),
      (
        Slip(
          "remove_p4d_mapping", "pgtable_l5_enabled ? &p4d_base[p4d_index(addr)] : p4d_base",
          "&p4d_base[p4d_index(addr)]"),
        "a0188cc13369"
      ),
      (
        Slip(
          "remove_pud_mapping", "free_pmd_table(below, entry, is_vmemmap)",
          "free_pmd_table(below, entry, false)"),
        "21f1b85c8912"
      ),
    ])
  func half(slip: Slip, commit: String) async throws {
    let report = try await report(slip)
    #expect(report.causes.map(\.function) == [slip.function])
    #expect(report.causes.map(\.commit) == [commit])
    #expect(report.missingFixes == [commit])
    #expect(Set(report.differences.map(\.function)) == [slip.function])
  }

  @Test("Each difference of a report can be replayed from the report's file")
  func replay() async throws {
    let slip = Slip("remove_pgd_mapping", "flush_tlb_all();", "")
    let file = folder.file("report.json")
    let subject = try write(slip)
    _ = try await Program.run([
      "check", subject, "--depth", "smoke", "--quiet", "--no-coverage", "--json", file,
    ])
    let report = try JSONDecoder().decode(
      Report.self, from: Data(contentsOf: URL(filePath: file)))
    for difference in report.differences {
      let again = try await Program.run(["replay", "\(file)#\(difference.id)", subject])
      #expect(again.status == 1, "\(difference.id): \(again)")
      for rule in difference.rules {
        #expect(again.output.contains(rule), "\(difference.id) breaks \(rule): \(again)")
      }
      let right = try await Program.run(["replay", "\(file)#\(difference.id)"])
      #expect(right.status == 0, "\(difference.id): \(right)")
      #expect(!difference.replay.contains("failure/"))
    }
    let none = try await Program.run(["replay", "\(file)#D99", subject])
    none.isOneLine(status: 3, mentions: ["D99", "D1"])
    let noReport = try await Program.run(["replay", "\(try folder.write("a.json", "{}"))#D1"])
    noReport.isOneLine(status: 3, mentions: ["no report"])
  }

  @Test("is named for each of several slips in different functions") func several() async throws {
    let first = Slip("free_pte_table", "\tpmd_clear(pmd);\n", "")
    let second = Slip(
      "remove_linear_mapping", "__va(start + size)", "__va(start + size - PAGE_SIZE)")
    let text = try second.applied(to: try first.applied(to: VariantFiles.reference()))
    let outcome = try await Program.run([
      "check", try folder.write("both.c", text), "--depth", "smoke", "--quiet", "--jobs", "1",
    ])
    #expect(
      outcome.output.hasPrefix("differs: in free_pte_table and remove_linear_mapping; judged"),
      "\(outcome)")
  }

  @Test("is more than one function if only all of them together make the difference")
  func together() async throws {
    let flag = Slip(
      "remove_linear_mapping", "\tremove_pgd_mapping(",
      "\tis_removing = true;\n\tremove_pgd_mapping(")
    let use = Slip(
      "free_pte_table", "\tunsigned int slot;\n",
      "\tunsigned int slot;\n\n\tif (is_removing)\n\t\treturn;\n")
    let text = try use.applied(to: try flag.applied(to: VariantFiles.reference()))
    let variable = "static bool is_removing;\n\n"
    let start = "static void __meminit free_pte_table("
    let outcome = try await Program.run([
      "check", try folder.write("both.c", text.replacing(start, with: variable + start)),
      "--depth", "smoke", "--quiet", "--jobs", "1",
    ])
    #expect(
      outcome.output.hasPrefix("differs: in free_pte_table and remove_linear_mapping; judged"),
      "\(outcome)")
  }

  @Test("is a helper of the subject if all that differs uses it and nothing right does")
  func ownHelper() async throws {
    // Three functions free their page through a helper that the reference does not have.
    let reference = try VariantFiles.reference()
    let text = reference.replacing("release_reserved_table", with: "give_back_table")
      .replacing(
        "give_back_table(struct page *table)", with: "give_back_table(struct page *table, int why)"
      )
      .replacing("give_back_table(table)", with: "give_back_table(table, 0)")
      .replacing("\tfree_reserved_page(table);\n", with: "")
    let outcome = try await Program.run([
      "check", try folder.write("helper.c", text), "--depth", "smoke", "--quiet", "--jobs", "1",
    ])
    #expect(outcome.output.hasPrefix("differs: in give_back_table; judged"), "\(outcome)")
  }
}
