// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports
@testable import Subjects

@Suite("The coverage of a subject")
struct CoverageTests {
  /// A function of nine lines: an `if` whose body has a statement, a statement that the configuration leaves
  /// out, a choice that a header decides with a statement on either side, and two unread lines.
  private static let map: CoverageMap = {
    func line(_ number: Int) -> CoverageLine { CoverageLine(file: "a.c", number: number) }
    func point(
      _ kind: CoveragePoint.Kind, _ mark: Int, _ number: Int, _ text: String, choice: Int? = nil,
      sides: [CoveragePoint.Side] = []
    ) -> CoveragePoint {
      CoveragePoint(
        kind: kind, mark: mark, line: line(number), text: text, choice: choice, sides: sides)
    }
    let (holds, fails) = (
      CoveragePoint.Side(mark: 7, other: 8), CoveragePoint.Side(mark: 8, other: 7)
    )
    return CoverageMap(
      functions: [
        CoveredFunction(
          name: "f",
          lines: (1...9).map { CoveredFunction.Line(line: line($0), text: "\tline \($0)") },
          points: [
            point(.entry, 0, 1, "`f`"),
            point(.statement, 1, 2, "if (a) b();"),
            point(.branch, 2, 2, "then of `if (a)`", choice: 2),
            point(.condition, 2, 2, "`a` true", choice: 2),
            point(.branch, 3, 2, "else of `if (a)`", choice: 2),
            point(.condition, 3, 2, "`a` false", choice: 2),
            point(.statement, 4, 3, "b();"),
            point(.statement, 5, 4, "c();"),
            point(.statement, 6, 5, "if (HEADER)"),
            point(.branch, 7, 5, "then of `if (HEADER)`", choice: 7),
            point(.branch, 8, 5, "else of `if (HEADER)`", choice: 7),
            point(.statement, 9, 6, "d();", sides: [holds]),
            point(.statement, 10, 7, "e();", sides: [fails]),
          ],
          unread: [.init(first: line(8), last: 9, reason: "it is odd")])
      ], markCount: 11, compiled: [0, 1, 2, 3, 4, 6, 7, 8, 9, 10], decided: [7], macros: ["m"])
  }()

  private func coverage(_ reached: [Int]) -> Coverage {
    var marks = MarkSet(count: 11)
    for mark in reached { marks.insert(mark) }
    return Coverage(Self.map, reached: marks)
  }

  private func report(_ coverage: Coverage) -> CoverageReport {
    CoverageReport(
      tool: "1",
      subject: SubjectSummary(kind: "file", origin: "a.c", sha256: "00", argument: "a.c"),
      modes: ["sv39"], means: ["catalogue"], seed: 1, seconds: 0.5, isComplete: true,
      coverage: coverage)
  }

  @Test("is complete if all compiled code was reached, except for what headers decide")
  func whole() {
    let coverage = coverage([0, 1, 2, 3, 4, 6, 8, 10])
    #expect(coverage.isWhole && coverage.hasAllBranches)
    #expect(coverage.lines == .init(total: 4, reached: 4))
    #expect(coverage.branches == .init(total: 2, reached: 2))
    #expect(coverage.conditions == .init(total: 2, reached: 2))
    #expect(coverage.functions[0].decided.map(\.text) == ["then of `if (HEADER)`"])
  }

