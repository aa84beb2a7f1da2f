// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// A real browser in headless mode.
enum Browser {
  /// Debian's Chromium, or the program that `MHPCHECK_CHROMIUM` names.
  static let program: String? = {
    let named = ProcessInfo.processInfo.environment["MHPCHECK_CHROMIUM"]
    return [named, "/usr/bin/chromium", "/usr/bin/chromium-browser"].compactMap { $0 }
      .first { FileManager.default.isExecutableFile(atPath: $0) }
  }()

  /// Whether a missing browser is a failure: CI installs one.
  static let isNeeded = ProcessInfo.processInfo.environment["CI"] != nil

  /// The findings of `examine.py`.
  struct Findings: Decodable {
    var complaints: [String]
    var requests: [String]
    var reached: Int
    var texts: Int
  }

  /// Opens a page, examines it in both colour schemes and at a phone's width, and operates it by keyboard.
  static func examine(_ page: String, name: String) async throws -> Findings {
    let program = try #require(
      program, "no browser: apt-get install chromium, or set MHPCHECK_CHROMIUM")
    let folder = try PrivateFolder()
    let file = try folder.write("\(name).html", page)
    let driver = Repository.url("Tests/Fixtures/browser/examine.py").path
    let pictures = ProcessInfo.processInfo.environment["MHPCHECK_SCREENSHOTS"]
    let result = try await Subprocess.run(
      .name("python3"),
      arguments: .init([driver, program, file] + [pictures].compactMap { $0 }),
      output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
    return try #require(
      try? JSONDecoder().decode(Findings.self, from: Data(result.standardOutput.utf8)),
      "\(result.terminationStatus): \(result.standardError.suffix(1000))")
  }
}

@Suite(
  "A page in a browser", .serialized,
  .enabled(
    if: Browser.program != nil || Browser.isNeeded,
    "no browser: apt-get install chromium, or set MHPCHECK_CHROMIUM"))
struct BrowserTests {
  @Test(
    "has no errors or requests, is readable in both schemes and on a phone, and works by keyboard",
    arguments: SnapshotOutcome.allCases)
  func page(outcome: SnapshotOutcome) async throws {
    let page = Printed.html(CheckDocument.of(try outcome.outcome()))
    let findings = try await Browser.examine(page, name: outcome.rawValue)
    #expect(findings.complaints == [])
    #expect(findings.requests == [])
    // At least the skip link and the choice of colours; enough texts to show that the check has looked at
    // them.
    #expect(findings.reached >= 2)
    #expect(findings.texts >= 10)
  }

  @Test("passes the same checks with running kernels on it, whatever a kernel said")
  func confirmed() async throws {
    var hazard = SampleConfirmation.hazard
    hazard.lines = [SampleConfirmation.hostile, String(repeating: "wide ", count: 100)]
    let report = SampleConfirmation.report(hazards: [hazard])
    let file = try ConfirmFile(
      name: "known.json", jsonText: JSONRenderer().render(report, tool: "0.1.0"))
    let page = Printed.html(
      CheckDocument.of(try SnapshotOutcome.missingFixes.outcome(), confirmed: [file, file]))
    let findings = try await Browser.examine(page, name: "confirmed")
    #expect(findings.complaints == [])
    #expect(findings.requests == [])
    #expect(findings.reached >= 4)
  }

  @Test("passes the same checks if it is of another verb", arguments: SampleVerb.allCases)
  func verb(verb: SampleVerb) async throws {
    let findings = try await Browser.examine(
      Printed.html(try verb.document()), name: verb.rawValue)
    #expect(findings.complaints == [])
    #expect(findings.requests == [])
    #expect(findings.reached >= 4)
  }

  @Test("fails the checks if it cannot be read or used") func unfit() async throws {
    let page = """
      <!doctype html><html><head><meta charset="utf-8"><title>x</title></head><body>
      <header></header><main id="content"><a class="skip" href="#content">s</a><h1>One</h1><h3>Three</h3>
      <p style="color: #999; background: #fff">faint</p><img src="https://example.org/x.png">
      <p style="width: 900px">wide</p><button></button><table><tr><td>x</td></tr></table>
      <select id="scheme"></select><p id="scheme"></p><span id="said"></span>
      <script>console.log("heard"); undefined.x</script></main><footer></footer></body></html>
      """
    let findings = try await Browser.examine(page, name: "unfit")
    let expected = [
      "the page has no language", "a heading of level 3 follows one of level 1",
      "a contrast of 2.85 to 1", "a control has no name", "a table has no caption",
      "the id scheme is there twice", "a picture is not said to be one", "an attribute style",
      "the console says", "a script fails", "at 360 pixels the page is",
    ]
    for what in expected {
      #expect(findings.complaints.contains { $0.hasPrefix(what) }, "\(what)")
    }
    #expect(findings.requests.contains("https://example.org/x.png"))
  }
}
