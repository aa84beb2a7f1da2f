// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@Suite("The forms in which people keep texts and patches")
struct SubjectFormTests {
  typealias Form = SubjectForms.Form

  private static let read = [
    Form("git diff", "all.diff"), Form("git diff --no-prefix", "noprefix.diff"),
    Form("git diff -U0", "bare.diff"), Form("diff -u of two files", "files.diff"),
    Form("git show", "show.txt"), Form("git log -p --reverse", "reverse.txt"),
    Form("a mailbox", "all.mbox"), Form("a mailbox with a cover letter", "cover.mbox"),
    Form("a mailbox without numbers", "plain.mbox"), Form("a mailbox out of order", "swapped.mbox"),
    Form("attached patches", "attach.mbox"), Form("patches inline", "inline.mbox"),
    Form("a mail in base64", "base64.eml"), Form("a mail in the format flowed", "flowed.eml"),
    Form("a quoted patch", "quote.eml"), Form("line ends of DOS", "dos.diff"),
    Form("a mark of the byte order", "marked.diff"), Form("gzip", "all.mbox.gz"),
    Form("xz", "all.mbox.xz"), Form("zstd", "all.mbox.zst"), Form("bzip2", "all.mbox.bz2"),
    Form("packed without an ending", "unnamed"), Form("a packed diff", "all.diff.xz"),
    Form("standard input", "-", input: "all.mbox"),
    Form("packed standard input", "-", input: "all.mbox.zst"),
    Form("a folder of git format-patch", "folder"), Form("a folder by numbers", "names"),
    Form("a folder of mails", "eml"), Form("a Maildir", "box"), Form("quilt's folder", "quilt"),
    Form("a base that is a file", "fix.patch", "--base", "slip.c"),
    Form("a base that is a tree", "fix.patch", "--base", "first"),
    Form("a base that is a tarball", "fix.patch", "--base", "first.tgz"),
    Form("a base that is a revision", "fix.patch", "--base", "git:r@first"),
    Form("a base that is in a bundle", "fix.patch", "--base", "all.bundle@first"),
    Form("a folder on a base", "folder", "--base", "without.c"),
    Form("a C file", "last.c"), Form("a packed C file", "last.c.xz"), Form("a tree", "tree"),
    Form("a tarball by xz", "tree.tar.xz"), Form("a tarball by bzip2", "tree.tar.bz2"),
    Form("a revision", "git:r@last"), Form("a branch with an @", "git:r@branch@with-at"),
    Form("a range", "git:r@base..last"), Form("a bundle", "last.bundle"),
    Form("a revision of a bundle", "all.bundle@last"),
    Form("a range of a bundle", "all.bundle@base..last"),
  ]

