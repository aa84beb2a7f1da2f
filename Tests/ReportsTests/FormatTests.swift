// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Port
@testable import Reports

@Suite("A check written")
struct FormatTests {
  @Test(
    "as a mail has at most 25 lines of 72 columns, and a tag only if it conforms",
    arguments: SnapshotOutcome.allCases)
  func mail(outcome: SnapshotOutcome) throws {
    let made = try outcome.outcome()
    let lines = SnapshotFormat.mail.render(made).split(
      separator: """
        \n
        """, omittingEmptySubsequences: false)
    #expect(lines.count <= 26 && lines.last == "")
    #expect(lines.filter { $0.unicodeScalars.count > 72 } == [])
    let tags = lines.filter { $0.contains("-by:") && !$0.hasPrefix(" ") }
    #expect(tags.count == (made.verdict == .conforms ? 1 : 0), "\(tags)")
    // No line that a mail reader takes for a separator, a signature or the end.
    #expect(lines.filter { $0.hasPrefix("-") || $0.hasPrefix("From ") || $0 == "." } == [])
  }

  @Test("as Markdown stays within what a merge request takes, however much differs")
  func bounded() throws {
    guard case .judged(var report) = try SnapshotOutcome.hostile.outcome() else { return }
    report.differences = Array(repeating: report.differences, count: 50).flatMap { $0 }
    let text = SnapshotFormat.markdown.render(.judged(report))
    #expect(text.utf8.count <= 60_000)
    #expect(text.contains("--json FILE"))
  }

  @Test("as SARIF has a warning, not an error, for a fix beyond what was asked for")
  func beyond() {
    let report = SampleReport.report(
      findings: [SampleReport.finding(agreesWith: [.latest])], against: .asMerged)
    let findings = SARIFFindings(report)
    #expect(findings.results.map(\.level) == [.warning, .warning])
    #expect(findings.rules.map(\.id) == ["fix-beyond/21f1b85c8912", "fix-beyond/a0188cc13369"])
  }

  @Test("as SARIF names a function without its file if that is not on disk")
  func notOnDisk() throws {
    var source = FunctionSource(
      function: .freePteTable, file: "linux.tar:init.c", isOnDisk: false,
      lines: [.init(number: 7, text: "x")])
    #expect(SARIFLog.Location("free_pte_table", source).physicalLocation == nil)
    source.isOnDisk = true
    source.file = "a b:%c"
    let place = try #require(SARIFLog.Location("free_pte_table", source).physicalLocation)
    #expect(place.artifactLocation.uri == "./a%20b:%25c")
    #expect(place.region.startLine == 7 && place.region.endLine == 7)
    source.file = "/\u{fc}"
    #expect(
      SARIFLog.Location("f", source).physicalLocation?.artifactLocation.uri == "file:///%C3%BC")
  }

  @Test("as text says in one line why there is no verdict")
  func failedText() throws {
    let text = Printed.text(CheckDocument.of(try SnapshotOutcome.notRun.outcome()), isQuiet: true)
    #expect(
      text == "incomplete: workers cannot be started: Resource temporarily unavailable; run again "
        + "with --jobs 1\n")
  }

  @Test(
    "names a subject as a single word for a shell",
    arguments: [
      ("a/b-c_1.patch", "a/b-c_1.patch"), ("debian:linux-source-6.12", "debian:linux-source-6.12"),
      ("a b", "'a b'"), ("", "''"), ("it's", "'it'\\''s'"), ("x; rm -rf ~", "'x; rm -rf ~'"),
      ("\u{fc}", "'\u{fc}'"), ("a\n'\\", "$'a\\x0a\\'\\\\'"),
      ("\u{202e}x", "$'\\xe2\\x80\\xaex'"),
    ] as [(String, String)])
  func shellWord(text: String, word: String) {
    #expect(SafeText.shellWord(text) == word)
  }

  @Test("as XML escapes markup, and replaces what XML cannot contain")
  func xml() {
    let text = "<a&\"'>]]>\u{0}\u{1b}\u{7f}\u{fffe}\u{ffff}\u{1f600}\r\n\t"
    #expect(
      XMLElement.escaped(text, isAttribute: false)
        == "&lt;a&amp;&quot;'&gt;]]&gt;\u{fffd}\u{fffd}\u{7f}\u{fffd}\u{fffd}\u{1f600}&#13;\n\t")
    #expect(XMLElement.escaped("\n\t", isAttribute: true) == "&#10;&#9;")
    #expect(
      XMLElement(name: "a", attributes: [("b", "\"")], children: [XMLElement(name: "c", text: "<")])
        .document
        == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a b=\"&quot;\">\n  <c>&lt;</c>\n</a>\n")
  }

  @Test("as JSON escapes invisible characters, which read back unchanged")
  func json() throws {
    let text = JSONText.of([HostileText.all])
    #expect(text.contains("\\u202e") && text.contains("\\u001b"))
    #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == [HostileText.all])
    #expect(JSONText.of(["\u{10ffff}"]).contains("\\udbff\\udfff"))
  }

  @Test("leaves out the middle of a text that is too long, whatever its characters")
  func shortened() {
    #expect(SafeText.shortened("0123456789", to: 10) == "0123456789")
    #expect(SafeText.shortened("0123456789a", to: 10) == "0123...89a")
  }
}
