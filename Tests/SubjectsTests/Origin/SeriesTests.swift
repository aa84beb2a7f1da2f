// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("Series of patches in one file")
struct SeriesTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let first =
    initHeader + """
      @@ -100,4 +100,9 @@
       before();
       }
      \u{20}
      +static void walk(void)
      +{
      +	wrong();
      +}
      +
       #endif

      """

  private static func fix(at line: Int, context: String = "static void walk(void)") -> String {
    initHeader + "@@ -\(line),4 +\(line),4 @@\n \(context)\n {\n-\twrong();\n+\tright();\n }\n"
  }

  @Test("A later patch edits what an earlier one added", arguments: [103, 95, 300, 2000])
  func stacked(line: Int) async throws {
    let path = try scratch.write("s.mbox", Self.first + Self.fix(at: line))
    let texts = try #require(try await readSubject(path).files.first?.texts)
    #expect(
      texts == [
        "before();", "}", "", "static void walk(void)", "{", "\tright();", "}", "", "#endif",
      ])
  }

  @Test("A later patch may reach beyond what the earlier ones showed")
  func partialOverlap() async throws {
    let path = try scratch.write(
      "s.patch",
      Self.first + initHeader + """
        @@ -107,3 +107,4 @@
        \u{20}
         #endif
         int unseen;
        +int more;

        """)
    let texts = try #require(try await readSubject(path).files.first?.texts)
    #expect(texts.suffix(4) == ["", "#endif", "int unseen;", "int more;"])
    #expect(texts.count == 11)
  }

  @Test("A later patch to a region that no earlier one showed is kept separately, in order")
  func separateRegion() async throws {
    let other = initHeader + "@@ -10,2 +10,3 @@\n int alpha;\n+int beta;\n int gamma;\n"
    let path = try scratch.write("s.patch", Self.first + other)
    let texts = try #require(try await readSubject(path).files.first?.texts)
    #expect(texts.prefix(4) == ["int alpha;", "int beta;", "int gamma;", "before();"])
  }

  @Test("A later patch that contradicts the earlier ones is refused by patch and hunk")
  func contradiction() async throws {
    let fix = Self.fix(at: 103, context: "static void other(void)")
    let mail = "From 0123 Mon Sep 17 00:00:00 2001\nSubject: x\n\n"
    let path = try scratch.write("s.mbox", mail + Self.first + "\n" + mail + fix)
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message.contains("hunk 1 (line 24 of the patch), in patch 2"), "\(error.message)")
    #expect(error.message.contains("arch/riscv/mm/init.c"))
  }

  @Test("A file that a later patch deletes is gone, and one that it renames remains")
  func deletedAndRenamed() async throws {
    let path = try scratch.write(
      "s.patch",
      """
      --- /dev/null
      +++ b/arch/riscv/mm/a.c
      @@ -0,0 +1 @@
      +int a;
      --- /dev/null
      +++ b/arch/riscv/mm/b.c
      @@ -0,0 +1 @@
      +int b;
      --- a/arch/riscv/mm/a.c
      +++ /dev/null
      @@ -1 +0,0 @@
      -int a;
      --- a/arch/riscv/mm/b.c
      +++ b/arch/riscv/mm/c.c
      @@ -1 +1,2 @@
       int b;
      +int c;

      """)
    let files = try await readSubject(path).files
    #expect(files.map(\.path) == ["arch/riscv/mm/c.c"])
    #expect(files.first?.texts == ["int b;", "int c;"])
  }
}

@Suite("Mailboxes")
struct MailTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let diff =
    initHeader + "@@ -1,2 +1,3 @@\n int a;\n+int b = 1; /* \u{e9} */\n int c;\n"

  private func mail(_ encoding: String, _ body: String) -> String {
    """
    From 0123456789 Mon Sep 17 00:00:00 2001
    From: A <a@example.org>
    Subject: [PATCH] x
    Content-Type: text/plain;
     charset="utf-8"
    Content-Transfer-Encoding: \(encoding)


    """ + body
  }

  private func check(_ text: SubjectText, numbers: [Int]) throws {
    let file = try #require(text.files.first)
    #expect(file.texts == ["int a;", "int b = 1; /* \u{e9} */", "int c;"])
    #expect(file.lines.map(\.number) == numbers)
  }

  @Test("A plain mail is read as it stands")
  func plain() async throws {
    let path = try scratch.write("a.mbox", mail("8bit", "Hello.\n---\n" + Self.diff))
    try check(try await readSubject(path), numbers: [14, 15, 16])
  }

  @Test("A quoted-printable mail is decoded, and its lines keep their place in the file")
  func quotedPrintable() async throws {
    let body = Self.diff.replacing("=", with: "=3D").replacing("\u{e9}", with: "=C3=\n=A9")
    let path = try scratch.write("a.mbox", mail("quoted-printable", body))
    try check(try await readSubject(path), numbers: [12, 13, 15])
  }

  @Test("A base64 mail is decoded, and its lines name where they begin in the file")
  func base64() async throws {
    let encoded = Data(Self.diff.utf8).base64EncodedString(options: .lineLength76Characters)
    let path = try scratch.write("a.mbox", mail("base64", encoded + "\n"))
    // 57 bytes per line: the hunk begins at byte 130, in the third line of the body.
    let offset =
      Self.diff.utf8.count - "\n int a;\n+int b = 1; /* \u{e9} */\n int c;\n".utf8.count + 1
    let starts = [offset, offset + 8, offset + 33]
    try check(try await readSubject(path), numbers: starts.map { 8 + $0 / 57 })
  }

  @Test("A mail that decodes to binary is refused")
  func binary() async throws {
    let path = try scratch.write("a.mbox", mail("base64", "AAECAw==\n"))
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message == "\(path):8: binary, not text, once decoded")
  }

  @Test("Of a multipart mail the patch is taken, not the HTML")
  func multipart() async throws {
    let path = try scratch.write(
      "a.eml",
      """
      Subject: x
      Content-Type: multipart/mixed; boundary="=_b"

      --=_b
      Content-Type: text/html

      <pre>@@ -1 +1 @@</pre>
      --=_b
      Content-Type: application/octet-stream; name="0001-x.patch"

      \(Self.diff)--=_b--

      """)
    #expect(try await readSubject(path).files.first?.lines.count == 3)
  }

  @Test("Several mails are several patches; a sentence that begins with From starts no mail")
  func several() async throws {
    let more = initHeader + "@@ -1,3 +1,4 @@\n int a;\n+int z;\n int b = 1; /* \u{e9} */\n int c;\n"
    let path = try scratch.write(
      "a.mbox",
      mail("7bit", "A cover letter.\n\nFrom here on all is well.\n\n")
        + mail("8bit", Self.diff + "-- \n2.39\n\n") + mail("8bit", more))
    #expect(
      try await readSubject(path).files.first?.texts
        == ["int a;", "int z;", "int b = 1; /* \u{e9} */", "int c;"])
  }
}
