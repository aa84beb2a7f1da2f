// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Lab
@testable import Reports

@Suite("A confirmation as Markdown and as a page")
struct ConfirmPageTests {
  @Test(
    "Markdown has a row for each case, each disagreement and each hazard, and the kernel's lines")
  func markdown() {
    let text = ConfirmPage(SampleConfirmation.report(), tool: "0.1.0").markdown
    let lines = text.split(separator: "\n").map(String.init)
    for line in [
      "`debian:trixie` (`6.12.107-riscv64, QEMU 7.2.22`): 1 of 3 cases agree, 1 differs, "
        + "1 skipped (16.50 s).",
      "| `linear/short` | sv39 | agrees | 528 leaves, 8 tables, 30 events, 4.13 s |",
      "| `linear/much-longer` | sv57 | **differs** | 520 leaves, 5 tables, 9 events, 12.00 s |",
      "| `kmem/blocks` | sv48 | skipped | `no such driver` |",
      "| `linear/much-longer@sv57` | `add 0` | tables | `linear map at 0xff60000090000000` "
        + "| `a 2 MiB leaf` | `nothing` |",
      "| H1 | `linear/much-longer@sv57` | `remove 0` | `the memmap of region 1 is unmapped` "
        + "| `the kernel stops` |",
      "  Unable to handle kernel paging request",
    ] {
      #expect(lines.contains(line), "\(line) is not in:\n\(text)")
    }
  }

  @Test("A page without disagreements and hazards has no tables for them")
  func nothingToShow() {
    var report = SampleConfirmation.report()
    report.cases.removeLast(2)
    let text = ConfirmPage(report, tool: "0.1.0").markdown
    #expect(text.contains("### Cases"))
    #expect(!text.contains("Where model") && !text.contains("Hazards"))
  }

  @Test("A kernel's words are no markup, in Markdown and in HTML, and end no block or cell")
  func hostile() {
    let text = SampleConfirmation.hostile
    var hazard = SampleConfirmation.hazard
    hazard.predicted = text
    hazard.seen = text
    hazard.lines = ["```", text, String(repeating: "A", count: 100_000)]
    let page = ConfirmPage(
      SampleConfirmation.report(
        disagreements: [
          Disagreement(step: text, aspect: .outcome, place: text, model: text, kernel: text)
        ], hazards: [hazard], reason: text, kernel: text, release: text), tool: "0.1.0")
    #expect(!page.html.contains("<script>") && !page.html.contains("-->"))
    #expect(page.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;"))
    #expect(page.html.utf8.count < 40_000 && page.markdown.utf8.count < 40_000)
    for whole in [page.html, page.markdown] {
      for scalar in whole.unicodeScalars where scalar != "\n" {
        let category = scalar.properties.generalCategory
        #expect(
          category != .control && category != .format, "U+\(String(scalar.value, radix: 16))")
      }
    }
    let lines = page.markdown.split(separator: "\n").map(String.init)
    #expect(!lines.contains { $0.hasPrefix("ok ") })
    // The listing's fence is longer than what the kernel wrote.
    #expect(lines.count { $0.hasPrefix("````") } == 2)
    let row = lines.first { $0.hasPrefix("| `linear/much-longer@sv57` |") } ?? ""
    #expect(row.replacing("\\|", with: "").count { $0 == "|" } == 7, "six cells: \(row)")
  }

  @Test("A thousand disagreements are cut, and it is said how many")
  func many() {
    let report = SampleConfirmation.report(
      disagreements: Array(repeating: SampleConfirmation.disagreement, count: 1000))
    let text = ConfirmPage(report, tool: "0.1.0").markdown
    #expect(text.contains("600 more are left out here"))
    #expect(text.split(separator: "\n").count { $0.hasPrefix("| `linear/much-longer@") } == 400)
  }
}
