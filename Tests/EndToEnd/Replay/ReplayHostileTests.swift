// SPDX-License-Identifier: GPL-2.0-only

import Foundation
import TestSupport
import Testing

/// Case files, subjects and arguments that try to break the output of `mhpcheck replay`.
@Suite("A reproducer of a stranger's case or subject")
struct ReplayHostileTests {
  private static let name = "free-pmd-table/empty-hot-added@sv39"
  private static let forged =
    #"*/ int evil(void) { return \"x\"; } /* \\ ??/ \n #error evil \u202e\u001b[2J"#

  /// A case file with a forged id and purpose.
  private func forgedCase(_ scratch: PrivateFolder, _ name: String) async throws -> String {
    let shown = try await Program.run(["list", "cases", "--show", name])
    let object = try JSONDecoder().decode(JSON.self, from: Data(shown.output.utf8)).object
    var text = shown.output
    for field in ["id", "purpose"] {
      let value = try #require(object?[field]?.string)
      text = text.replacing("\"\(value)\"", with: "\"\(Self.forged)\"")
    }
    return try scratch.write("case.json", text)
  }

  @Test("builds and passes, whatever a case is called")
  func caseWords() async throws {
    let scratch = try PrivateFolder()
    let file = try await forgedCase(scratch, Self.name)
    let reproducer = try await Reproducer.write(scratch, [file])
    let text = try reproducer.text
    #expect(!text.contains("\u{202e}") && !text.contains("\u{1b}"))
    for compiler in ReproducerTests.compilers {
      let outcome = try await reproducer.run(
        compiler: compiler, flags: "-O2 -Wall -Wextra -Werror -trigraphs")
      #expect(outcome.status == 0, "\(outcome.testDescription)")
    }
  }

  @Test("keeps a subject's own comments, strings and name, and still builds")
  func subjectText() async throws {
    let scratch = try PrivateFolder()
    let reference = try VariantFiles.reference()
    let words = "\tunsigned int slot;\n"
    try #require(reference.contains(words))
    let subject = try scratch.write(
      "evil\" */ ??/.c",
      reference.replacing(
        words,
        with: words
          + "\tstatic const char note[] __maybe_unused = \"*/ ??/ \\\" #include <stdio.h>\"; // \\ \n",
        maxReplacements: 1))
    let reproducer = try await Reproducer.write(scratch, [Self.name, subject])
    let outcome = try await reproducer.run(compiler: "gcc", flags: "-O2 -Wall")
    #expect(outcome.status == 0, "\(outcome.testDescription)")
  }

  @Test("contains no file of the machine: a subject that includes one is refused")
  func include() async throws {
    let scratch = try PrivateFolder()
    let reference = try VariantFiles.reference()
    let words = "\tunsigned int slot;\n"
    let subject = try scratch.write(
      "s.c",
      reference.replacing(
        words, with: "#include \"/etc/passwd\"\n" + words, maxReplacements: 1))
    let folder = scratch.file("out")
    try await Program.run([
      "replay", "free-pte-table/empty-hot-added@sv39", subject, "--format", "c", "--output", folder,
    ]).isOneLine(status: 3, mentions: ["include"])
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test("is not written for a case with wild numbers, which one line refuses")
  func wildNumbers() async throws {
    let scratch = try PrivateFolder()
    let shown = try await Program.run(["list", "cases", "--show", Self.name])
    let wild = shown.output.replacing("\"slot\": ", with: "\"slot\": 99999999999")
    try #require(wild != shown.output)
    let file = try scratch.write("case.json", wild)
    try await Program.run(
      ["replay", file, "--format", "c", "--output", scratch.file("out")]
    ).isOneLine(status: 3, mentions: ["slot", "is not in 0...511"])
  }

  @Test("is only written to an unused folder that the user names")
  func targets() async throws {
    let scratch = try PrivateFolder()
    try await Program.run(["replay", Self.name, "--format", "c"]).isOneLine(
      status: 2, mentions: ["--output"])
    let used = try scratch.folder("used")
    try scratch.write("used/mine", "mine")
    try await Program.run(["replay", Self.name, "--format", "c", "--output", used]).isOneLine(
      status: 2, mentions: [used])
    #expect(try String(contentsOfFile: "\(used)/mine", encoding: .utf8) == "mine")
    #expect(try FileManager.default.contentsOfDirectory(atPath: used) == ["mine"])
    let file = try scratch.write("file", "mine")
    try await Program.run(["replay", Self.name, "--format", "c", "--output", file]).isOneLine(
      status: 2, mentions: [file])
    try await Program.run([
      "replay", Self.name, "--format", "c", "--output", "/proc/none/out",
    ]).isOneLine(status: 4, mentions: ["/proc/none/out"])
    try await Program.run(["replay", Self.name, "--output", scratch.file("x")]).isOneLine(
      status: 2, mentions: ["--format"])
    try await Program.run([
      "replay", Self.name, "--format", "c", "--hazard", "H2", "--output", scratch.file("x"),
    ]).isOneLine(status: 2, mentions: ["H2"])
  }
}
