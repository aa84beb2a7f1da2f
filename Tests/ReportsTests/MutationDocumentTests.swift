// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

@testable import Engine
@testable import Lab
@testable import Reports

@Suite("A report on mutants") struct MutationDocumentTests {
  private func mutant(_ id: String, _ fate: MutationReport.Fate) -> MutationReport.Mutant {
    MutationReport.Mutant(
      id: id, function: String(id.prefix { $0 != "/" }), what: "statement dropped", file: "a.c",
      line: 12, diff: "--- a/a.c\n+++ b/a.c\n@@ -12,1 +12,1 @@ f\n-\tx();\n+\t;\n",
      fingerprint: "1f",
      fate: fate)
  }

  private func report(
    _ mutants: [MutationReport.Mutant], _ change: (inout MutationReport) -> Void = { _ in }
  ) -> MutationReport {
    var report = MutationReport(
      tool: "0.0.0",
      subject: SubjectSummary(kind: "file", origin: "a.c", sha256: "00ff", argument: "a.c"),
      mutants: mutants, uncounted: .init(), seconds: 2.04)
    change(&report)
    return report
  }

  private func text(_ report: MutationReport) -> String {
    Printed.text(MutationDocument.of(report))
  }

  @Test("scores each function, and leaves equivalents out")
  func scores() {
    let text = text(
      report([
        mutant("f/drop/1", .killed(by: "a-case")), mutant("f/drop/2", .equivalent(reason: "So.")),
        mutant("long_name/drop/1", .killed(by: "a-case")), mutant("long_name/drop/2", .survived),
      ]))
    #expect(text.contains("  f               1   1           1\n"), "\(text)")
    #expect(text.contains("  long_name       1   2           0\n"))
    #expect(text.hasPrefix("mutation score 66.6 %: 2 of 3 mutants killed (2.04 s)\n"))
    #expect(text.contains("not counted: 1 equivalent by argument\n"))
  }

  @Test("shows survivors with what they change")
  func survivors() {
    let text = text(report([mutant("f/drop/2", .survived)]))
    #expect(
      text.contains(
        "f/drop/2 survives\n  statement dropped, a.c:12\n    --- a/a.c\n    +++ b/a.c\n"
          + "    @@ -12,1 +12,1 @@ f\n    -       x();\n    +       ;\n"))
  }

  @Test("does not round up, and gives no score for a run that was stopped or had nothing to do")
  func honest() {
    let many =
      (1...2999).map { mutant("f/drop/\($0)", .killed(by: "a-case")) }
      + [mutant("f/drop/3000", .survived)]
    #expect(text(report(many)).contains("mutation score 99.9 %: 2999 of 3000"))
    let stopped = report([mutant("f/drop/1", .killed(by: "a-case"))]) {
      $0.isComplete = false
      $0.uncounted.notRun = 7
    }
    #expect(text(stopped).hasPrefix("incomplete: 1 of 1 mutant killed so far (2.04 s)\n"))
    #expect(text(stopped).contains("7 not run"))
    #expect(text(report([])).contains("no mutants"))
  }

  @Test("names stale arguments and unread code, and says if the subject itself differs")
  func notes() {
    let text = text(
      report([]) {
        $0.stale = [.init(id: "f/drop/1", why: "a-case kills it")]
        $0.unread = ["a.c:3, in f: its brackets do not match"]
        $0.subjectDiffers = true
      })
    #expect(text.contains("stale: the argument for f/drop/1 does not hold: a-case kills it\n"))
    #expect(text.contains("not read, so not mutated: a.c:3, in f: its brackets do not match\n"))
    #expect(text.contains("the subject itself differs"))
  }

  @Test("has the keys that scripts rely on")
  func json() throws {
    let text = JSONRenderer().render(
      report([
        mutant("f/drop/1", .killed(by: "a-case")), mutant("f/drop/2", .equivalent(reason: "So.")),
        mutant("f/drop/3", .survived),
      ]))
    struct Mutant: Decodable, Equatable {
      var id: String
      var function: String
      var line: Int
      var diff: String
      var reason: String?
    }
    struct Wire: Decodable {
      var schema: String
      var total: Int
      var killed: Int
      var survivors: [Mutant]
      var equivalent: [Mutant]
    }
    let wire = try JSONDecoder().decode(Wire.self, from: Data(text.utf8))
    #expect(wire.schema == "mhpcheck.mutation/1")
    #expect(wire.total == 2 && wire.killed == 1)
    let diff = mutant("f/drop/1", .survived).diff
    #expect(
      wire.survivors == [Mutant(id: "f/drop/3", function: "f", line: 12, diff: diff, reason: nil)])
    #expect(
      wire.equivalent == [
        Mutant(id: "f/drop/2", function: "f", line: 12, diff: diff, reason: "So.")
      ])
  }
}
