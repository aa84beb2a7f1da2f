// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Engine
@testable import Reports

/// Compares the results in `docs/use/confirm.md` with the recorded ones.
@Suite("Recorded confirmations")
struct ConfirmDocumentTests {
  private static let page = Repository.root.appending(path: "docs/use/confirm.md").path
  private static let folder = Repository.root.appending(path: "docs/confirmed")

  private static func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .filter { $0.hasSuffix(".json") }.sorted().map { "\(folder.path)/\($0)" }
  }

  private static func text(_ path: String) throws -> String {
    try String(contentsOf: URL(filePath: path), encoding: .utf8)
  }

  /// The output of the tables' script for a folder.
  private static func results(of folder: String, _ arguments: [String] = []) async throws -> String
  {
    let script = self.folder.appending(path: "table.py").path
    let made = try await Program.start("python3", [script, folder] + arguments)
    #expect(made.status == 0, "\(made.testDescription)")
    return made.output
  }

  @Test(
    "The document has the tables of the recorded results; make confirm-table writes them")
  func isCurrent() async throws {
    let document = try Self.text(Self.page)
    let results = try await Self.results(of: Self.folder.path)
    #expect(document.ranges(of: results).count == 1, "make confirm-table writes it anew")
  }

  @Test("Each recorded file is readable, and the document has a row for each of its cases")
  func rows() throws {
    let document = try Self.text(Self.page)
    for path in try Self.files() {
      let text = try Self.text(path)
      _ = try ConfirmFile(name: path, jsonText: text)
      let object = try #require(try JSONDecoder().decode(JSON.self, from: Data(text.utf8)).object)
      for one in try #require(object["cases"]?.array).compactMap(\.object) {
        #expect(document.contains("| `\(one["id"]?.string ?? "")` |"), "\(path)")
      }
    }
  }

  /// A handwritten file in the format of `mhpcheck confirm --json`.
  private static func made(kernel: String, second: String) -> String {
    let compared = "\"compared\": {\"leaves\": 5, \"tables\": 2, \"events\": 7}"
    let nothing = "\"disagreements\": [], \"hazards\": []"
    return """
      {"schema": "mhpcheck.confirm/1", "tool": "0.1.0", "kernel": "\(kernel)", "release": "6.12.1",
       "machine": "QEMU 7.2.22", "seconds": 61.4, "cases": [
        {"id": "a/b", "mode": "sv39", "status": "agrees", "seconds": 4, \(nothing), \(compared)},
        {"id": "a/b", "mode": "sv57", \(second), \(compared)}]}

      """
  }

  @Test(
    "A table has a row per case and a column per mode, and quotes foreign text as code")
  func table() async throws {
    let scratch = try PrivateFolder()
    let hazard =
      "{\"id\": \"H2\", \"step\": \"30 cycles of 0\", \"predicted\": \"it falls\", \"seen\": \"it fell\", "
      + "\"lines\": [\"a|`b`<i>\\u001b\\n# c\"]}"
    let part =
      "{\"step\": \"add 0\", \"aspect\": \"globals\", \"place\": \"max_pfn\", \"model\": \"1\", "
      + "\"kernel\": \"2\"}"
    try scratch.write(
      "recorded/one.json",
      Self.made(
        kernel: "debian:trixie",
        second: "\"status\": \"disagrees\", \"seconds\": 5, \"disagreements\": [\(part)], "
          + "\"hazards\": [\(hazard)]"))
    try scratch.write(
      "recorded/two.json",
      Self.made(
        kernel: "/boot/My`Image|",
        second:
          "\"status\": \"skipped\", \"seconds\": 0, \"reason\": \"x\", \"disagreements\": [], "
          + "\"hazards\": []"))
    let lines = try await Self.results(of: scratch.file("recorded")).split(separator: "\n")
      .map(String.init)
    for line in [
      "### `debian:trixie`", "### ``/boot/My`Image\\|``", "| case | sv39 | sv48 | sv57 |",
      "| `a/b` | agrees |  | **differs** |", "| `a/b` | agrees |  | skipped |",
      "`6.12.1` on `QEMU 7.2.22`: 1 of 2 agree, 1 differ, 0 skipped, in 61 s; 10 leaves, 4 tables and "
        + "14 events were compared.",
      "`a/b@sv57`, `add 0`, `max_pfn`: the model has `1`, the kernel `2`.",
      "- H2, in 1 step, e.g. `a/b@sv57`, `30 cycles of 0`: predicted `it falls`; seen `it fell`; "
        + "the kernel: ``a\\|`b`<i>\\u{1B}\\u{A}# c``",
    ] {
      #expect(lines.contains(line), "\(line) is not in \(lines)")
    }
    let page = try scratch.write(
      "page.md", "before\n\(lines[0])\nold\n<!-- end of results -->\nafter\n")
    _ = try await Self.results(of: scratch.file("recorded"), [page])
    let text = try Self.text(page)
    #expect(text.hasPrefix("before\n<!-- ") && text.hasSuffix("results -->\nafter\n"))
    #expect(text.contains("### `debian:trixie`") && !text.contains("\nold\n"))
  }
}
