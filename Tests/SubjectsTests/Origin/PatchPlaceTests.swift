// SPDX-License-Identifier: GPL-2.0-only

import Machine
import TestSupport
import Testing

@testable import Subjects

@Suite("The place of a hunk in its base")
struct PatchPlaceTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let main = "arch/riscv/mm/init.c"

  private static func text(_ words: String) -> String {
    words.split(separator: " ").map { "\($0)\n" }.joined()
  }

  /// Hunks that end or begin with the file, or do not, each with two bases: in one, their lines are at that end.
  private static let hunks = [
    ("@@ -9,2 +9,3 @@\n a\n b\n+new\n", "x a b c a b", "x a b c"),
    ("@@ -2,2 +2,1 @@\n a\n-b\n", "x a b c a b", "x a b c"),
    ("@@ -1,2 +1,3 @@\n+new\n a\n b\n", "a b x a b", "x a b"),
    ("@@ -1,3 +1,4 @@\n a\n b\n+new\n c\n", "a b c x a b c", "x a b c x"),
    ("@@ -4,2 +4,3 @@\n+new\n a\n b\n", "x a b x x", "x b a"),
    ("@@ -4,3 +4,4 @@\n a\n b\n+new\n c\n", "x a b c x", "x a b"),
    ("@@ -1,2 +1,3 @@\n a\n b\n+new\n", "a b", "a b c"),
  ]

  @Test("is where git finds it, and a hunk that git refuses is refused", arguments: hunks)
  func asGit(hunk: String, right: String, wrong: String) async throws {
    let path = try scratch.write("x.patch", initHeader + hunk)
    for (words, isRight) in [(right, true), (wrong, false)] {
      let base = try scratch.write(Self.main, Self.text(words))
      var ours = "refused\n"
      do {
        let texts = try await readSubject(path, base: base).files.first?.texts ?? []
        ours = Self.text(texts.joined(separator: " "))
      } catch {
        #expect(
          (error as? Failure)?.message == "hunk 1 (line 4 of the patch) does not apply to \(base)")
      }
      let theirs = try await scratch.run(
        "sh", "-c", "git apply x.patch 2> /dev/null && cat \(Self.main) || echo refused")
      #expect(ours == theirs, "\(hunk) on \(words)")
      #expect((ours != "refused\n") == isRight, "\(hunk) on \(words)")
    }
  }
}

