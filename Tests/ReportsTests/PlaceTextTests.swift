// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports
@testable import Subjects

@Suite("The line of a difference, as text")
struct PlaceTextTests {
  private static let text = [
    "static void free_table(bool is_vmemmap)", "{", "\tif (is_vmemmap)", "\t\tcount();", "",
    "\tif (is_vmemmap)", "\t\tdestroy();", "\tfree_page();", "\tlog();", "}",
  ]

  private func position(_ line: Int) -> SourcePosition {
    SourcePosition(displayName: "init.c", line: line)
  }

  /// The text of a place at the line, with a change of the function above, whose first line is 100.
  private func lines(
    at line: Int, isOmission: Bool, reference: String, _ change: FunctionComparison.Change
  ) -> [String] {
    let function = CoveredFunction(
      name: "free_table",
      lines: Self.text.enumerated().map { offset, text in
        CoveredFunction.Line(line: CoverageLine(file: "init.c", number: 100 + offset), text: text)
      }, points: [], unread: [])
    let hunk = FunctionComparison.Hunk(own: isOmission ? 5..<5 : 5..<6, other: 5..<6)
    let place = Place(
      of: function, .hunk(hunk, position(line), reference, change), from: nil)
    var section = Section(id: "x", heading: "")
    section.blocks = PlaceBlocks(place, cause: "free_table").blocks
    return TextPrinter.lines(of: section)
  }

  @Test("has the reference's line below the user's, and says what is missing in it")
  func part() {
    let lines = lines(
      at: 105, isOmission: true, reference: "if (!is_vmemmap)",
      .init(
        own: (first: position(105), last: position(105)), other: ["\tif (!is_vmemmap)"],
        part: (own: "", other: "!")))
    #expect(
      lines == [
        "--> init.c:105 in free_table", "the subject (-) and the reference (+):",
        "  102 |   if (is_vmemmap)", "  103 |           count();", "  104 |",
        "> 105 | - if (is_vmemmap)", "      | + if (!is_vmemmap)", "  106 |           destroy();",
        "  107 |   free_page();", "  108 |   log();", "The reference has \"!\" here.",
      ])
  }

  @Test("says which tokens stand for which")
  func tokens() {
    let lines = lines(
      at: 102, isOmission: false, reference: "if (is_new)",
      .init(
        own: (first: position(102), last: position(102)), other: ["\tif (is_new)"],
        part: (own: "is_vmemmap", other: "is_new")))
    #expect(lines.last == "The reference has \"is_new\" here, not \"is_vmemmap\".")
  }

  @Test("has a line that is missing before the one where the run goes on")
  func omission() {
    let lines = lines(
      at: 107, isOmission: true, reference: "flush();", .init(other: ["\tflush();"]))
    #expect(
      lines == [
        "--> init.c:107 in free_table (it goes on here)", "the subject (-) and the reference (+):",
        "  104 |", "  105 |           if (is_vmemmap)", "  106 |                   destroy();",
        "      | +         flush();", "> 107 |           free_page();", "  108 |           log();",
        "  109 |   }",
      ])
  }

  @Test("has both lines of two calls that are in the wrong order")
  func order() {
    let lines = lines(
      at: 106, isOmission: false, reference: "free_page(); destroy();",
      .init(
        own: (first: position(106), last: position(107)),
        other: ["\tfree_page();", "\t\tdestroy();"]))
    #expect(
      lines.filter { $0.contains("| + ") || $0.contains("| - ") } == [
        "> 106 | -                 destroy();", "  107 | -         free_page();",
        "      | +         free_page();", "      | +                 destroy();",
      ])
  }

  @Test("leaves out what is the same on both sides")
  func same() {
    let lines = lines(
      at: 106, isOmission: false, reference: "destroy(); clear();",
      .init(
        own: (first: position(106), last: position(106)),
        other: ["\tdestroy();", "\tclear();"]))
    #expect(
      lines.filter { $0.contains("| + ") || $0.contains("| - ") } == [
        "      | +         clear();"
      ])
  }
}
