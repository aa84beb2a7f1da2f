// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

@Suite("A drawing of page tables")
struct TableDrawingTests {
  /// The faults of a layout, as sentences.
  private func faults(_ drawing: TableDrawing) -> [String] {
    var faults: [String] = []
    let boxes = drawing.boxes
    for (place, box) in boxes.enumerated() {
      for other in boxes[(place + 1)...]
      where box.frame.x < other.frame.right && other.frame.x < box.frame.right
        && box.frame.y < other.frame.bottom && other.frame.y < box.frame.bottom
      {
        faults.append("\(box.content.title) lies over \(other.content.title)")
      }
      if box.frame.x < 0 || box.frame.right > drawing.width || box.frame.bottom > drawing.height {
        faults.append("\(box.content.title) leaves the drawing")
      }
      let rows = box.rows.flatMap { [$0.label, $0.text, $0.note].compactMap { $0 } }
      for text in [box.title] + box.notes + rows + [box.rest].compactMap({ $0 })
      where text.origin.x < box.frame.x || text.origin.x + text.width > box.frame.right
        || text.origin.y - 10 < box.frame.y || text.origin.y + 3 > box.frame.bottom
      {
        faults.append("\"\(text.words)\" leaves \(box.content.title)")
      }
      for (row, next) in zip(box.rows, box.rows.dropFirst())
      where row.frame.bottom > next.frame.y + 0.01 {
        faults.append("rows of \(box.content.title) lie over each other")
      }
      for row in box.rows
      where row.label.origin.x + row.label.width > row.text.origin.x
        || row.frame.y < box.title.origin.y || row.frame.bottom > box.frame.bottom
      {
        faults.append("a row of \(box.content.title) is misplaced")
      }
    }
    for arrow in drawing.arrows {
      let from = boxes.first { $0.content.table == arrow.from }
      let to = boxes.first { $0.content.table == arrow.to }
      let starts = from?.rows.contains {
        $0.content.target == arrow.to && $0.frame.right == arrow.start.x
          && $0.frame.y <= arrow.start.y && arrow.start.y <= $0.frame.bottom
      }
      if starts != true { faults.append("an arrow begins at no entry of table \(arrow.from)") }
      if let to, to.frame.x == arrow.end.x, to.frame.y <= arrow.end.y,
        arrow.end.y <= to.frame.bottom
      {
        continue
      }
      faults.append("an arrow does not end on table \(arrow.to)")
    }
    return faults
  }

  private func box(
    _ table: Int, depth: Int, isLinked: Bool = true, rows: [TableScene.Row] = []
  ) -> TableScene.Box {
    TableScene.Box(
      table: table, title: "table \(table) (pmd)", notes: ["page allocator, constructed"],
      depth: depth, isFreed: false, isLinked: isLinked, isMarked: false, rows: rows)
  }