@Suite("A base that defines what a patch adds")
struct RepeatedFunctionTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let main = "arch/riscv/mm/init.c"
  private static let start = "int first;\n\nint second;\n"
  private static let end = "int third;\n\nint last;\n"

  private static func function(_ name: String, _ value: Int = 0) -> String {
    "static int \(name)(void)\n{\n\treturn \(value);\n}\n"
  }

  /// A patch in git's form from one text of `init.c` to another.
  private func patch(from old: String, to new: String) async throws -> String {
    try scratch.write("old/\(Self.main)", old)
    try scratch.write("new/\(Self.main)", new)
    let text = try await scratch.run(
      "sh", "-c", "git diff --no-index --no-color old new || true")
    return try scratch.write(
      "x.patch", text.replacing("a/old/", with: "a/").replacing("b/new/", with: "b/"))
  }

  @Test("in a newer state is named with the functions, where the patch does not apply")
  func newer() async throws {
    let names = ["one", "two", "three", "four", "five"]
    for count in 1...5 {
      let added = names.prefix(count)
      let patch = try await patch(
        from: Self.start, to: Self.start + added.map { Self.function($0) }.joined())
      let base = try scratch.write(
        "base.c",
        Self.start + added.map { Self.function($0, $0 == "one" ? 7 : 0) }.joined() + Self.end)
      let error = await refusal { _ = try await readSubject(patch, base: base) }
      let what =
        switch count {
        case 1: "one, which the patch adds"
        case 2: "one and two, which the patch adds"
        case 3: "one, two and three, which the patch adds"
        default: "one and \(count - 1) others that the patch adds"
        }
      #expect(error.message == "\(base) already defines \(what)")
      #expect(error.advice?.hasPrefix("check \(base) by itself") == true)
    }
  }

  @Test("in the very state of the patch is said to contain it, although its first lines match")
  func same() async throws {
    let new = Self.start + Self.function("one")
    let patch = try await patch(from: Self.start, to: new)
    let base = try scratch.write("base.c", new)
    let error = await refusal { _ = try await readSubject(patch, base: base) }
    #expect(error.message == "\(base) already contains the patch")
  }

  @Test("is named, too, where the patch would apply")
  func applies() async throws {
    let patch = try await patch(
      from: Self.start + Self.end, to: Self.start + Self.function("one") + Self.end)
    let base = try scratch.write(
      "base.c", Self.start + Self.end + "\n" + Self.function("one", 7))
    let error = await refusal { _ = try await readSubject(patch, base: base) }
    #expect(error.message == "\(base) already defines one, which the patch adds")
  }

  @Test("is no obstacle if its definition is for another configuration, or moves")
  func others() async throws {
    let patch = try await patch(
      from: Self.start + Self.end, to: Self.start + Self.function("one") + Self.end)
    for (opening, closing) in [("#ifdef CONFIG_ODD", "#endif"), ("#if 0", "#endif")] {
      let base = try scratch.write(
        "base.c",
        Self.start + Self.end + "\n\(opening)\n" + Self.function("one", 7) + "\(closing)\n")
      let lines = try await readSubject(patch, base: base).files.first?.lines ?? []
      #expect(lines.count(where: \.isAdded) == 4, "\(opening)")
    }
    let filler = (1...20).map { "int filler\($0);\n" }.joined()
    let moved = try await self.patch(
      from: Self.start + Self.function("one") + filler + Self.end,
      to: Self.start + filler + Self.function("one") + Self.end)
    let base = try scratch.write("base.c", Self.start + Self.function("one") + filler + Self.end)
    #expect(try await readSubject(moved, base: base).files.first?.lines.count == 30)
  }

  @Test("with other blanks takes the patch all the same, with one warning")
  func blanks() async throws {
    let old = Self.start + Self.function("one") + Self.function("two") + Self.end
    let new = old.replacing("two(void)", with: "two(int x)")
    let base = try scratch.write("base.c", old)
    let whole = try await patch(from: old, to: new)
    #expect(try await readSubject(whole, base: base).warnings == [])
    let damaged = try scratch.write(
      "y.patch", try scratch.text("x.patch").replacing("\t", with: "        "))
    let subject = try await readSubject(damaged, base: base)
    let warning =
      "\(damaged) has other blanks than \(base), e.g. blanks for tabs: a mail program or an editor "
      + "may have changed it"
    #expect(subject.warnings == [warning])
    let texts = subject.files.first?.texts ?? []
    #expect(texts.joined(separator: "\n") + "\n" == new, "lines of the base stay as they are")
    let words = try scratch.write("other.c", old.replacing("return 0;", with: "return nil;"))
    let error = await refusal { _ = try await readSubject(damaged, base: words) }
    #expect(error.message.hasSuffix("does not apply to \(words)"), "\(error.message)")
  }

  @Test("with tabs gives a warning about a patch whose new lines have blanks, wherever it matches")
  func newBlanks() async throws {
    let base = Self.function("one") + Self.start
    let patch = try await patch(from: base, to: base + Self.function("two"))
    #expect(try await readSubject(patch, base: try scratch.write("base.c", base)).warnings == [])
    let damaged = try scratch.write(
      "y.patch", try scratch.text("x.patch").replacing("\t", with: "        "))
    for (name, contents, isWarned) in [
      ("tabs.c", base, true), ("blanks.c", base.replacing("\t", with: "        "), false),
    ] {
      let path = try scratch.write(name, contents)
      let subject = try await readSubject(damaged, base: path)
      #expect(subject.files.first?.lines.count == 11, "\(name)")
      #expect(subject.warnings.count == (isWarned ? 1 : 0), "\(name): \(subject.warnings)")
    }
  }
}
