// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Lab
@testable import Reports

@Suite("The text of a confirmation")
struct ConfirmTextTests {
  private func lines(_ report: ConfirmReport, isQuiet: Bool = false) -> [String] {
    ConfirmText(style: TextStyle(isColoured: false), isQuiet: isQuiet).render(report)
      .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
  }

  @Test("A case is a line with its mode, its seconds and what was compared over all its steps")
  func cases() {
    let lines = lines(SampleConfirmation.report())
    #expect(
      lines.prefix(3) == [
        "ok       linear/short        sv39    4.13 s  528 leaves, 8 tables, 30 events",
        "DIFFERS  linear/much-longer  sv57   12.00 s  520 leaves, 5 tables, 9 events",
        "skipped  kmem/blocks         sv48",
      ])
  }

  @Test("Where model and kernel part, what each holds stands one over the other")
  func disagreement() throws {
    let lines = lines(SampleConfirmation.report())
    let start = try #require(lines.firstIndex(of: "linear/much-longer on sv57"))
    #expect(
      lines[(start + 1)...].prefix(3) == [
        "  add 0, tables: linear map at 0xff60000090000000", "    model   a 2 MiB leaf",
        "    kernel  nothing",
      ])
  }

  @Test("A hazard has what the model predicts, what was seen, and the kernel's own lines")
  func hazard() throws {
    let lines = lines(SampleConfirmation.report())
    let start = try #require(lines.firstIndex { $0.hasPrefix("  H1: ") })
    #expect(lines[start].hasSuffix("(predicted for 1 step, seen in 1)"))
    #expect(
      lines[(start + 1)...].prefix(5) == [
        "    linear/much-longer on sv57, remove 0",
        "      model   the memmap of region 1 is unmapped", "      kernel  the kernel stops",
        "      | Unable to handle kernel paging request", "      | epc : memunmap",
      ])
  }

  @Test("A hazard that a step cannot show is not said to be seen, and those that were come first")
  func unseen() throws {
    var unseen = SampleConfirmation.hazard
    unseen.seen = nil
    unseen.lines = []
    unseen.step = "add 0"
    let lines = lines(
      SampleConfirmation.report(hazards: [unseen, unseen, unseen, SampleConfirmation.hazard]))
    let start = try #require(lines.firstIndex { $0.hasPrefix("  H1: ") })
    #expect(lines[start].hasSuffix("(predicted for 4 steps, seen in 1)"))
    #expect(lines[start + 1] == "    linear/much-longer on sv57, remove 0")
    #expect(lines.count { $0 == "      kernel  nothing that this step could show" } == 2)
    #expect(lines.contains("    and 1 more; --json has all"))
  }

  @Test("The last lines say what was skipped and why, and how it went on which kernel")
  func summary() {
    for isQuiet in [false, true] {
      let lines = lines(SampleConfirmation.report(), isQuiet: isQuiet)
      #expect(
        lines.suffix(3)
          == [
            "skipped: no such driver (1 case)",
            "debian:trixie (6.12.107-riscv64, QEMU 7.2.22): 1 of 3 cases agree, 1 differs, "
              + "1 skipped (16.50 s)", "",
          ])
      #expect(isQuiet == (lines.count == 3))
    }
  }

  @Test("What a kernel says forges no line, moves no cursor and is cut where it is long")
  func hostile() throws {
    let text = SampleConfirmation.hostile
    var hazard = SampleConfirmation.hazard
    hazard.step = text
    hazard.predicted = text
    hazard.seen = text
    hazard.lines =
      [text, String(repeating: "A", count: 100_000)] + Array(repeating: "x", count: 99)
    let disagreement = Disagreement(
      step: text, aspect: .outcome, place: text, model: text, kernel: text)
    let report = SampleConfirmation.report(
      disagreements: Array(repeating: disagreement, count: 40), hazards: [hazard], reason: text,
      kernel: text, release: text)
    let whole = ConfirmText(style: TextStyle(isColoured: false)).render(report)
    for scalar in whole.unicodeScalars where scalar != "\n" {
      let category = scalar.properties.generalCategory
      #expect(category != .control && category != .format, "U+\(String(scalar.value, radix: 16))")
    }
    let lines = lines(report)
    #expect(lines.count { $0.hasPrefix("ok ") } == 1, "the one case that agrees")
    #expect(
      lines.contains(
        "      | \(String(repeating: "A", count: 99))...\(String(repeating: "A", count: 98))"))
    #expect(lines.contains("      and 89 more lines; --json has all"))
    #expect(lines.contains("  and 28 more; --json has all"))
  }

  @Test("Of a guest's console the last twenty lines are shown, as quotations; of none, nothing")
  func console() {
    let text = ConfirmText.console((1...30).map { "line \($0)\u{1b}[31m" })
    let lines = text.split(separator: "\n")
    #expect(lines.count == 21)
    #expect(lines[0] == "the guest's last lines:")
    #expect(lines[1] == "  | line 11\\u{1B}[31m")
    #expect(ConfirmText.console([]) == "")
  }
}
