// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Engine
@testable import Lab
@testable import Reports

@Suite("A confirmation read back from JSON")
struct ConfirmFileTests {
  private func json(_ report: ConfirmReport = SampleConfirmation.report()) -> String {
    JSONRenderer().render(report, tool: "0.1.0")
  }

  private func complaint(_ text: String) -> String? {
    do throws(Failure) {
      _ = try ConfirmFile(name: "known.json", jsonText: text)
      return nil
    } catch { return error.message }
  }

  @Test("equals the one that was written")
  func roundTrip() throws {
    let read = try ConfirmFile(name: "known.json", jsonText: json()).confirmation
    #expect(read.kernel == "debian:trixie" && read.release == "6.12.107-riscv64")
    #expect(read.cases.map(\.status) == ["agrees", "disagrees", "skipped"])
    #expect(read.cases[2].reason == "no such driver")
    #expect(read.cases[1].disagreements.map(\.kernel) == ["nothing"])
    #expect(read.cases[1].hazards.map(\.lines.count) == [2])
    #expect(read.cases[0].compared.leaves == 528)
  }

  @Test(
    "is refused with the place of anything that no run writes",
    arguments: [
      ("\"tool\" :", "\"forged\" :", "unknown member \"forged\""),
      (
        "\"mhpcheck.confirm/1\"", "\"mhpcheck.report/1\"",
        "schema: \"mhpcheck.report/1\" is not \"mhpcheck.confirm/1\""
      ),
      ("\"status\" : \"agrees\"", "\"status\" : \"fine\"", "cases[0].status: none of"),
      (
        "\"status\" : \"disagrees\"", "\"status\" : \"agrees\"",
        "cases[1].disagreements: contradicts"
      ),
      (
        "\"status\" : \"skipped\"", "\"status\" : \"agrees\"",
        "cases[2].reason: required for skipped"
      ),
      ("\"mode\" : \"sv39\"", "\"mode\" : \"sv32\"", "cases[0].mode: no paging mode"),
      ("\"leaves\" : 528", "\"leaves\" : -1", "cases[0].compared.leaves: out of range"),
      ("\"leaves\" : 528", "\"leaves\" : 0.5", "cases[0].compared.leaves: not a whole number"),
      ("\"leaves\" : 528", "\"leaves\" : 9223372036854775807", "compared.leaves: out of range"),
      ("\"seconds\" : 16.5", "\"seconds\" : 1e300", "seconds: out of range"),
      ("\"seconds\" : 16.5", "\"seconds\" : \"16\"", "seconds: not a number"),
      (
        "\"aspect\" : \"tables\"", "\"aspect\" : \"colour\"",
        "disagreements[0].aspect: \"colour\" is not"
      ),
      (
        "\"id\" : \"H1\"", "\"id\" : \"H99\"",
        "cases[1].hazards[0].id: \"H99\" is not a hazard's id"
      ),
      ("\"step\" : \"remove 0\"", "\"tsep\" : \"remove 0\"", "hazards[0]: unknown member \"tsep\""),
      ("\"machine\" : \"QEMU 7.2.22\",", "", "machine: missing"),
      ("{", "[", "is not JSON"),
    ] as [(String, String, String)])
  func refused(old: String, new: String, words: String) throws {
    let text = json()
    let place = try #require(text.firstRange(of: old), "\(old)")
    let message = try #require(complaint(text.replacingCharacters(in: place, with: new)))
    #expect(message.hasPrefix("known.json"))
    #expect(message.contains(words), "\(message)")
  }

  @Test("with an error is refused, and the message escapes control characters of a name")
  func failures() throws {
    let failed = JSONRenderer().render(
      confirmFailure: "no QEMU", kernel: "debian:trixie", tool: "0.1.0")
    #expect(try #require(complaint(failed)).contains("was not completed: no QEMU"))
    let hostile = try #require(complaint("{\"\\u001b[2J\\n\": 1}"))
    #expect(hostile.hasSuffix("unknown member \"?[2J?\""), "\(hostile)")
    #expect(complaint("[]") == "known.json: not an object")
    #expect(complaint(String(repeating: "[", count: 100_000))?.contains("not JSON") == true)
  }

  @Test("is part of a check's page, with the kernel's words as text")
  func page() throws {
    var hazard = SampleConfirmation.hazard
    hazard.lines = [SampleConfirmation.hostile, "plain words"]
    let file = try ConfirmFile(
      name: "<i>known.json", jsonText: json(SampleConfirmation.report(hazards: [hazard])))
    let outcome = try SnapshotOutcome.conforming.outcome()
    let page = Printed.html(CheckDocument.of(outcome, confirmed: [file]))
    for text in [
      "<a href=\"#confirmed\">Confirmed on running kernels</a>",
      "<h2 id=\"confirmed\">Confirmed on running kernels</h2>",
      "<code>debian:trixie</code>: 1 of 3 cases agree, 1 differs, 1 skipped",
      """
      <code>linear/much-longer@sv57</code>, <code>add 0</code>, <code>linear map at \
      0xff60000090000000</code>: 
      """
        + "the model has "
        + "<code>a 2 MiB leaf</code>, the kernel <code>nothing</code>",
      "H1: removing a part of a section unmaps", "Seen: <code>the kernel stops</code>.",
      "&lt;script&gt;alert(1)&lt;/script&gt;", "\nplain words</pre>",
      "<code>&lt;i&gt;known.json</code>",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("<script>alert") && !page.contains("<i>known"))
    for scalar in page.unicodeScalars where scalar != "\n" {
      let category = scalar.properties.generalCategory
      #expect(category != .control && category != .format, "U+\(String(scalar.value, radix: 16))")
    }
    #expect(!Printed.html(CheckDocument.of(outcome)).contains("id=\"confirmed\""))
  }
}