  @Test("lacks code without a mark") func parts() {
    let coverage = coverage([0, 1, 3, 6, 8])
    #expect(coverage.lines == .init(total: 4, reached: 2))
    #expect(coverage.branches == .init(total: 2, reached: 1))
    #expect(
      coverage.functions[0].unreached.map(\.text) == [
        "then of `if (a)`", "`a` true", "b();", "e();",
      ])
    #expect(coverage.unreachedBranches.map(\.point.text) == ["then of `if (a)`"])
  }

  @Test(
    "leaves out code that is argued to be out of reach, unless it is reached")
  func argued() throws {
    let branch = try #require(ArguedBranch.all.first)
    let line = CoverageLine(file: "a.c", number: 1)
    let inside = CoveragePoint.Side(mark: 2, other: 1)
    let map = CoverageMap(
      functions: [
        CoveredFunction(
          name: branch.function, lines: [],
          points: [
            CoveragePoint(kind: .entry, mark: 0, line: line, text: "`f`"),
            CoveragePoint(kind: .branch, mark: 1, line: line, text: "the other", choice: 1),
            CoveragePoint(kind: .branch, mark: 2, line: line, text: branch.text, choice: 1),
            CoveragePoint(
              kind: .branch, mark: 3, line: line, text: "within", choice: 3, sides: [inside]),
          ], unread: [])
      ], markCount: 4, compiled: [0, 1, 2, 3], decided: [], macros: [])
    func coverage(_ reached: [Int]) -> Coverage {
      var marks = MarkSet(count: 4)
      for mark in reached { marks.insert(mark) }
      return Coverage(map, reached: marks)
    }
    let usual = coverage([0, 1])
    #expect(usual.branches == .init(total: 1, reached: 1))
    #expect(usual.hasAllBranches && usual.functions[0].argued == [branch])
    let unusual = coverage([0, 1, 2])
    #expect(unusual.branches == .init(total: 3, reached: 2))
    #expect(unusual.functions[0].argued.isEmpty)
  }

  @Test("counts both sides of a decided choice while neither was reached") func undecided() {
    let coverage = coverage([0, 1, 2, 3, 4])
    #expect(coverage.lines == .init(total: 5, reached: 2))
    #expect(coverage.functions[0].decided.isEmpty)
  }

  @Test("lacks only the entry of a function that was never entered") func neverEntered() {
    #expect(coverage([]).unreachedBranches.map(\.point.kind) == [.entry])
    #expect(!coverage([]).hasAllBranches)
  }

  @Test("ignores a record of another length, and takes any byte but 0 for a mark") func bytes() {
    var marks = MarkSet(count: 3)
    marks.formUnion(bytes: [1, 1])
    marks.formUnion(bytes: [1, 1, 1, 1])
    #expect(marks == MarkSet(count: 3))
    marks.formUnion(bytes: [0, 255, 0])
    marks.formUnion(bytes: [7, 0, 0])
    #expect((0..<4).map(marks.contains) == [true, true, false, false])
  }

  @Test("is listed line by line, with the missing code first") func listing() {
    let text = Printed.text(CoverageDocument.of(report(coverage([0, 1, 3, 6, 8, 10]))))
    #expect(
      text.hasPrefix(
        """
        branches of the subject reached: 1 of 2; lines 3 of 4, conditions 1 of 2 (0.50 s)

        Not reached
          - branch at a.c:2 (then of `if (a)`) of f was not reached by any case
          - a.c:8-9 of f is not looked into: it is odd
          - what the subject's own macros decide is not looked into: m

        Functions
          function  lines   branches  conditions
          f         3 of 4  1 of 2    1 of 2
          all       3 of 4  1 of 2    1 of 2

        """))
    #expect(
      text.contains(
        """
            1       line 1
            2 +     line 2
                ^ never then of `if (a)`
                ^ never `a` true
            3 -     line 3
            4 #     line 4
            5 +     line 5
                ^ then of `if (HEADER)` is left out by configuration or headers
            6 #     line 6
            7 +     line 7
            8 ?     line 8
            9 ?     line 9

        """), "\(text)")
  }

  @Test("has the subject's text as code on a page, and our words as prose") func page() {
    let page = Printed.html(CoverageDocument.of(report(coverage([0, 1, 3, 6, 8, 10]))))
    #expect(page.contains(" (then of <code>if (a)</code>) of <code>f</code> was not reached"))
  }

  @Test("appears in a check as a line and warnings, or with the reason why it is unknown")
  func check() {
    var checked = SampleReport.report(findings: [])
    func text() -> String { Printed.text(CheckDocument.of(.judged(checked))) }
    #expect(!text().contains("branches"))
    checked.coverage = .unknown("no C compiler found")
    #expect(text().contains("branches of the subject reached: unknown, no C compiler found\n"))
    checked.coverage = .measured(coverage([0, 1, 3, 6, 8, 10]))
    #expect(
      text().contains(
        """
          branches of the subject reached: 1 of 2
          - branch at a.c:2 (then of `if (a)`) of f was not reached by any case
          - a.c:8-9 of f is not looked into: it is odd
          - what the subject's own macros decide is not looked into: m

        """), "\(text())")
    #expect(JSONRenderer().render(checked).contains("\"unknown\"") == false)
    #expect(JSONRenderer().render(checked).contains("\"text\" : \"then of `if (a)`\""))
  }
}
