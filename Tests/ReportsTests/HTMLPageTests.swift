// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@testable import Engine
@testable import Reports

@Suite("A check as an HTML page")
struct HTMLPageTests {
  private static let folder = Repository.url("Sources/Reports/Document/Page")

  private func page(_ outcome: SnapshotOutcome) throws -> String {
    Printed.html(CheckDocument.of(try outcome.outcome()))
  }

  @Test("is complete and smaller than a megabyte", arguments: SnapshotOutcome.allCases)
  func whole(outcome: SnapshotOutcome) throws {
    let page = try page(outcome)
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(page.hasSuffix("</html>\n"))
    #expect(page.utf8.count < 1_000_000)
    #expect(page.components(of: "<script>") == 1)
  }

  @Test("is the same each time") func pure() throws {
    #expect(try page(.differing) == page(.differing))
  }

  @Test(
    "lets nothing run or load but its own script and style, by their digests",
    arguments: [
      ("script-src", "page.js"), ("style-src", "page.css"),
    ] as [(String, String)])
  func policy(directive: String, file: String) async throws {
    let path = Self.folder.appending(path: file).path
    let digests = """
      import base64, hashlib, sys
      print(base64.b64encode(hashlib.sha256(open(sys.argv[1], "rb").read()).digest()).decode())
      """
    let digest = try await Subprocess.run(
      .name("python3"), arguments: ["-c", digests, path], output: .string(limit: 1000),
      error: .discarded
    ).standardOutput.filter { !$0.isWhitespace }
    try #require(digest.count == 44)
    let page = try page(.conforming)
    #expect(page.contains("default-src 'none'; script-src 'sha256-"))
    #expect(
      page.contains("\(directive) 'sha256-\(digest)'"),
      "\(file) has changed: write sha256-\(digest) into PageStyle.swift")
    #expect(!page.contains("unsafe"))
  }

  private static let signs: [(SnapshotOutcome, String)] = [
    (.conforming, "\u{2713}"), (.differing, "\u{2717}"), (.missingFixes, "!"), (.unbuildable, "?"),
    (.incomplete, "?"), (.notRun, "?"),
  ]

  @Test("has a question mark only where nothing is known", arguments: signs)
  func sign(outcome: SnapshotOutcome, sign: String) throws {
    #expect(
      try page(outcome).contains("<span class=\"sign\" aria-hidden=\"true\">\(sign)</span>"))
  }

  @Test("says first what was found, then what to do about it") func order() throws {
    let page = try page(.missingFixes)
    let marks = [
      """
      >missing-fixes</span>
      """, "git cherry-pick -x 21f1b85c8912", "class=\"figures\"", "id=\"hazards\"",
      "id=\"functions\"", "id=\"worth\"", "<footer>",
    ]
    let places = marks.map { page.range(of: $0)?.lowerBound }
    #expect(zip(marks, places).filter { $1 == nil }.map(\.0) == [])
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test("has the drawings, the traces, the source and the commands of a difference")
  func difference() throws {
    let page = try page(.differing)
    #expect(page.contains("<figcaption id=\"D1-before-c\">tables before</figcaption>"))
    #expect(page.contains("tables after, the subject"))
    #expect(page.contains("tables after, the reference"))
    #expect(page.contains("<tr class=\"parting\">"))
    #expect(page.contains("<code>remove_pmd_mapping</code> in <code>backport.patch</code>"))
    #expect(
      page.contains(">mhpcheck replay remove-pmd-mapping/linear-leaf@sv39 backport.patch</code>"))
  }

  @Test("stacks the table of functions on a small screen, and has remarks only if there are any")
  func functions() throws {
    let lacking = try page(.missingFixes)
    #expect(lacking.contains("<td class=\"number\" data-head=\"differ\">"))
    #expect(lacking.contains("<td data-head=\"remark\">only through "))
    let report = SampleReport.report(
      findings: [SampleReport.finding(agreesWith: SampleReport.everySet)])
    let conforming = Printed.html(CheckDocument.of(.judged(report)))
    #expect(conforming.contains("<td class=\"number\" data-head=\"differ\">"))
    #expect(!conforming.contains("remark"))
  }

  @Test("of a failed check has the reason, and no result")
  func failed() throws {
    let page = try page(.unbuildable)
    #expect(
      page.contains(
        "</span>: backport.patch:31: use of undeclared identifier &#39;pmd_is_empty&#39;"))
    #expect(page.contains("This is no verdict"))
    #expect(!page.contains("id=\"functions\""))
    #expect(!page.contains("<table"))
  }

  @Test("has buttons, hints and names for screen readers in the language of the report")
  func chinese() throws {
    let outcome = try SnapshotOutcome.missingFixes.outcome()
    let page = Printed.html(Language.chinese.document(CheckDocument.of(outcome)))
    for words in [
      "<html lang=\"zh-CN\">", ">跳到报告正文</a>", "data-copied=\"已复制\"",
      ">复制<span class=\"hidden\">命令：", ">页表：之前的表</title>", "（表格）\"", ">参考实现</th>",
    ] {
      #expect(page.contains(words), "\(words)")
    }
    for words in ["Skip to", "Copied", "Colours", "as a table", "Page tables", "The same as text"] {
      #expect(!page.contains(words), "\(words)")
    }
  }

  @Test(
    "contains no markup from foreign text",
    arguments: [.hostile, .hostileUnbuildable] as [SnapshotOutcome])
  func hostile(outcome: SnapshotOutcome) throws {
    let page = try page(outcome)
    #expect(!page.contains("<script>alert"))
    #expect(!page.contains("<b onclick"))
    #expect(!page.contains("<i>"))
    for scalar in page.unicodeScalars where scalar != "\n" {
      let category = scalar.properties.generalCategory
      #expect(category != .control && category != .format, "U+\(String(scalar.value, radix: 16))")
    }
  }
}

extension String {
  /// The number of occurrences of a text.
  fileprivate func components(of text: String) -> Int {
    var count = 0
    var rest = self[...]
    while let found = rest.range(of: text) {
      count += 1
      rest = rest[found.upperBound...]
    }
    return count
  }
}
