// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port
@testable import Reports

@Suite("A drawing of tables")
struct TableTreeTests {
  /// The tree of the made-up case after `change` has modified its tables.
  private func lines(
    isLive: [Bool] = [true, true], marked: (table: Int, slot: Int)? = nil,
    _ change: (inout [[UInt64]]) -> Void = { _ in }
  ) throws -> [TableTree.Line] {
    var tables = try SampleReport.observation().tables
    change(&tables)
    return TableTree(
      naming: try SampleReport.naming(), tables: tables, isLive: isLive, marked: marked
    ).lines()
  }

  @Test("indents a table under its entry and names leaves by size and address") func indents()
    throws
  {
    #expect(
      try lines().map(\.text) == [
        "table 0 (pgd), the root", "  [344] -> table 1", "    table 1 (pmd)",
        "      [5] 2 MiB leaf, pa 0x80a00000 vrw--gad",
      ])
  }

  @Test("folds consecutive leaves, and no others") func runs() throws {
    let texts = try lines { tables in
      let leaf = tables[1][5]
      tables[1][6] = leaf + 512 << 10
      tables[1][7] = leaf + 1024 << 10
      tables[1][8] = leaf
    }.map(\.text)
    #expect(
      texts.suffix(2) == [
        "      [5..7] 3 x 2 MiB leaf, pa 0x80a00000 vrw--gad",
        "      [8] 2 MiB leaf, pa 0x80a00000 vrw--gad",
      ])
  }

  @Test("shows a marked entry on its own line, even if it is empty") func mark() throws {
    let lines = try lines(marked: (1, 5)) { $0[1][5] = 0 }
    #expect(lines.filter(\.isMarked).map(\.text) == ["      [5] nothing"])
    let split = try self.lines(marked: (1, 6)) { tables in
      let leaf = tables[1][5]
      for place in 6...7 { tables[1][place] = leaf + UInt64(place - 5) * 512 << 10 }
    }
    #expect(split.suffix(3).map(\.isMarked) == [false, true, false])
  }

  @Test("names a freed table that is still linked, and does not enter it") func freed() throws {
    let lines = try lines(isLive: [true, false], marked: (1, 5))
    #expect(lines.last?.text == "    table 1 (pmd): freed")
    #expect(lines.last?.isMarked == true)
  }

  @Test("lists tables that nothing links to") func unlinked() throws {
    let texts = try lines { $0[0][344] = 0 }.map(\.text)
    #expect(
      texts == [
        "table 0 (pgd), the root", "not linked:", "  table 1 (pmd)",
        "    [5] 2 MiB leaf, pa 0x80a00000 vrw--gad",
      ])
  }

  @Test("says once of several tables that nothing links to them") func severalUnlinked() throws {
    let texts = try lines(isLive: [true, true, false, false]) { tables in
      tables[0][344] = 0
      tables += Array(repeating: [UInt64](repeating: 0, count: 512), count: 2)
    }.map(\.text)
    #expect(
      texts == [
        "table 0 (pgd), the root", "not linked:", "  table 1 (pmd)",
        "    [5] 2 MiB leaf, pa 0x80a00000 vrw--gad", "  table 2: freed", "  table 3: freed",
      ])
  }

  @Test("ends at a table that links itself") func loop() throws {
    let texts = try lines { $0[1][0] = $0[0][344] }.map(\.text)
    #expect(texts.contains("        table 1 (pmd) (see above)"))
  }

  @Test("shows a word that is neither a leaf nor a table unchanged") func raw() throws {
    let texts = try lines { $0[1][9] = 0x1000 }.map(\.text)
    #expect(texts.last == "      [9] word 0x1000, neither leaf nor table of the case")
  }

  @Test("names tables that got the same number on both sides by their own levels")
  func allocatedApart() throws {
    var subject = try SampleReport.observation()
    var reference = subject
    for (observation, level) in [(0, Level.pte), (1, Level.pmd)] {
      let life = PageLife(level: UInt32(level.rawValue), owner: 0, live: 1, constructed: 1)
      let empty = [UInt64](repeating: 0, count: 512)
      if observation == 0 {
        subject.lives.append(life)
        subject.tables.append(empty)
      } else {
        reference.lives.append(life)
        reference.tables.append(empty)
      }
    }
    let drawing = try #require(
      CaseTables(scenario: SampleReport.scenario, subject: subject, reference: reference))
    #expect(drawing.after(subject, marked: nil).last?.text == "  table 2 (pte)")
    #expect(drawing.after(reference, marked: nil).last?.text == "  table 2 (pmd)")
  }
}