  @Test("Each form is read as its text, whether that is right or wrong", arguments: read)
  func forms(form: Form) async throws {
    let right = try await SubjectForms.right.value.replay(form)
    #expect(right.status == 0, "\(form.name): \(right.testDescription)")
    let wrong = try await SubjectForms.wrong.value.replay(form)
    // A patch that does not change the functions, right or wrong, is refused.
    let isFix = form.name.hasPrefix("a base that")
    #expect(
      wrong.status == 1 || (isFix && wrong.status == 3), "\(form.name): \(wrong.testDescription)")
  }

  private static let refused: [(Form, String)] = [
    (Form("git log -p", "log.txt"), "newest first"),
    (
      Form("patches in the wrong order, without numbers", "unordered.mbox"),
      "before the patch that adds it"
    ),
    (Form("two versions in one mailbox", "versions.mbox"), "versions 1 and 2"),
    (Form("names against subjects", "odd"), "contradict each other"),
    (Form("a removal", "gone.diff"), "no function of the surface remains"),
    (
      Form("a removal on a base", "gone.diff", "--base", "last.c"),
      "no function of the surface remains"
    ),
    (Form("a range that removes", "git:r@last..gone"), "no function of the surface remains"),
    (
      Form("a change elsewhere", "other.diff", "--base", "last.c"),
      "changes none of the functions"
    ),
    (Form("a range elsewhere", "git:r@last..other"), "changes none of the functions"),
    (Form("a definition without a base", "other.diff"), "the patch changes UNUSED"),
    (Form("a fix without a base", "fix.patch"), "--base FILE"),
    (Form("a Kconfig", "kconfig.diff"), "touches no C file"),
    (
      Form("a patch that its base holds", "all.diff", "--base", "last.c"),
      "already contains the patch"
    ),
    (
      Form("a patch that its base holds in a newer state", "one.mbox", "--base", "last.c"),
      "last.c already defines"
    ),
    (Form("a removal that its base has had", "gone.diff", "--base", "without.c"), "reversed"),
    (Form("a quote in part", "part.eml"), "incomplete quote of a patch"),
    (Form("a context diff", "context.diff"), "context diff"),
    (Form("colours", "colour.diff"), "--no-color"), (Form("a web page", "page.patch"), "web page"),
    (Form("a zip archive", "zip.patch"), "zip archive"),
    (Form("an empty folder", "empty"), "contains no arch/riscv/mm/init.c"),
    (Form("a range the other way round", "git:r@last..base"), "swapped"),
    (Form("a bundle with several heads", "heads.bundle"), "several heads"),
    (Form("a bundle of a part", "part.bundle"), "does not contain"),
    (Form("a base that is a patch", "fix.patch", "--base", "all.diff"), "is a patch itself"),
  ]

  @Test("A form that gives no text is refused in one line that says why", arguments: refused)
  func refusals(form: Form, words: String) async throws {
    try await SubjectForms.right.value.replay(form).isOneLine(status: 3, mentions: [words])
  }

  @Test("A base for a subject that is no patch is wrong usage")
  func pointlessBase() async throws {
    for form in [
      Form("", "last.c", "--base", "slip.c"), Form("", "git:r@base..last", "--base", "r"),
    ] {
      try await SubjectForms.right.value.replay(form)
        .isOneLine(status: 2, mentions: ["--base needs a patch"])
    }
  }

  @Test("Only the whole functions of a patch are judged, and the report says so")
  func wholeFunctions() async throws {
    let folder = try await SubjectForms.right.value.scratch
    let outcome = try await Program.run(
      [
        "check", "whole.diff", "--depth", "smoke", "--mode", "sv39", "--no-coverage", "--json", "-",
      ],
      folder: folder.path)
    #expect(outcome.status == 0, "\(outcome.testDescription)")
    let report = try #require(
      try JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8)).object)
    let judged = report["functions"]?.array?.compactMap(\.object)
      .filter { $0["status"]?.string != "absent" }.compactMap { $0["name"]?.string }
    #expect(judged == ["remove_pgd_mapping"])
    let warnings = report["warnings"]?.array?.compactMap(\.string) ?? []
    #expect(warnings.contains { $0.contains("taken from the reference: remove_p4d_mapping") })
  }

  @Test("Functions under a false condition are not judged, and do not conform")
  func conditionOff() async throws {
    let folder = try await SubjectForms.right.value.scratch
    let text = try #require(FileManager.default.contents(atPath: folder.file("last.c")))
    let scratch = try PrivateFolder()
    let path = try scratch.write(
      "init.c",
      String(decoding: text, as: UTF8.self)
        .replacing("#ifdef CONFIG_MEMORY_HOTPLUG", with: "#ifdef CONFIG_OLK_MEMORY_HOTPLUG"))
    let arguments = ["check", path, "--depth", "smoke", "--mode", "sv39", "--no-coverage"]
    try await Program.run(arguments)
      .isOneLine(
        status: 3,
        mentions: ["no function of memory hotplug is compiled", "-D CONFIG_OLK_MEMORY_HOTPLUG"])
    for others in [
      ["compare", path, path], ["coverage", path], ["mutate", path, "--shard", "1/500"],
    ] {
      try await Program.run(others + ["--mode", "sv39"])
        .isOneLine(status: 3, mentions: ["no function of the surface is compiled"])
    }
    let outcome = try await Program.run(arguments + ["-D", "CONFIG_OLK_MEMORY_HOTPLUG"])
    #expect(outcome.status == 0, "\(outcome.testDescription)")
  }

  @Test("A series with its base file is judged as a whole, with its configuration as patches")
  func seriesBase() async throws {
    let folder = try await SubjectForms.right.value.scratch
    let names = try FileManager.default.contentsOfDirectory(
      atPath: Repository.root.appending(path: "patches").path)
    let kconfig = try #require(names.first { $0.hasPrefix("0008-") })
    let scratch = try PrivateFolder()
    let patches = Repository.root.appending(path: "patches/\(kconfig)").path
    try await scratch.run("cp", [patches, scratch.file("2-kconfig.patch")])
    try await scratch.run("cp", [folder.file("all.diff"), scratch.file("1-all.patch")])
    let rows = try await SeriesRows.of(
      scratch.path, status: 1, options: ["--base", folder.file("without.c")])
    #expect(try rows["c75a74f4ba19"].status == "present", "\(rows.text)")
    #expect(try rows["f8c2a240556e"].status == "present", "\(rows.text)")
    #expect(try rows["fe122b89da67"].status == "present", "\(rows.text)")
  }
}
