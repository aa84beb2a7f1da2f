// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Mustache

/// A page as one HTML file that needs nothing else and asks nothing of a network.
package struct TablePageHTML {
  package init() {}

  /// The whole file.
  package func render(_ page: TablePage) -> String {
    PageText.isRegistered
    // The template is a constant; that it can be read is tested.
    guard let template = try? MustacheTemplate(string: TablePageTemplate.text) else { return "" }
    return template.render([
      "title": SafeText.line(page.title), "lead": page.lead.map(Self.cell),
      "sections": page.sections.enumerated().map(Self.section),
      "footer": SafeText.line(page.footer), "style": TablePageTemplate.style,
    ])
  }

  private static func section(_ number: Int, _ section: TablePage.Section) -> [String: Any] {
    var values: [String: Any] = [
      "id": "part-\(number + 1)", "heading": SafeText.line(section.heading),
      "paragraphs": section.paragraphs.map { ["cells": $0.map(Self.cell)] },
    ]
    if let table = section.table {
      values["table"] = [
        "caption": SafeText.line(table.caption), "head": table.head.map(Self.cell),
        "rows": table.rows.map { row in
          ["name": row.prefix(1).map(Self.cell), "cells": row.dropFirst().map(Self.cell)]
            as [String: Any]
        },
      ]
    }
    if let listing = section.listing { values["listing"] = TablePage.printable(listing) }
    return values
  }

  private static func cell(_ cell: TablePage.Cell) -> [String: Any] {
    [
      "text": SafeText.line(cell.text), "tone": cell.tone.rawValue,
      "isCode": cell.isCode,
    ]
  }
}