  private func state(
    _ scenario: Scenario, after change: (inout [[UInt64]], inout [PageLife]) -> Void = { _, _ in }
  ) throws -> FigureState {
    let drawing = try #require(
      CaseTables(scenario: scenario, subject: nil, reference: nil))
    let before = drawing.snapshotBefore()
    var tables = before.tables
    var lives = drawing.image.tables.map {
      PageLife(level: $0.level, owner: $0.owner, live: 1, constructed: Int32($0.constructed))
    }
    change(&tables, &lives)
    return FigureState(
      snapshot: TableSnapshot(
        naming: drawing.naming, tables: tables, isLive: lives.map { $0.live == 1 }),
      earlier: before, lives: lives, owners: PageOwners(drawing.image),
      ranges: CallRanges(scenario.operations, layout: drawing.image.layout), marked: (1, 5),
      markedTables: [], overrun: nil)
  }

  @Test(
    "has separate boxes around their words, and arrows from entry to table, in every named case",
    arguments: Architecture.riscv.modes)
  func catalogue(mode: PagingMode) throws {
    var arrows = 0
    for scenario in Catalogue.scenarios(mode: mode) {
      let drawing = TableDrawing(TableScene(try state(scenario)))
      #expect(faults(drawing) == [], "\(scenario.id)")
      arrows += drawing.arrows.count
    }
    #expect(arrows > 100)
  }

  @Test("has them in random cases, too, even in hostile ones", arguments: Architecture.riscv.modes)
  func random(mode: PagingMode) throws {
    let campaign = RandomCampaign(mode: mode, seed: 11)
    for index in 0..<60 as Range<UInt64> {
      let drawing = TableDrawing(TableScene(try state(campaign.scenario(index))))
      #expect(faults(drawing) == [], "random case \(index)")
    }
  }

  @Test("puts tables of one level below each other, and those below them to the right")
  func columns() {
    let links = ([1, 2] as [Int]).map { table in
      TableScene.Row(label: "[\(table)]", text: "to table \(table)", target: table)
    }
    let drawing = TableDrawing(
      TableScene(boxes: [
        box(0, depth: 0, rows: links), box(1, depth: 1), box(2, depth: 1),
        box(3, depth: 0, isLinked: false),
      ]))
    let frames = drawing.boxes.map(\.frame)
    #expect(frames[1].x > frames[0].right)
    #expect(frames[1].x == frames[2].x)
    #expect(frames[2].y > frames[1].bottom)
    #expect(drawing.arrows.map(\.to) == [1, 2])
    #expect(frames[3].y > frames[..<3].map(\.bottom).max() ?? .infinity)
    #expect(drawing.apart?.words == "not linked:")
    #expect(faults(drawing) == [])
  }

  @Test("cuts words that are too long for a box") func longWords() {
    let row = TableScene.Row(
      label: "[0..511]", text: String(repeating: "w", count: 500), note: "n", isMarked: true)
    let drawing = TableDrawing(TableScene(boxes: [box(0, depth: 0, rows: [row])]))
    #expect(faults(drawing) == [])
    #expect(drawing.width < 500)
    #expect(drawing.boxes[0].rows[0].text.words.hasSuffix("w\u{2026}"))
  }

  @Test("shows what the case cleared, and the range that it was called for") func cleared() throws {
    // The made-up case removes 0xffffffd600a00000 to 0xffffffd600c00000, which is PMD slot 5.
    let scene = TableScene(try state(SampleReport.scenario) { tables, _ in tables[1][5] = 0 })
    let row = try #require(scene.boxes.last?.rows.first)
    #expect(row.label == "[5]")
    #expect(row.text == "cleared")
    #expect(row.isEmpty && row.isCleared && row.isInRange && row.isMarked)
    #expect(scene.sentence.plain.contains("cleared: table 1 (pmd)[5]"))
    #expect(scene.sentence.plain.contains("the sides differ at table 1 (pmd)[5], cleared"))
  }

  @Test("names the owner and the address of a leaf's pages") func owners() throws {
    var scenario = SampleReport.scenario
    scenario.frames = [.init(pfn: 0x80a00, count: 512, owner: .altmap)]
    let row = try #require(TableScene(try state(scenario)).boxes.last?.rows.first)
    #expect(row.text == "2 MiB leaf, vrw--gad")
    #expect(row.note == "pa 0x80a00000, altmap")
    scenario.frames = [.init(pfn: 0x80a00, count: 256, owner: .reserved)]
    let mixed = try #require(TableScene(try state(scenario)).boxes.last?.rows.first)
    #expect(mixed.note == "pa 0x80a00000, several owners")
  }

  @Test("strikes out a freed table, whose arrow dangles") func freed() throws {
    let drawing = TableDrawing(
      TableScene(try state(SampleReport.scenario) { _, lives in lives[1].live = 0 }))
    #expect(drawing.boxes[1].title.words == "table 1 (pmd): freed")
    #expect(drawing.boxes[1].rows.isEmpty)
    #expect(drawing.arrows.map(\.isDangling) == [true])
    let text = drawing.svg(id: "x", title: "t", description: "d")
    #expect(text.contains("class=\"arrow dangling\""))
    #expect(text.contains("class=\"title struck\""))
  }

  @Test("is bounded for any number of tables, and keeps the marked one")
  func bounded() throws {
    var state = try state(SampleReport.scenario)
    let many = 3000
    let empty = [UInt64](repeating: 0, count: 512)
    let life = PageLife(level: UInt32(Level.pte.rawValue), owner: 0, live: 1, constructed: 1)
    var tables = state.snapshot.tables
    tables += Array(repeating: empty, count: many)
    state = FigureState(
      snapshot: TableSnapshot(
        naming: state.snapshot.naming, tables: tables, isLive: tables.map { _ in true }),
      earlier: state.earlier, lives: state.lives + Array(repeating: life, count: many),
      owners: state.owners, ranges: state.ranges, marked: (many, 7), markedTables: [],
      overrun: nil)
    let scene = TableScene(state)
    #expect(scene.boxes.count <= 12)
    #expect(scene.boxes.count + scene.omitted == many + 2)
    #expect(scene.boxes.contains { $0.table == many && $0.rows.contains(where: \.isMarked) })
    #expect(faults(TableDrawing(scene)) == [])
  }

  @Test("shows the marked ones and three others of the freed tables that nothing leads to")
  func manyFreed() throws {
    let base = try state(SampleReport.scenario)
    let empty = [UInt64](repeating: 0, count: 512)
    let life = PageLife(level: UInt32(Level.pte.rawValue), owner: 0, live: 0, constructed: 0)
    let tables = base.snapshot.tables + Array(repeating: empty, count: 10)
    let scene = TableScene(
      FigureState(
        snapshot: TableSnapshot(
          naming: base.snapshot.naming, tables: tables, isLive: tables.indices.map { $0 < 2 }),
        earlier: base.earlier, lives: base.lives + Array(repeating: life, count: 10),
        owners: base.owners, ranges: base.ranges, marked: nil, markedTables: [9], overrun: nil))
    #expect(scene.boxes.map(\.table) == [0, 1, 2, 3, 4, 9])
    #expect(scene.omitted == 6)
    let drawing = TableDrawing(scene)
    #expect(drawing.rest?.words == "6 more tables")
    #expect(faults(drawing) == [])
  }

  @Test("shows the slot beyond a table's end that a subject accessed") func overrun() throws {
    let base = try state(SampleReport.scenario)
    let scene = TableScene(
      FigureState(
        snapshot: base.snapshot, earlier: base.earlier, lives: base.lives, owners: base.owners,
        ranges: base.ranges, marked: nil, markedTables: [0], overrun: (0, 688)))
    #expect(scene.boxes[0].rows.last?.label == "[688]")
    #expect(scene.boxes[0].rows.last?.isMarked == true)
  }
}
