// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Subjects

@Suite struct BackportPatchTests {
  private static let path = "arch/riscv/mm/init.c"

  private static func diff(_ old: String, _ new: String, _ hunk: String) -> String {
    """
    diff --git a/\(path) b/\(path)
    index \(old)..\(new) 100644
    --- a/\(path)
    +++ b/\(path)
    \(hunk)

    """
  }

  private func read(_ text: String) async throws -> SubjectText {
    let scratch = try PrivateFolder()
    return try await readSubject(try scratch.write("x.patch", text))
  }

  @Test("a log with the newest change first is refused, and one with the oldest first is read")
  func order() async throws {
    let first = Self.diff("aaaa", "bbbb", "@@ -1 +1,2 @@\n one\n+two")
    let second = Self.diff("bbbb", "cccc", "@@ -1,2 +1,3 @@\n one\n two\n+three")
    let files = try await read(first + second).files
    #expect(files[0].lines.map(\.text) == ["one", "two", "three"])
    let error = await #expect(throws: Failure.self) { try await read(second + first) }
    #expect(error?.message.contains("newest first") == true)
  }

  @Test("lines of a message that look like a file's header are prose if no hunk follows")
  func prose() async throws {
    let text = "--- a note\n+++ another\n@@ prose @@\n\n"
    let files = try await read(text + Self.diff("a", "b", "@@ -1 +1,2 @@\n one\n+two")).files
    #expect(files.map(\.path) == [Self.path])
  }

  @Test(
    "a diff of another format is refused by its name",
    arguments: [
      ("\u{1b}[1mdiff --git a/x b/x\u{1b}[m\n", "colour codes"),
      ("diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n", "renames"),
      ("*** a/x\tdate\n--- b/x\tdate\n***************\n*** 1 ****\n", "context diff"),
      ("hello\n", "no patch"),
    ])
  func otherForms(text: String, reason: String) async {
    let error = await #expect(throws: Failure.self) { try await read(text) }
    #expect(error?.message.contains(reason) == true, "\(error?.message ?? "")")
  }

  @Test("text with carriage returns as its only line ends is refused")
  func carriageReturns() async {
    let error = await #expect(throws: Failure.self) { try await read("int a;\rint b;\r") }
    #expect(error?.message.contains("carriage returns") == true)
  }
}
