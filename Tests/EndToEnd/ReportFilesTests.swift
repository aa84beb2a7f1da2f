// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("A check with report files")
struct ReportFilesTests {
  /// An option for each format, with the name of a file.
  private static let options = SnapshotFormat.files.flatMap { [$0.option, name($0)] }

  private static func name(_ format: SnapshotFormat) -> String { "report.\(format.rawValue)" }

  private func text(_ format: SnapshotFormat, in folder: PrivateFolder) throws -> String {
    try String(contentsOf: URL(filePath: folder.file(Self.name(format))), encoding: .utf8)
  }

  @Test("writes all formats in one run, and the text to standard output")
  func all() async throws {
    let folder = try PrivateFolder()
    let outcome = try await Program.run(
      ["check", SubjectWithoutFixes.path, "--depth", "smoke"] + Self.options, folder: folder.path)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(outcome.output.hasPrefix("missing-fixes: faithful to the patch as merged"))
    for format in SnapshotFormat.files {
      let text = try text(format, in: folder)
      #expect(text.hasPrefix(format.start), "\(format): \(text.prefix(60))")
      for fix in ["21f1b85c8912", "a0188cc13369"] {
        #expect(text.contains(fix), "\(fix) in \(format)")
      }
    }
  }

  @Test("writes them for a subject that does not compile, too, and the exit status says so")
  func unbuildable() async throws {
    let folder = try PrivateFolder()
    try folder.write("bad.c", "int x;\n")
    let outcome = try await Program.run(["check", "bad.c"] + Self.options, folder: folder.path)
    outcome.isOneLine(status: 3, mentions: ["bad.c"])
    for format in SnapshotFormat.files {
      #expect(try text(format, in: folder).contains("bad.c"), "\(format)")
    }
  }

  @Test("escapes the control characters of a file's name in its error")
  func complaint() async throws {
    let outcome = try await Program.run(["check", "no\u{1b}[31m\u{9b}such\u{202e}.patch"])
    let line = outcome.isOneLine(status: 3)
    #expect(line.contains("no\\u{1B}[31m\\u{9B}such\\u{202E}.patch"), "\(line)")
  }

  @Test("writes only one format to standard output, with -")
  func standardOutput() async throws {
    let outcome = try await Program.run(
      [
        "check", SubjectWithoutFixes.path, "--depth", "smoke", "--no-shrink", "--no-coverage",
        "--ktap", "-",
      ])
    #expect(outcome.status == 1)
    #expect(outcome.output.hasPrefix("KTAP version 1\n"))
    #expect(outcome.output.hasSuffix("\n") && !outcome.output.contains("\nCauses\n"))
  }

  @Test(
    "is refused before anything runs if two formats have the same destination",
    arguments: ["-", "report"])
  func twice(place: String) async throws {
    let folder = try PrivateFolder()
    let outcome = try await Program.run(
      ["check", "builtin", "--sarif", place, "--junit", place], folder: folder.path)
    #expect(outcome.status == 2, "\(outcome.testDescription)")
    #expect(outcome.output.isEmpty)
    #expect(
      outcome.errors.contains(
        "\(place == "-" ? "standard output" : place) can take one report, not two"))
  }

  @Test("says which file cannot be written, and why")
  func unwritable() async throws {
    let outcome = try await Program.run([
      "check", SubjectWithoutFixes.path, "--depth", "smoke", "--quiet", "--markdown",
      "/nowhere/report.md",
    ])
    outcome.isOneLine(status: 4, mentions: ["/nowhere/report.md", "No such file or directory"])
  }

  @Test("writes replay commands that a shell can run, whatever a file is called")
  func quoted() async throws {
    let folder = try PrivateFolder()
    let name = "it's $(touch x) `y`.patch"
    try folder.write(name, try SubjectWithoutFixes.patch())
    let outcome = try await Program.run(
      ["check", name, "--depth", "smoke", "--no-shrink", "--no-coverage", "--mail", "mail"],
      folder: folder.path)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let line = try #require(
      outcome.output.split(separator: "\n").first { $0.hasPrefix("  replay: ") })
    #expect(line.hasSuffix(" 'it'\\''s $(touch x) `y`.patch'"), "\(line)")
  }
}
