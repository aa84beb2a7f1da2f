// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("Forms in which patches come")
struct PatchFormTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private static let diff =
    initHeader + "@@ -7,3 +7,4 @@ int before(void)\n int a;\n+\tint b;\n \n int c;\n"
  private static let texts = ["int a;", "\tint b;", "", "int c;"]

  private static func mail(_ body: String, _ headers: String = "") -> String {
    "From: A <a@example.org>\nSubject: [PATCH] x\n\(headers)\n\(body)"
  }

  private static func quoted(_ text: String, _ mark: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.isEmpty ? mark.trimmed() : mark + $0 }.joined(separator: "\n") + "\n"
  }

  @Test("A patch that a reply quotes whole is read, whatever is written between its lines")
  func quote() async throws {
    for mark in ["> ", ">> ", "> > "] {
      var quote = Self.quoted("Hello.\n---\n" + Self.diff + "-- \n2.39\n", mark)
      quote = quote.replacing(
        "\(mark)+\tint b;", with: "\(mark)+\tint b;\n\nWhy this?\n\n- a list\n")
      let path = try scratch.write(
        "a.eml", "From: B\nSubject: Re: [PATCH] x\n\nA wrote:\n\(quote)\nBest,\nB\n")
      let text = try await readSubject(path)
      #expect(text.files.first?.texts == Self.texts, "\(mark)")
      #expect(text.warnings.contains { $0.contains("quotes a patch") })
    }
  }

  @Test("A quote that leaves something out is refused as incomplete")
  func partialQuote() async throws {
    let second = "@@ -20,2 +21,3 @@\n int x;\n+int y;\n int z;\n"
    let stat = " 1 file changed, 2 insertions(+)\n\n"
    for (what, body) in [
      ("a line", Self.diff.replacing(" int c;\n", with: "") + second),
      ("a hunk", initHeader + second),
      ("the end", stat + Self.diff),
    ] {
      let path = try scratch.write(
        "a.eml", "From: B\nSubject: Re: [PATCH] x\n\n" + Self.quoted(body, "> ") + "\n[...]\n")
      let error = await refusal { _ = try await readSubject(path) }
      #expect(error.message.contains("incomplete quote of a patch"), "\(what): \(error)")
    }
    let whole = try scratch.write(
      "b.eml", "From: B\nSubject: Re: [PATCH] x\n\n" + Self.quoted(stat + Self.diff + second, "> "))
    #expect(try await readSubject(whole).files.first?.lines.count == 7)
  }

  @Test("Quotes beside the patch itself do not count")
  func quoteBesidePatch() async throws {
    let separator = "From 0 Mon Sep 17 00:00:00 2001\n"
    let path = try scratch.write(
      "a.mbox",
      separator + Self.mail(Self.diff) + "\n" + separator
        + "From: B\nSubject: Re: [PATCH] x\n\n" + Self.quoted(Self.diff, "> "))
    #expect(try await readSubject(path).files.first?.texts == Self.texts)
  }

  @Test("A format=flowed mail is read, whether stuffed, folded or neither")
  func flowed() async throws {
    let stuffed = Self.diff.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.hasPrefix(" ") ? " \($0)" : String($0) }.joined(separator: "\n")
    let folded = stuffed.replacing("+\tint b;", with: "+\tint \nb;")
    for body in [Self.diff, stuffed, folded] {
      let path = try scratch.write(
        "a.eml", Self.mail(body, "Content-Type: text/plain; charset=utf-8; format=flowed\n"))
      #expect(try await readSubject(path).files.first?.texts == Self.texts, "\(body)")
    }
  }

  @Test("A forwarded mail is read from within, with its own subject")
  func forwarded() async throws {
    let body = """
      --=_b
      Content-Type: text/plain

      See below.
      --=_b
      Content-Type: message/rfc822

      \(Self.mail(Self.diff))
      --=_b--

      """
    let path = try scratch.write(
      "a.eml",
      "Subject: Fwd: x\nFrom: B\nContent-Type: multipart/mixed; boundary=\"=_b\"\n\n" + body)
    #expect(try await readSubject(path).files.first?.texts == Self.texts)
  }

  @Test("DOS line ends, a byte order mark and Latin-1 letters do no harm")
  func encodings() async throws {
    let dos = Self.diff.replacing("\n", with: "\r\n")
    let path = try scratch.write("a.patch", [0xef, 0xbb, 0xbf] + Array(dos.utf8))
    #expect(try await readSubject(path).files.first?.texts == Self.texts)
    let latin = Array("J\u{f6}rg\n".unicodeScalars.map { UInt8($0.value) })
    let other = try scratch.write("b.patch", latin + Array(Self.diff.utf8))
    #expect(try await readSubject(other).files.first?.texts == Self.texts)
  }

  @Test("The output of git show and of git log -p --reverse is read")
  func show() async throws {
    let head =
      "commit 0123456789012345678901234567890123456789\nAuthor: A <a>\nDate:   now\n\n    x\n\n"
    let path = try scratch.write("a.txt", head + Self.diff)
    #expect(try await readSubject(path).files.first?.texts == Self.texts)
  }

  @Test(
    "Packed patches, mails and files are recognised by their first bytes, not by their names",
    arguments: ["gzip", "xz", "zstd", "bzip2"])
  func packed(program: String) async throws {
    let endings = ["gzip": "gz", "xz": "xz", "zstd": "zst", "bzip2": "bz2"]
    let ending = try #require(endings[program])
    for (name, contents) in [
      ("a.patch", Self.diff), ("a.mbox", Self.mail(Self.diff)), ("a", Self.diff),
      ("init.c", "int x;\n"),
    ] {
      try scratch.write(name, contents)
      try await scratch.run(program, "-q", "-f", name)
      let packed = "\(scratch.path)/\(name).\(ending)"
      let file = try #require(try await readSubject(packed).files.first)
      #expect(file.texts == (name == "init.c" ? ["int x;"] : Self.texts), "\(packed)")
      // File extensions can be wrong or missing.
      let plain = "\(scratch.path)/\(name == "init.c" ? "other" : "plain.patch")"
      try FileManager.default.moveItem(atPath: packed, toPath: plain)
      #expect(try await readSubject(plain).files.first?.texts == file.texts)
      try FileManager.default.removeItem(atPath: plain)
    }
    try scratch.write("p/1.patch", Self.diff)
    try await scratch.run(program, "-q", "p/1.patch")
    try? FileManager.default.removeItem(atPath: "\(scratch.path)/p/1.patch")
    #expect(try await readSubject("\(scratch.path)/p").files.first?.texts == Self.texts)
    try scratch.write("t/arch/riscv/mm/init.c", "int x;\n")
    try await scratch.run("tar", "-cf", "t.tar", "t")
    try await scratch.run(program, "-q", "t.tar")
    #expect(try await readSubject("\(scratch.path)/t.tar.\(ending)").kind == "tarball")
  }

  @Test("Packed files that are damaged, or unpack to too much, are refused in one line")
  func badlyPacked() async throws {
    try scratch.write("a.patch", Array(repeating: 0x20, count: 65 << 20))
    try await scratch.run("gzip", "-q", "a.patch")
    let bomb = "\(scratch.path)/a.patch.gz"
    let error = await refusal { _ = try await readSubject(bomb) }
    #expect(error.message.hasPrefix("\(bomb) unpacks to more than"), "\(error.message)")
    let bytes = try Data(contentsOf: URL(filePath: bomb))
    let cut = try scratch.write("b.patch.gz", Array(bytes.prefix(200)))
    let other = await refusal { _ = try await readSubject(cut) }
    #expect(other.message.hasPrefix("\(cut) is damaged or truncated"), "\(other.message)")
    for (magic, word) in [([0x50, 0x4b, 3, 4], "zip"), ([4, 0x22, 0x4d, 0x18], "lz4")] {
      let path = try scratch.write("c.patch", magic.map(UInt8.init) + [1, 2, 3])
      let error = await refusal { _ = try await readSubject(path) }
      #expect(error.message.contains(word), "\(error.message)")
    }
  }

  @Test("A web page that shows a patch is refused as a web page")
  func page() async throws {
    let path = try scratch.write("a.patch", "<!DOCTYPE html>\n<pre>diff -u a b\n</pre>\n")
    let error = await refusal { _ = try await readSubject(path) }
    #expect(error.message.hasSuffix("is a web page that shows a patch"))
  }
}
