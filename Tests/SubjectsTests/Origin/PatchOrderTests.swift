// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

/// A mail with a change to init.c that adds a line after line `10 * number`; by default it names `number`.
private func mail(
  _ subject: String, line number: Int, id: String? = nil, text: String? = nil
) -> String {
  """
  From 0000000000000000000000000000000000000000 Mon Sep 17 00:00:00 2001
  From: A <a@example.org>
  \(id.map { "Message-ID: <\($0)>\n" } ?? "")Subject: \(subject)

  ---

  """
    + initHeader + """
      @@ -\(number * 10),2 +\(number * 10),3 @@
       int before\(number);
      +int \(text ?? "patch\(number)");
       int after\(number);
      -- 
      2.39.5


      """
}

/// Two mails; the second changes the line that the first adds.
private func pair(_ one: String, _ two: String) -> [String] {
  let add = mail(one, line: 1, text: "first")
  let change =
    mail(two, line: 1, text: "second")
    .replacing(
      "@@ -10,2 +10,3 @@\n int before1;\n", with: "@@ -10,3 +10,3 @@\n int before1;\n-int first;\n")
  return [add, change]
}

@Suite("The order of patches")
struct PatchOrderTests {
  let scratch: PrivateFolder

  init() throws { scratch = try PrivateFolder() }

  private func texts(_ argument: String) async throws -> [String] {
    try await readSubject(argument).files.first?.texts ?? []
  }

  private static let done = ["int before1;", "int second;", "int after1;"]

  @Test(
    "Patches of a folder are taken by their numbers, however many digits these have",
    arguments: [
      ("8-x.patch", "10-x.patch"), ("9-x.patch", "10-x.patch"), ("97-a.patch", "103-a.patch"),
      ("0009-z.patch", "0010-a.patch"), ("v2-9-x.patch", "v2-10-x.patch"),
      ("x9.diff", "x10.diff"), ("9.eml", "10.eml"), ("a.patch", "b.patch"),
    ])
  func numbers(first: String, second: String) async throws {
    let mails = pair("[PATCH] one", "[PATCH] two")
    try scratch.write("p/\(second)", mails[1])
    try scratch.write("p/\(first)", mails[0])
    #expect(try await texts("\(scratch.path)/p") == Self.done)
  }

  @Test(
    "Mails of a mailbox are taken by the numbers in their subjects",
    arguments: [
      ("[PATCH 1/2] one", "[PATCH 2/2] two"), ("[PATCH v2 09/11] one", "[PATCH v2 10/11] two"),
      ("[RFC PATCH v3 1/2] one", "[RFC PATCH v3 2/2] two"), ("[PATCHv2 1/2] a", "[PATCHv2 2/2] b"),
      ("[v2,3/7] one", "[v2,4/7] two"), ("Fwd: [PATCH 1/2] a", "Fwd: [PATCH 2/2] b"),
      ("[RESEND] [PATCH 6.6 1/2] a", "[RESEND] [PATCH 6.6 2/2] b"),
      ("=?utf-8?q?=5BPATCH_1/2=5D_a?=", "=?UTF-8?B?W1BBVENIIDIvMl0gYg==?="),
      ("[PATCH\n 1/2] folded", "[PATCH 2/2] two"),
    ])
  func subjects(first: String, second: String) async throws {
    let mails = pair(first, second)
    let path = try scratch.write("a.mbox", mails[1] + mails[0])
    #expect(try await texts(path) == Self.done)
    #expect(try await texts(try scratch.write("b.mbox", mails[0] + mails[1])) == Self.done)
  }

  @Test("A cover letter is skipped, whatever diff it contains")
  func cover() async throws {
    let mails = pair("[PATCH 1/2] one", "[PATCH 2/2] two")
    let path = try scratch.write(
      "a.mbox", mails[1] + mail("[PATCH 0/2] all", line: 7) + mails[0])
    #expect(try await texts(path) == Self.done)
  }

  @Test("Names and subjects that contradict each other are refused", arguments: [true, false])
  func contradiction(isListed: Bool) async throws {
    let mails = pair("[PATCH 1/2] one", "[PATCH 2/2] two")
    try scratch.write("p/2-a.patch", mails[0])
    try scratch.write("p/1-b.patch", mails[1])
    if isListed { try scratch.write("p/series", "1-b.patch\n2-a.patch\n") }
    let error = await refusal { _ = try await readSubject("\(scratch.path)/p") }
    #expect(error.message.contains("2-a.patch is [PATCH 1/2] and"), "\(error.message)")
    #expect(error.message.hasSuffix("contradict each other"))
  }

  @Test("Names without numbers give no order, so the subjects decide")
  func namesWithoutNumbers() async throws {
    let mails = pair("[PATCH 1/2] one", "[PATCH 2/2] two")
    try scratch.write("p/b.eml", mails[0])
    try scratch.write("p/a.eml", mails[1])
    #expect(try await texts("\(scratch.path)/p") == Self.done)
  }

