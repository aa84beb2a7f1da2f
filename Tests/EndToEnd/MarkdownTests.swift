// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

/// Uses GitHub's own parser (cmarkgfm of PyPI) as the witness.
@Suite("Markdown, as GitHub renders it")
struct MarkdownTests {
  /// Renders with raw HTML and with all of GitHub's extensions; prints the tags, the number of rows with four
  /// cells, and the text outside of code.
  private static let script = """
    import sys, html.parser, cmarkgfm
    from cmarkgfm.cmark import Options
    text = open(sys.argv[1], encoding="utf-8").read()
    page = cmarkgfm.github_flavored_markdown_to_html(text, Options.CMARK_OPT_UNSAFE)
    class Reader(html.parser.HTMLParser):
        tags, code, prose, cells, rows = set(), 0, "", 0, []
        def handle_starttag(self, tag, attributes):
            self.tags.add(tag)
            assert all(name in ("align", "lang", "class") for name, _ in attributes), attributes
            if tag == "code": self.code += 1
            if tag in ("td", "th"): self.cells += 1
        def handle_endtag(self, tag):
            if tag == "code": self.code -= 1
            if tag == "tr": self.rows.append(self.cells); self.cells = 0
        def handle_data(self, data):
            if not self.code: self.prose += data
    reader = Reader()
    reader.feed(page)
    print(*sorted(reader.tags))
    print(len(reader.rows), *sorted(set(reader.rows)))
    print(" ".join(reader.prose.split()))
    """

  private static let tags: Set<Substring> = [
    "code", "details", "h3", "h4", "h5", "li", "p", "pre", "strong", "summary", "table", "tbody",
    "td",
    "th", "thead", "tr", "ul",
  ]

  @Test(
    "has no foreign tag, link or mention, whatever a subject is called",
    arguments: SnapshotOutcome.allCases)
  func tags(outcome: SnapshotOutcome) async throws {
    guard
      let lines = try await ExternalReaders.lines(Self.script, of: outcome, as: .markdown)
    else { return }
    try #require(lines.count == 3)
    #expect(Set(lines[0].split(separator: " ")).isSubset(of: Self.tags), "\(lines[0])")
    for forged in ["@", "http", "alert", "javascript", "<", "`", "|"] {
      #expect(!lines[2].contains(forged), "\(forged) in: \(lines[2])")
    }
    #expect(lines[2].hasPrefix("mhpcheck check "))
  }

  /// Tables of functions, without remarks if there are none, and of universes, and traces side by side.
  @Test(
    "has as many cells in each row as its table has columns",
    arguments: [(.conforming, " 5"), (.hostile, " 2 4 5")] as [(SnapshotOutcome, String)])
  func rows(outcome: SnapshotOutcome, widths: String) async throws {
    guard
      let lines = try await ExternalReaders.lines(Self.script, of: outcome, as: .markdown)
    else { return }
    #expect(lines[1].hasSuffix(widths), "\(lines[1])")
  }
}
