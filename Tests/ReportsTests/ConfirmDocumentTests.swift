// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Lab
@testable import Reports

@Suite("A confirmation as a document")
struct ConfirmDocumentTests {
  private func lines(_ report: ConfirmReport) -> [String] {
    Printed.lines(ConfirmDocument.of(report, tool: "0.1.0"))
  }

  @Test("begins with the kernel, the count and the reasons why cases were skipped")
  func summary() {
    let lines = lines(SampleConfirmation.report())
    #expect(
      lines.prefix(3) == [
        """
        debian:trixie (6.12.107-riscv64, QEMU 7.2.22): 1 of 3 cases agree, 1 differs, 1 \
        skipped (16.50 s)
        """,
        "", "skipped: no such driver (1 case)",
      ])
    #expect(
      Printed.text(ConfirmDocument.of(SampleConfirmation.report(), tool: "1"), isQuiet: true)
        == lines[0] + "\n")
  }

  @Test("has a row for each case, with everything that was compared over all its steps")
  func cases() {
    let lines = lines(SampleConfirmation.report())
    for line in [
      "  ok       linear/short        sv39     4.13  528 leaves, 8 tables, 30 events",
      "  DIFFERS  linear/much-longer  sv57    12.00  520 leaves, 5 tables, 9 events",
      "  skipped  kmem/blocks         sv48           no such driver",
    ] {
      #expect(lines.contains(line), "\(line) is not in:\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test("says where model and kernel diverge, and what each has")
  func disagreement() throws {
    let lines = lines(SampleConfirmation.report())
    let start = try #require(lines.firstIndex(of: "linear/much-longer@sv57"))
    let row = try #require(lines[start...].first { $0.hasPrefix("  add 0 ") })
    #expect(
      row.split(separator: "  ").filter { !$0.isEmpty }
        .map { $0.trimmingPrefix(" ") } == [
          "add 0", "tables", "linear map at 0xff60000090000000", "a 2 MiB leaf", "nothing",
        ])
  }

  @Test("shows for a hazard the prediction, the observation and the kernel's own lines")
  func hazard() throws {
    let lines = lines(SampleConfirmation.report())
    let start = try #require(lines.firstIndex { $0.hasPrefix("H1: ") })
    #expect(
      lines[start...].prefix(2).joined(separator: " ")
        .replacing("  ", with: "").contains("(predicted for 1 step, seen in 1)"))
    for line in [
      "  linear/much-longer@sv57, remove 0:", "    model   the memmap of region 1 is unmapped",
      "    kernel  the kernel stops", "    | Unable to handle kernel paging request",
    ] {
      #expect(lines.contains(line), "\(line) is not in:\n\(lines.joined(separator: "\n"))")
    }
  }

  @Test("A hazard that a step cannot show does not count as seen, and seen ones come first")
  func unseen() throws {
    var unseen = SampleConfirmation.hazard
    unseen.seen = nil
    unseen.lines = []
    unseen.step = "add 0"
    let lines = lines(
      SampleConfirmation.report(hazards: [unseen, unseen, unseen, SampleConfirmation.hazard]))
    let places = lines.filter { $0.hasPrefix("  linear/much-longer@sv57, ") }
    #expect(places.first == "  linear/much-longer@sv57, remove 0:" && places.count == 3)
    #expect(lines.count { $0 == "    kernel  not observable in this step" } == 2)
    #expect(lines.contains("  1 more; --json has all."))
  }

  @Test("Without disagreements and hazards, there are no parts for them")
  func nothingToShow() {
    var report = SampleConfirmation.report()
    report.cases.removeLast(2)
    let text = Printed.markdown(ConfirmDocument.of(report, tool: "0.1.0"))
    #expect(text.contains("#### Cases"))
    #expect(!text.contains("Where model") && !text.contains("Hazards"))
  }

  @Test("A kernel's words are no markup, forge no line, and are cut if they are long")
  func hostile() {
    let text = SampleConfirmation.hostile
    var hazard = SampleConfirmation.hazard
    hazard.predicted = text
    hazard.seen = text
    hazard.lines = ["```", text, String(repeating: "A", count: 100_000)]
    let document = ConfirmDocument.of(
      SampleConfirmation.report(
        disagreements: Array(
          repeating: Disagreement(
            step: text, aspect: .outcome, place: text, model: text, kernel: text), count: 1000),
        hazards: [hazard], reason: text, kernel: text, release: text), tool: "0.1.0")
    let (page, markdown) = (Printed.html(document), Printed.markdown(document))
    #expect(!page.contains("<script>alert") && !page.contains("-->"))
    #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.utf8.count < 80_000 && markdown.utf8.count < 60_000)
    for whole in [page, markdown, Printed.text(document, isVerbose: true)] {
      #expect(whole.unicodeScalars.allSatisfy { $0 == "\n" || !SafeText.isHidden($0) })
      #expect(!whole.split(separator: "\n").contains { $0.hasPrefix("ok ") })
    }
    #expect(markdown.contains("988 more; --json has all."))
    // The listing's fence is longer than any that the kernel wrote.
    #expect(markdown.split(separator: "\n").count { $0.hasPrefix("````") } == 2)
  }
}