@Suite("Two traces side by side")
struct TraceColumnsTests {
  private let clear = Event(.clear, a: 1, b: 5, c: 1)
  private let flush = Event(.flush)
  private let free = Event(.free, a: 7)

  private func columns(_ subject: [Event], _ reference: [Event]) throws -> TraceColumns {
    TraceColumns(
      subject: subject, reference: reference, naming: try SampleReport.naming(), before: 2, after: 2
    )
  }

  @Test("are marked where they diverge") func parting() throws {
    let columns = try columns([clear, free], [clear, clear, flush])
    #expect(columns.rows.map(\.subject) == ["clear table 1 (pmd)[5]", "free pfn 0x7", ""])
    #expect(
      columns.rows.map(\.reference) == [
        "clear table 1 (pmd)[5]", "clear table 1 (pmd)[5]", "flush_tlb_all",
      ])
    #expect(columns.rows.map(\.isMarked) == [false, true, false])
  }

  @Test("leave out events far from that place, and say how many") func omitted() throws {
    let same = Array(repeating: clear, count: 5)
    let columns = try columns(same + [free], same + Array(repeating: clear, count: 4))
    #expect(columns.rows.count == 4)
    #expect(columns.omittedBefore == 3)
    #expect(columns.omittedAfter == 2)
  }

  @Test("fold equal events into one row with their count, but not across the parting")
  func folded() throws {
    let columns = TraceColumns(
      subject: [free, clear, clear, clear, clear, flush, flush, free],
      reference: [free, clear, clear, clear, free, flush, flush, free],
      naming: try SampleReport.naming(), before: 1, after: 2, folds: true)
    #expect(
      columns.rows.map { $0.texts.subject } == [
        "clear table 1 (pmd)[5] (3 times)", "clear table 1 (pmd)[5]", "flush_tlb_all (2 times)",
      ])
    #expect(
      columns.rows.map { $0.texts.reference } == [
        "clear table 1 (pmd)[5] (3 times)", "free pfn 0x7", "flush_tlb_all (2 times)",
      ])
    #expect(columns.rows.map(\.isMarked) == [false, true, false])
    #expect(columns.omittedBefore == 1)
    #expect(columns.omittedAfter == 1)
  }

  @Test("part behind what both sides do of a folded event, which has a row of its own")
  func unfolded() throws {
    let both = Event(.clear, a: 1, b: 5, c: 2)
    let other = Event(.clear, a: 1, b: 6, c: 1)
    let longer = try columns([both, free], [clear, flush, other, free])
    #expect(
      longer.rows.map(\.subject) == [
        "clear table 1 (pmd)[5]", "clear table 1 (pmd)[6]", "free pfn 0x7",
      ])
    #expect(
      longer.rows.map(\.reference) == [
        "clear table 1 (pmd)[5]", "flush_tlb_all", "clear table 1 (pmd)[6]",
      ])
    #expect(longer.rows.map(\.isMarked) == [false, true, false])
    #expect(longer.omittedBefore == 0 && longer.omittedAfter == 1)
    let shorter = try columns([clear, free], [both, free])
    #expect(
      shorter.rows.map(\.subject) == ["clear table 1 (pmd)[5]", "free pfn 0x7", ""])
    #expect(
      shorter.rows.map(\.reference) == [
        "clear table 1 (pmd)[5]", "clear table 1 (pmd)[6]", "free pfn 0x7",
      ])
    #expect(shorter.rows.map(\.isMarked) == [false, true, false])
  }

  @Test("have no mark if they differ only in an extra flush") func extraFlush() throws {
    let columns = try columns([flush, clear], [clear])
    #expect(columns.rows.filter(\.isMarked).isEmpty)
    #expect(columns.rows.map(\.subject) == ["flush_tlb_all", "clear table 1 (pmd)[5]"])
    #expect(columns.rows.map(\.reference) == ["", "clear table 1 (pmd)[5]"])
  }
}
