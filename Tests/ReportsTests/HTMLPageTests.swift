// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@testable import Engine
@testable import Reports

@Suite("A check as a page")
struct HTMLPageTests {
  private static let folder = Repository.url("Sources/Reports/Check/HTML/Page")

  private func page(_ outcome: SnapshotOutcome) throws -> String {
    HTMLRenderer().render(try outcome.outcome())
  }

  @Test("is whole and below a megabyte", arguments: SnapshotOutcome.allCases)
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
      "\(file) has changed: write sha256-\(digest) into page.mustache")
    #expect(!page.contains("unsafe"))
  }

  @Test("comes from templates that escape by scalars, each of them") func pragma() throws {
    for (name, text) in HTMLRenderer.templates {
      let text = String(decoding: text, as: UTF8.self)
      #expect(text.hasPrefix("{{% CONTENT_TYPE:\(PageText.name)}}\n"), "\(name)")
      // What is not escaped is the program's own.
      for piece in text.split(separator: "{{{").dropFirst() {
        #expect(["css", "script", "svg"].contains(piece.prefix { $0 != "}" }), "\(name)")
      }
    }
    #expect(HTMLRenderer.templates.count == 7)
  }

  @Test("says first what was found, then what to do about it") func order() throws {
    let page = try page(.missingFixes)
    let marks = [
      ">missing-fixes</span>", "What it is worth", "git cherry-pick -x 21f1b85c8912",
      "id=\"functions\"", "id=\"D1\"", "id=\"hazards\"", "<footer>",
    ]
    let places = marks.map { page.range(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
  }

  @Test("has the drawings, the traces, the source and the commands of a difference")
  func difference() throws {
    let page = try page(.differing)
    #expect(page.contains("<figcaption id=\"D1-before-c\">Before</figcaption>"))
    #expect(page.contains("After, the subject"))
    #expect(page.contains("After, the reference"))
    #expect(page.contains("<tr class=\"parting\">"))
    #expect(page.contains("<code>remove_pmd_mapping</code> in backport.patch, lines "))
    #expect(
      page.contains(">mhpcheck replay remove-pmd-mapping/linear-leaf@sv39 backport.patch</code>"))
  }

  @Test("of a check that failed is the reason and nothing that was not found out")
  func failed() throws {
    let page = try page(.unbuildable)
    #expect(page.contains("use of undeclared identifier &#39;pmd_is_empty&#39;"))
    #expect(page.contains("This is no verdict"))
    #expect(!page.contains("id=\"functions\""))
    #expect(!page.contains("<table"))
  }

  @Test(
    "has no mark-up of a stranger", arguments: [.hostile, .hostileUnbuildable] as [SnapshotOutcome])
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

  @Test("is not compiled before somebody asks for it, and in little time then") func quick() throws
  {
    let outcome = try SnapshotOutcome.missingFixes.outcome()
    let clock = ContinuousClock()
    let spent = clock.measure { _ = HTMLRenderer().render(outcome) }
    // Some 50 ms without optimisation; a bound that a busy machine keeps.
    #expect(spent < .seconds(10))
  }
}

extension String {
  /// How often a text stands in it.
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
