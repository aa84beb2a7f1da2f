// SPDX-License-Identifier: GPL-2.0-only

extension Translation {
  /// The document in the other language. Drawings, listings and commands stay as they are: they are in the
  /// kernel's terms.
  func document(_ document: Document) -> Document {
    var document = document
    document.language = .chinese
    document.name = phrase(document.name)
    document.lead = phrase(document.lead)
    document.sections = document.sections.map(section)
    document.footer = document.footer.map(fact)
    document.more = document.more.map(phrase)
    return document
  }

  private func section(_ section: Section) -> Section {
    var section = section
    section.heading = phrase(section.heading)
    section.blocks = section.blocks.map(block)
    section.sections = section.sections.map(self.section)
    return section
  }

  private func block(_ block: Block) -> Block {
    var block = block
    block.kind = kind(block.kind)
    return block
  }

  private func kind(_ kind: Block.Kind) -> Block.Kind {
    switch kind {
    case .paragraph(let text): .paragraph(phrase(text))
    case .list(let items): .list(items.map(phrase))
    case .facts(let facts): .facts(facts.map(fact))
    case .table(let table): .table(self.table(table))
    case .listing(var listing):
      .listing(
        {
          listing.caption = phrase(listing.caption)
          return listing
        }())
    case .figures(let figures):
      .figures(
        figures.map { figure in
          var figure = figure
          figure.caption = phrase(figure.caption)
          return figure
        })
    case .command(var command):
      .command(
        {
          command.name = text(command.name)
          command.purpose = phrase(command.purpose)
          return command
        }())
    case .fold(let title, let blocks): .fold(phrase(title), blocks.map(block))
    }
  }

  private func fact(_ fact: Fact) -> Fact {
    Fact(name: phrase(fact.name), value: phrase(fact.value))
  }

  private func table(_ table: Table) -> Table {
    var table = table
    table.caption = phrase(table.caption)
    table.head = table.head.map(cell)
    table.rows = table.rows.map { row in
      var row = row
      row.cells = row.cells.map(cell)
      return row
    }
    return table
  }

  private func cell(_ cell: Table.Cell) -> Table.Cell {
    var cell = cell
    cell.phrase = phrase(cell.phrase)
    return cell
  }
}
