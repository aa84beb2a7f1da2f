// SPDX-License-Identifier: GPL-2.0-only

import Mustache
import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

@Suite("Pages with tables")
struct TablePageTests {
  private func page(_ text: String, code: Bool) -> TablePage {
    let cell = code ? TablePage.Cell(code: text) : TablePage.Cell(text)
    return TablePage(
      title: "t", lead: [cell],
      sections: [
        .init(
          heading: "h", table: .init(caption: "c", head: [.init("a")], rows: [[cell, cell]]),
          listing: code ? text : nil)
      ], footer: "f")
  }

  @Test("The template can be read, and what is filled in is escaped but for the style")
  func template() throws {
    PageText.isRegistered
    _ = try MustacheTemplate(string: TablePageTemplate.text)
    #expect(TablePageTemplate.text.components(separatedBy: "{{{").count == 2)
    for code in [false, true] {
      let html = TablePageHTML().render(page("<b onload=\"x\">&'\u{1b}\n", code: code))
      #expect(
        !html.contains("<b ") && html.contains("&lt;b onload=&quot;x&quot;&gt;&amp;&#39;\\u{1B}"))
      #expect(html.hasPrefix("<!DOCTYPE html>") && html.hasSuffix("</html>\n"))
    }
  }

  @Test("An HTML page asks nothing of a network, and names its language, headings and tables")
  func selfContained() {
    let html = TablePageHTML().render(page("x", code: true))
    for word in ["http://", "https://", "src=", "@import", "url(", "<script", "<link"] {
      #expect(!html.contains(word), "\(word)")
    }
    for word in ["lang=\"en\"", "<h1>", "<h2 id=", "<caption>", "scope=\"col\"", "scope=\"row\""] {
      #expect(html.contains(word), "\(word)")
    }
    #expect(html.contains("prefers-color-scheme:dark"))
  }

  @Test("Strangers' words are code in Markdown, and cannot end it or their cell")
  func markdown() {
    let text = TablePageMarkdown().render(page("a|`b``c`\n# x @user [l](http://e)", code: true))
    let rows = text.split(separator: "\n").filter { $0.contains("@user") }
    #expect(rows.count == 3, "\(text)")
    let span = "```a\\|`b``c`\\u{A}# x @user [l](http://e)```"
    #expect(rows.contains("| \(span) | \(span) |"), "\(text)")
    #expect(!text.split(separator: "\n").prefix(8).contains { $0.hasPrefix("# x") })
  }

  @Test("A listing cannot end its own block")
  func listing() {
    let text = TablePageMarkdown().render(page("one\n````\n# two", code: true))
    #expect(text.contains("\n`````text\none\n````\n# two\n`````\n"), "\(text)")
  }

  @Test("Our own words are escaped where Markdown would take them for markup")
  func ownWords() {
    let text = TablePageMarkdown().render(page("free_pte_table *all* <b> # [x]", code: false))
    #expect(text.contains("free\\_pte\\_table \\*all\\* \\<b\\> \\# \\[x\\]"), "\(text)")
  }

  @Test("Of a listing the lines stay, and nothing else that acts")
  func printable() {
    #expect(TablePage.printable("a\tb\nc\u{7f}\u{202e}") == "a\tb\nc\\u{7F}\\u{202E}")
  }
}
