// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

/// Command lines that ask for something that does not exist: one line, exit status 2.
@Suite("Wrong usage")
struct BadUsageTests {
  @Test(
    "One line names what is wrong, and the exit status is 2",
    arguments: [
      (["check"], "subject"),
      (["check", "builtin", "surplus"], "surplus"),
      (["check", "builtin", "--nonsense"], "--nonsense"),
      (["check", "builtin", "--mode", "sv32"], "sv39"),
      (["check", "builtin", "--mode"], "--mode"),
      (["check", "builtin", "--against", "deadbeef0000"], "a0188cc13369"),
      (["check", "builtin", "--against", "21f1b85c8912,"], "--against"),
      (["check", "builtin", "--jobs", "0"], "--jobs"),
      (["check", "builtin", "--jobs", "-1"], "--jobs"),
      (["check", "builtin", "--jobs", "many"], "--jobs"),
      (["check", "builtin", "--seed", "-1"], "--seed"),
      (["check", "builtin", "--json"], "--json"),
      (["check", "builtin", "--base", "base.c"], "--base needs a patch"),
      (["replay"], "scenario"),
      (["replay", "no-such-case"], "no-such-case"),
      (["replay", "vmemmap-free/a-section@sv32"], "sv32"),
      (["list", "nonsense"], "cases"),
      (["list", "cases", "--show", "no-such-case"], "no-such-case"),
      (["nonsense"], "nonsense"),
    ])
  func wrongUsage(arguments: [String], word: String) async throws {
    let scratch = try PrivateFolder()
    let temporary = try scratch.folder("temporary")
    try await Program.run(arguments, environment: ["TMPDIR": temporary]).isOneLine(
      status: 2, mentions: [word])
    #expect(try FileManager.default.contentsOfDirectory(atPath: temporary).isEmpty)
  }

  @Test("--base with a C file is wrong usage, and writes no report")
  func baseForFile() async throws {
    let scratch = try PrivateFolder()
    let file = try scratch.write("init.c", try VariantFiles.reference())
    let json = scratch.file("report.json")
    try await Program.run(["check", file, "--base", file, "--json", json]).isOneLine(
      status: 2, mentions: [file, "--base"])
    #expect(!FileManager.default.fileExists(atPath: json))
  }
}
