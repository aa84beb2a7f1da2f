// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports

@Suite("The page of another verb than check")
struct VerbPageTests {
  private func page(_ verb: SampleVerb) throws -> String { Printed.html(try verb.document()) }

  /// The text with all that `--verbose` shows, with one blank between words.
  private func words(_ verb: SampleVerb) throws -> String {
    Printed.text(try verb.document(), isVerbose: true).split(whereSeparator: \.isWhitespace)
      .joined(separator: " ")
  }

  /// The anchors to which a page links.
  private func targets(_ page: String) -> [String] {
    page.matches(of: /href="#([^"]+)"/).map { String($0.1) }
  }

  @Test("has an index, and each of its links leads to one part", arguments: SampleVerb.allCases)
  func links(verb: SampleVerb) throws {
    let page = try page(verb)
    #expect(page.contains("<table class=\"stacked\">"))
    for target in Set(targets(page)) {
      #expect(page.split(separator: " id=\"\(target)\"").count == 2, "\(target)")
    }
  }

  @Test("has no mark-up of a stranger", arguments: SampleVerb.allCases)
  func hostile(verb: SampleVerb) throws {
    let page = try page(verb)
    #expect(!page.contains("<b "))
    #expect(page.unicodeScalars.allSatisfy { $0 == "\n" || !SafeText.isHidden($0) })
  }

  @Test("draws the tables of both sides for each difference, later ones folded")
  func compare() throws {
    let page = try page(.compare)
    for number in 1...5 {
      #expect(page.contains("<a href=\"#D\(number)\">D\(number)</a>"))
      #expect(page.contains("<figcaption id=\"D\(number)-before-c\">tables before</figcaption>"))
      #expect(page.contains("<figcaption id=\"D\(number)-subject-c\">tables after, A</figcaption>"))
      #expect(
        page.contains("<figcaption id=\"D\(number)-reference-c\">tables after, B</figcaption>"))
    }
    #expect(!page.contains("<details class=\"more\"><summary><h3 id=\"D4\">"))
    #expect(page.contains("<details class=\"more\"><summary><h3 id=\"D5\">"))
  }

  @Test("has the differences of two subjects by id, also where one of each kind is enough")
  func order() throws {
    var comparison = try SampleVerb.comparison()
    comparison.differences[1].group.signature = comparison.differences[0].group.signature
    let document = CompareDocument.of(comparison)
    let cards = Printed.html(document).matches(of: /<h3 id="(D[0-9])">/).map { String($0.1) }
    #expect(cards == ["D1", "D2", "D3", "D4", "D5", "D6"])
    let headings = Printed.lines(document).filter { $0.contains(" differs on ") }
    #expect(headings.map { $0.prefix(2) } == ["D1", "D3", "D4", "D5", "D6"])
  }

  @Test("draws the tables before a case that kills a worker, and says so") func death() throws {
    let page = try page(.compare)
    #expect(page.contains("A subject kills the process that runs it"))
    #expect(page.contains("id=\"D6-before-c\""))
    #expect(!page.contains("id=\"D6-subject-c\"") && !page.contains("id=\"D6-reference-c\""))
  }

  @Test("has a part for each subject of a fleet, which no other form has") func fleet() throws {
    let page = try page(.fleet)
    #expect(page.contains("<a href=\"#subject-b\"><code>older.c</code></a>"))
    #expect(page.contains("<a href=\"#subject-b\">B</a>"))
    for label in ["a", "b", "c", "d"] {
      #expect(page.contains("<details class=\"more\"><summary><h3 id=\"subject-\(label)\">"))
    }
    #expect(page.contains("<td data-head=\"verdict\">"))
    #expect(page.contains("id=\"subject-b-pick\">git cherry-pick -x a0188cc13369</code>"))
    #expect(
      page.contains("id=\"subject-b-check\">mhpcheck check a.c --depth smoke --html FILE</code>"))
    let document = try SampleVerb.fleet.document()
    #expect(!Printed.markdown(document).contains("Each subject"))
    let words = try words(.fleet)
    #expect(words.contains("Functions") && !words.contains("Each subject"))
  }

  @Test("has the rows of a series without their evidence, which is folded below")
  func series() throws {
    let page = try page(.series)
    #expect(page.contains("<details class=\"more\"><summary><h2 id=\"evidence\">Evidence</h2>"))
    #expect(page.contains("<a href=\"#commit-c75a74f4ba19\"><code>c75a74f4ba19</code></a>"))
    #expect(page.contains("<a href=\"#pick-e3ecf2fdc8f3\"><code>e3ecf2fdc8f3</code></a>"))
    #expect(page.contains("<details class=\"more\"><summary><h3 id=\"pick-e3ecf2fdc8f3\">"))
    #expect(!page.contains("title and evidence"))
    #expect(page.split(separator: "seen c75a74f4ba19").count == 2)
    let words = try words(.series)
    #expect(!words.contains("Evidence"))
    #expect(words.split(separator: "seen c75a74f4ba19").count == 2)
    #expect(!Printed.markdown(try SampleVerb.series.document()).contains("Evidence"))
  }

  @Test("leads from the commits of a bisection to the reason or to the change")
  func bisect() throws {
    let page = try page(.bisect)
    #expect(page.contains("<a href=\"#skipped-111111111111\"><code>111111111111</code></a>"))
    #expect(page.contains("<a href=\"#change\"><code>222222222222</code></a>"))
    #expect(page.contains("<h3 id=\"D2\">") && page.contains("tables after, the text after"))
    #expect(page.contains("<details class=\"more\"><summary><h3 id=\"D3\">"))
    let words = try words(.bisect)
    #expect(
      words.contains(
        "After the change it does \"clear table 1 (pmd)[5]\" after all that the text before does. ")
    )
    #expect(words.contains("- 111111111111 \"title 1 "))
    #expect(words.contains("- skipped 111111111111 \"title 1 "))
    #expect(!words.contains("could not be judged"))
  }
}