  @Test("Two patches of the same number are refused, and so are two versions of one")
  func twice() async throws {
    let same = try scratch.write(
      "a.mbox", mail("[PATCH 1/2] a", line: 1) + mail("[PATCH 1/2] b", line: 2))
    let error = await refusal { _ = try await readSubject(same) }
    #expect(error.message == "\"a\" and \"b\" are both [PATCH 1/2]")
    let versions = try scratch.write(
      "b.mbox", mail("[PATCH 1/2] a", line: 1) + mail("[PATCH v3 1/2] a", line: 1))
    let other = await refusal { _ = try await readSubject(versions) }
    #expect(other.message.hasSuffix("the input contains versions 1 and 3 of \"a\""))
  }

  @Test("A mail that came by two lists counts once; two series of the same length stay two")
  func repeated() async throws {
    let first = mail("[PATCH 1/2] a", line: 1, id: "x@y")
    let second = mail("[PATCH 2/2] b", line: 2)
    let path = try scratch.write("a.mbox", first + second + first)
    #expect(try await texts(path).filter { $0.contains("patch") }.count == 2)
    let more = mail("[PATCH 1/2] c", line: 3) + mail("[PATCH 2/2] d", line: 4)
    let both = try scratch.write("b.mbox", first + second + more)
    #expect(try await texts(both).filter { $0.contains("patch") }.count == 4)
  }

  @Test("The missing patches of a series are reported")
  func missing() async throws {
    let path = try scratch.write(
      "a.mbox", mail("[PATCH 4/4] d", line: 4) + mail("[PATCH 1/4] a", line: 1))
    #expect(
      try await readSubject(path).warnings == [
        "of the 4 patches of a series, 2 and 3 are missing"
      ])
  }

  @Test("A patch that somebody proposes in a reply is no part of the series")
  func replies() async throws {
    let path = try scratch.write(
      "a.mbox", mail("[PATCH] a", line: 1) + mail("Re: [PATCH] a", line: 2))
    let text = try await readSubject(path)
    #expect(text.files.first?.texts.contains("int patch2;") == false)
    #expect(text.warnings.count == 1 && text.warnings[0].contains("reply"), "\(text.warnings)")
  }

  @Test(
    "Patches whose blob ids do not form a chain are refused, unless one is a revert")
  func blobs() async throws {
    func step(_ old: String, _ new: String, _ line: Int) -> String {
      "diff --git a/arch/riscv/mm/init.c b/arch/riscv/mm/init.c\nindex \(old)..\(new) 100644\n"
        + "--- a/arch/riscv/mm/init.c\n+++ b/arch/riscv/mm/init.c\n"
        + "@@ -\(line * 10) +\(line * 10),2 @@\n int a\(line);\n+int b\(line);\n"
    }
    let chain = [step("aaaa", "bbbb", 1), step("bbbb", "cccc", 2), step("cccc", "dddd", 3)]
    for order in [[0, 2, 1], [1, 0, 2], [2, 1, 0], [2, 0, 1], [1, 2, 0]] {
      let path = try scratch.write("a.patch", order.map { chain[$0] }.joined())
      let error = await refusal { _ = try await readSubject(path) }
      #expect(error.message.contains("newest first"), "\(order): \(error.message)")
    }
    let whole = try scratch.write("b.patch", chain.joined())
    #expect(try await readSubject(whole).files.first?.lines.count == 6)
    let apart = try scratch.write("c.patch", chain[0] + step("xxxx", "yyyy", 5))
    #expect(try await readSubject(apart).files.first?.lines.count == 4)
    let back = try scratch.write(
      "d.patch",
      chain[0]
        + step("bbbb", "aaaa", 1).replacing(
          "@@ -10 +10,2 @@\n int a1;\n+int b1;", with: "@@ -10,2 +10 @@\n int a1;\n-int b1;"))
    #expect(try await readSubject(back).files.first?.texts == ["int a1;"])
  }

  @Test("A quilt folder is read, with patches in subfolders, and with its list beside a tree")
  func quilt() async throws {
    let mails = pair("[PATCH] one", "[PATCH] two")
    try scratch.write("q/bugfix/z.patch", mails[0])
    try scratch.write("q/a.patch", mails[1])
    try scratch.write("q/series", "# first\nbugfix/z.patch -p1\na.patch\n")
    #expect(try await texts("\(scratch.path)/q") == Self.done)
    try scratch.write("work/patches/series", "b.patch\na.patch\n")
    try scratch.write("work/patches/b.patch", mails[0])
    try scratch.write("work/patches/a.patch", mails[1])
    #expect(try await texts("\(scratch.path)/work") == Self.done)
    try scratch.write("r/series", "a.patch -R\n")
    let error = await refusal { _ = try await readSubject("\(scratch.path)/r") }
    #expect(error.message.hasSuffix("series:1: a.patch must be applied in reverse"))
  }

  @Test("All mails of a Maildir are read, ordered by their subjects")
  func maildir() async throws {
    let mails = pair("[PATCH 1/2] one", "[PATCH 2/2] two")
    // These mails have no mailbox separator, and their names give the time of arrival.
    func bare(_ mail: String) -> String { String(mail.drop { $0 != "\n" }.dropFirst()) }
    try scratch.write("box/cur/1700000001.M1P2.host:2,S", bare(mails[1]))
    try scratch.write("box/new/1700000009.M9P2.host", bare(mails[0]))
    try scratch.write("box/new/.hidden", "nothing\n")
    try scratch.write("box/tmp/x", "nothing\n")
    #expect(try await texts("\(scratch.path)/box") == Self.done)
  }
}
