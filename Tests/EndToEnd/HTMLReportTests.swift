// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// The page that `--html` writes; the tests of the renderer check its contents.
@Suite("The report as an HTML page")
struct HTMLReportTests {
  private static func text(of path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  @Test("is written beside the text and the other files, with the same verdict") func written()
    async throws
  {
    let scratch = try PrivateFolder()
    let guarded = "\tif (!is_vmemmap)\n\t\tpagetable_pmd_dtor("
    // A comment in a function and the file's own name come from a stranger.
    let hostile = "\t/* </script><script>alert(1)</script> */\n\tpagetable_pmd_dtor("
    let reference = try VariantFiles.reference()
    try #require(reference.ranges(of: guarded).count == 1)
    let subject = try scratch.write(
      "<img src=x onerror=alert(1)>.c", reference.replacing(guarded, with: hostile))
    let page = scratch.file("report.html")
    let outcome = try await Program.run(
      [
        "check", subject, "--html", page, "--json", scratch.file("report.json"), "--mode", "sv48",
        "--depth", "smoke", "--forget",
      ])
    #expect(outcome.status == 1)
    #expect(outcome.output.contains("missing-fixes: "))
    let html = try Self.text(of: page)
    #expect(html.hasPrefix("<!doctype html>"))
    #expect(html.contains(">missing-fixes</span>"))
    #expect(html.contains("git cherry-pick -x 21f1b85c8912"))
    #expect(html.contains("free_pmd_table"))
    #expect(html.contains("&lt;img src=x onerror=alert(1)&gt;.c"))
    #expect(html.contains("&lt;/script&gt;&lt;script&gt;alert(1)"))
    #expect(!html.contains("<img"))
    #expect(!html.contains("<script>alert"))
    #expect(try Self.text(of: scratch.file("report.json")).contains("\"missing-fixes\""))
  }

  @Test("goes only to standard output with -") func standardOutput() async throws {
    let outcome = try await Program.run(
      ["check", "builtin", "--html", "-", "--mode", "sv39", "--depth", "smoke", "--forget"])
    #expect(outcome.status == 0)
    #expect(outcome.output.hasPrefix("<!doctype html>"))
    #expect(outcome.output.hasSuffix("</html>\n"))
  }

  @Test("of an unreadable subject says why, and the exit status stays the same")
  func unreadable() async throws {
    let scratch = try PrivateFolder()
    let subject = try scratch.write("empty.c", "int nothing;\n")
    let page = scratch.file("report.html")
    let outcome = try await Program.run(["check", subject, "--html", page])
    #expect(outcome.status == 3)
    let html = try Self.text(of: page)
    #expect(html.contains(">unbuildable</span>"))
    #expect(html.contains("lacks the surface"))
  }

  @Test("that cannot be written ends the run with one line that names it") func unwritable()
    async throws
  {
    let scratch = try PrivateFolder()
    let page = scratch.file("no/such/report.html")
    let outcome = try await Program.run(
      ["check", "builtin", "--html", page, "--mode", "sv39", "--depth", "smoke", "--forget"])
    #expect(outcome.status == 4)
    #expect(outcome.errors.split(separator: "\n").count == 1)
    #expect(outcome.errors.contains("\(page) cannot be written"))
  }
}
