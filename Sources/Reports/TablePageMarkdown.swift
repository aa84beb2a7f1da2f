// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// A page as Markdown with GitHub's tables. What strangers wrote stands in code spans, where nothing is
/// a link, a mention or markup.
package struct TablePageMarkdown {
  package init() {}

  /// The whole text, with a final newline.
  package func render(_ page: TablePage) -> String {
    var blocks = ["## \(Self.escaped(page.title))", Self.inline(page.lead)]
    for section in page.sections {
      blocks.append("### \(Self.escaped(section.heading))")
      blocks += section.paragraphs.map(Self.inline)
      if let table = section.table { blocks.append(Self.text(table)) }
      if let listing = section.listing { blocks.append(Self.fenced(listing)) }
    }
    blocks.append("<sub>\(Self.escaped(page.footer))</sub>")
    return blocks.joined(separator: "\n\n") + "\n"
  }

  private static func text(_ table: TablePage.Table) -> String {
    var lines = [row(table.head), row(table.head.map { _ in "---" })]
    lines += table.rows.map { row($0) }
    return lines.joined(separator: "\n")
  }

  private static func row(_ cells: [TablePage.Cell]) -> String {
    row(cells.map { inline($0).replacing("|", with: "\\|") })
  }

  private static func row(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }

  private static func inline(_ cells: [TablePage.Cell]) -> String {
    cells.map { inline($0) }.joined()
  }

  private static func inline(_ cell: TablePage.Cell) -> String {
    if cell.isCode { return code(SafeText.line(cell.text)) }
    let text = escaped(cell.text)
    return cell.tone == .bad ? "**\(text)**" : text
  }

  /// A code span: between more backticks than stand in it anywhere.
  private static func code(_ text: String) -> String {
    guard !text.allSatisfy({ $0 == " " }) else { return "` `" }
    let fence = String(repeating: "`", count: longestRun(of: "`", in: text) + 1)
    let padding = text.hasPrefix("`") || text.hasSuffix("`") ? " " : ""
    return fence + padding + text + padding + fence
  }

  private static func fenced(_ text: String) -> String {
    let fence = String(repeating: "`", count: max(3, longestRun(of: "`", in: text) + 1))
    return "\(fence)text\n\(TablePage.printable(text))\n\(fence)"
  }

  private static func longestRun(of mark: Character, in text: String) -> Int {
    var longest = 0
    var run = 0
    for character in text {
      run = character == mark ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }

  /// Our own words: what Markdown would take for markup is escaped; "|" is left to the table.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in SafeText.line(text) {
      if "\\`*_[]<>#~&".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
