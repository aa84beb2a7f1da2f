// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab

@Suite("The figures that a benchmark prints")
struct PrintedFiguresTests {
  private static func row(
    _ name: String, _ mode: String, _ times: (c: Double, port: Double, checked: Double)
  ) -> PrintedFigures.Row {
    PrintedFigures.Row(
      geometry: name == "universes" ? 2 : 512, mode: mode, name: name, c: times.c,
      port: times.port, checked: times.checked)
  }

  @Test("are read as the program prints them")
  func read() throws {
    let row = BenchRow(
      geometry: 512, mode: "sv48", name: "catalogue", cases: 4,
      total: Timing(subject: 1000, port: 800, checked: 2020))
    let json = BenchReport(rows: [row]).json(tool: "0.1.0")
    let read = try #require(PrintedFigures(Array(json.utf8)))
    let only = try #require(read.rows.first)
    #expect(read.rows.count == 1)
    #expect(only.geometry == 512 && only.mode == "sv48" && only.name == "catalogue")
    #expect(only.c == 250 && only.port == 200 && only.checked == 505)
  }

  @Test(
    "are refused if they are anything else",
    arguments: [
      "", "[]", "{}", #"{"rows":[]}"#,
      #"{"rows":[{"geometry":2,"mode":"sv39","name":"n","c":1,"port":0,"checked":1}]}"#,
    ] as [String])
  func refused(json: String) {
    #expect(PrintedFigures(Array(json.utf8)) == nil)
  }

  @Test("of one kind of cases are a geometric mean, so each mode counts as much as another")
  func means() {
    let run = PrintedFigures(rows: [
      Self.row("universes", "sv39", (100, 40, 300)), Self.row("universes", "sv57", (400, 90, 1200)),
      Self.row("vmemmap, 1 GiB in 4 KiB", "sv48", (50, 60, 70)),
    ])
    let figures = PrintedFigures.figures(this: [run, run], base: [run, run])
    #expect(figures.map(\.what) == ["universes", "large teardowns"].flatMap { [$0, $0, $0] })
    #expect(figures.map(\.kind) == [.c, .port, .checked, .c, .port, .checked])
    let expected: [Double] = [200, 60, 600, 50, 60, 70]
    for (figure, value) in zip(figures, expected) {
      #expect(figure.this.count == 2 && figure.base.count == 2)
      for one in figure.this + figure.base { #expect(abs(one / value - 1) < 1e-9, "\(figure)") }
    }
  }

  @Test("count only for rows that both programs have")
  func shared() {
    let small = PrintedFigures(rows: [Self.row("catalogue", "sv39", (100, 100, 100))])
    let large = PrintedFigures(rows: [
      Self.row("catalogue", "sv39", (200, 100, 100)),
      Self.row("catalogue", "sv48", (900, 900, 900)),
      Self.row("universes", "sv39", (900, 900, 900)),
    ])
    let figures = PrintedFigures.figures(this: [large], base: [small])
    #expect(figures.map(\.what) == ["catalogue", "catalogue", "catalogue"])
    #expect(abs(figures[0].ratio.median - 2) < 1e-9)
    #expect(abs(figures[1].ratio.median - 1) < 1e-9)
  }
}
