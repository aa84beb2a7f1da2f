// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports
@testable import Subjects

@Suite("The lines of two subjects, as text")
struct PairPlaceTextTests {
  /// A place whose function has one statement, in line 101, where the other text has another.
  private func place(_ file: String, _ own: String, _ other: String) -> Place {
    let position = SourcePosition(displayName: file, line: 101)
    let function = CoveredFunction(
      name: "free_table",
      lines: ["void free_table(void)", own, "}"].enumerated().map { offset, text in
        CoveredFunction.Line(line: CoverageLine(file: file, number: 100 + offset), text: text)
      }, points: [], unread: [])
    let change = FunctionComparison.Change(
      own: (first: position, last: position), other: [other])
    return Place(
      of: function,
      .hunk(FunctionComparison.Hunk(own: 5..<6, other: 5..<6), position, other, change), from: nil)
  }

  /// The sample, whose first difference has these places.
  private func comparison(_ first: Place?, _ second: Place?) throws -> SubjectComparison {
    var comparison = try SampleVerb.comparison()
    comparison.differences = Array(comparison.differences.prefix(1))
    comparison.differences[0].places = (first: first, second: second)
    return comparison
  }

  @Test("has an excerpt of each, and says how the lines were found")
  func both() throws {
    var first = place("a.c", "\tone();", "\ttwo();")
    let second = place("b.c", "\ttwo();", "\tone();")
    let text = Printed.text(CompareDocument.of(try comparison(first, second)))
    let parts = [
      "By the text, they part here: with B's text in this place, A does what B does.",
      "A: --> a.c:101 in free_table:", "> 101 |         one();", "B: --> b.c:101 in free_table:",
      "> 101 |         two();",
    ]
    var rest = text[...]
    for part in parts {
      let range = try #require(rest.firstRange(of: part), "\(part): \(text)")
      rest = rest[range.upperBound...]
    }
    first.isTried = false
    let untried = Printed.text(CompareDocument.of(try comparison(first, second)))
    #expect(untried.contains("By the text, they differ here; no experiment says"), "\(untried)")
    first.basis = .run
    let run = Printed.text(CompareDocument.of(try comparison(first, nil)))
    #expect(run.contains("By the statements that they pass, they part here."), "\(run)")
    #expect(run.contains("A: --> ") && !run.contains("B: --> "), "\(run)")
  }

  @Test("stands in JSON for each side that has one")
  func json() throws {
    let first = place("a.c", "\tone();", "\ttwo();")
    let json = JSONRenderer().render(try comparison(first, nil))
    #expect(json.contains("\"tried\" : true") && json.contains("\"file\" : \"a.c\""), "\(json)")
    #expect(json.contains("\"places\" : {"))
    let none = JSONRenderer().render(try comparison(nil, nil))
    #expect(!none.contains("\"places\""))
  }

  @Test("has the lines before a change with minus, and those after it with plus")
  func change() throws {
    var report = try SampleVerb.bisection()
    guard case .found(let suspects, var change) = report.outcome else {
      Issue.record("the sample has no change")
      return
    }
    change.comparison = try comparison(place("a.c", "\tone();", "\ttwo();"), nil)
    report.outcome = .found(suspects: suspects, change: change)
    let text = Printed.text(BisectDocument.of(report))
    let before = try #require(text.firstRange(of: "      | -         two();"), "\(text)")
    let after = try #require(text.firstRange(of: "> 101 | +         one();"), "\(text)")
    #expect(before.upperBound < after.lowerBound)
    #expect(text.contains("the text before (-) and the text after (+):"), "\(text)")
    #expect(JSONRenderer().render(report).contains("\"place\" : {"))
  }
}
