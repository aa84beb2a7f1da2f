// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Testing

/// Finds the commit of a repository that changed the behaviour.
@Suite("A bisection", .enabled("git is there") { await Program.can("git", "--version") })
struct BisectTests {
  private static let destructorFix = "21f1b85c8912"
  private static let oneMode = ["--mode", "sv48"]

  /// The reference with an edit that changes the text but not the behaviour.
  private static func harmless(_ number: Int, _ text: String) -> String {
    text.replacing(
      "unsigned int slot;", with: "unsigned int slot; int quiet_\(number) __maybe_unused = 0;")
  }

  private static func uncompilable(_ text: String) -> String {
    text.replacing("flush_tlb_all();", with: "flush_tlb_all(); nonsense();")
  }

  private static func json(_ outcome: Program.Outcome) throws -> [String: JSON] {
    try #require(JSONDecoder().decode(JSON.self, from: Data(outcome.output.utf8)).object)
  }

  private static func suspects(_ answer: [String: JSON]) -> [String] {
    (answer["suspects"]?.array ?? []).compactMap { $0.object?["commit"]?.string }
  }

  @Test("names the one of 200 commits that drops a fix")
  func twoHundred() async throws {
    let good = try VariantFiles.reference()
    let bad = try FleetTests.reference(without: [Self.destructorFix])
    let repository = try await GitFixture(
      GitFixture.row(
        (1...200).map { number in
          let text = Self.harmless(number, number < 137 ? good : bad)
          return [40, 99, 100, 101, 150].contains(number) ? Self.uncompilable(text) : text
        }))
    let outcome = try await Program.run(
      ["bisect", "--repo", repository.path, "--good", "c1", "--bad", "main", "--json", "-"]
        + Self.oneMode)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let answer = try Self.json(outcome)
    #expect(answer["schema"]?.string == "mhpcheck.bisect/1")
    #expect(answer["verdict"]?.string == "changed")
    #expect(Self.suspects(answer) == [try await repository.hash(137)])
    let change = try #require(answer["change"]?.object)
    #expect(change["lostFixes"]?.array?.compactMap(\.string) == [Self.destructorFix])
    #expect(change["functions"]?.array?.compactMap(\.string) == ["free_pmd_table"])
    let commits = try #require(answer["commits"]?.number)
    #expect(commits == 199, "commits between the two")
    // Halving 199 commits takes 8 runs; good and bad take two more.
    #expect(try #require(answer["runs"]?.number) <= 11)
    let replay = try #require(change["replay"]?.array?.first?.string)
    let words = replay.split(separator: " ").map(String.init)
    let replayed = try await Program.run(Array(words.dropFirst()), folder: repository.scratch.path)
    #expect(replayed.status == 1, "\(replay): \(replayed.testDescription)")
  }

  @Test("names a planted slip with its function, its smallest case and a replay command")
  func slip() async throws {
    let good = try VariantFiles.reference()
    let bad = good.replacing(
      "\tremove_pgd_mapping(start, end, true, altmap);",
      with: "\tremove_pgd_mapping(start, end, true, NULL);")
    try #require(bad != good)
    let repository = try await GitFixture(
      GitFixture.row((1...9).map { Self.harmless($0, $0 < 4 ? good : bad) }))
    let outcome = try await repository.bisect(Self.oneMode)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let hash = try await repository.hash(4).prefix(12)
    #expect(outcome.output.hasPrefix("changed: by \(hash) ("))
    #expect(outcome.output.contains("The commit\n  - \(hash) \"riscv: mm: change number 4\" by "))
    #expect(outcome.output.contains("changes vmemmap_free"))
    #expect(outcome.words.contains("replay after: mhpcheck replay "))
  }

  @Test("names the line of the change, beside lines that change nothing")
  func line() async throws {
    let good = try VariantFiles.reference()
    let slip = Slip("free_pte_table", "pagetable_pte_dtor(page_ptdesc(table));\n", "")
    let bad = try slip.applied(to: good)
    let repository = try await GitFixture(
      GitFixture.row([good, Self.harmless(2, good), Self.harmless(3, bad)]))
    let answer = try Self.json(await repository.bisect(Self.oneMode + ["--json", "-"]))
    let differences = try #require(answer["change"]?.object?["differences"]?.array)
    let own = differences.compactMap(\.object).first { $0["function"]?.string == slip.function }
    let place = try #require(own?["place"]?.object, "\(differences.count) differences")
    #expect(place["basis"]?.string == "text" && place["tried"] == .bool(true), "\(place)")
    #expect(place["reference"]?.string == "pagetable_pte_dtor(page_ptdesc(table));")
    let frame = try #require(place["frames"]?.array?.first?.object)
    let line = try slip.line(in: good)
    #expect(frame["line"]?.number == Double(line), "\(frame)")
    #expect(frame["file"]?.string?.hasSuffix("arch/riscv/mm/init.c") == true, "\(frame)")
    let text = try await repository.bisect(Self.oneMode)
    for words in [
      ":\(line) in free_pte_table (it goes on here)", "the text before (-) and the text after (+):",
      "| - pagetable_pte_dtor(page_ptdesc(table));",
      "By the text: with the text before in this place, the text after does what it did.",
    ] {
      #expect(text.words.contains(words), "\(words): \(text.testDescription)")
    }
  }

  @Test("names all suspects if commits around the change do not compile")
  func skipped() async throws {
    let good = try VariantFiles.reference()
    let bad = try FleetTests.reference(without: [Self.destructorFix])
    let repository = try await GitFixture(
      GitFixture.row(
        (1...9).map { number in
          let text = Self.harmless(number, number < 5 ? good : bad)
          return [4, 5].contains(number) ? Self.uncompilable(text) : text
        }))
    let outcome = try await repository.bisect(Self.oneMode + ["--json", "-"])
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    let answer = try Self.json(outcome)
    var expected: [String] = []
    for number in 4...6 { expected.append(try await repository.hash(number)) }
    #expect(Self.suspects(answer) == expected)
    let skipped = (answer["skipped"]?.array ?? []).compactMap(\.object)
    #expect(Set(skipped.compactMap { $0["commit"]?.string }) == Set(expected.prefix(2)))
    #expect(skipped.allSatisfy { $0["reason"]?.string?.contains("nonsense") == true })
    let text = try await repository.bisect(Self.oneMode)
    #expect(text.output.contains("\nOne of these commits\n  - "))
  }

  @Test("says that two revisions behave alike, and whether their text is the same")
  func alike() async throws {
    let good = try VariantFiles.reference()
    let repository = try await GitFixture(
      GitFixture.row([good, Self.harmless(2, good), good + "\n/* A remark. */\n"]))
    let other = try await repository.bisect(Self.oneMode, bad: "c2")
    #expect(other.status == 0, "\(other.testDescription)")
    #expect(other.words.contains("alike: good and bad behave alike; no case distinguishes them"))
    let same = try await repository.bisect(Self.oneMode)
    #expect(same.status == 0, "\(same.testDescription)")
    #expect(same.words.contains("the text of the functions is the same"))
  }

  @Test("finds the commit on a branch, or with --first-parent the merge that brings it")
  func merges() async throws {
    let good = try VariantFiles.reference()
    let bad = try FleetTests.reference(without: [Self.destructorFix])
    func commit(_ number: Int, _ parents: [Int], _ text: String) -> GitFixture.Commit {
      .init(number: number, parents: parents, text: text, title: "number \(number)")
    }
    // 1 - 2 - 3 ----- 6 - 7, and 2 - 4 - 5 - 6: the branch drops the fix in 4.
    let repository = try await GitFixture([
      commit(1, [], good), commit(2, [1], Self.harmless(2, good)),
      commit(3, [2], Self.harmless(3, good)), commit(4, [2], Self.harmless(4, bad)),
      commit(5, [4], Self.harmless(5, bad)), commit(6, [3, 5], Self.harmless(6, bad)),
      commit(7, [6], Self.harmless(7, bad)),
    ])
    let whole = try Self.json(await repository.bisect(Self.oneMode + ["--json", "-"]))
    #expect(Self.suspects(whole) == [try await repository.hash(4)])
    let first = try Self.json(
      await repository.bisect(Self.oneMode + ["--first-parent", "--json", "-"]))
    #expect(Self.suspects(first) == [try await repository.hash(6)])
  }

  @Test("names the merge that takes the text of a branch which never had the fix")
  func olderBranch() async throws {
    let good = try VariantFiles.reference()
    let old = try FleetTests.reference(without: [Self.destructorFix])
    func commit(_ number: Int, _ parents: [Int], _ text: String) -> GitFixture.Commit {
      .init(number: number, parents: parents, text: text, title: "number \(number)")
    }
    // The branch 1 - 3 - 4 starts before 2 brings the fix, and the merge 5 takes the branch's text.
    let repository = try await GitFixture([
      commit(1, [], old), commit(2, [1], good), commit(3, [1], Self.harmless(3, old)),
      commit(4, [3], Self.harmless(4, old)), commit(5, [2, 4], Self.harmless(5, old)),
    ])
    let answer = try Self.json(
      await repository.bisect(Self.oneMode + ["--json", "-"], good: "c2"))
    #expect(Self.suspects(answer) == [try await repository.hash(5)])
  }

  @Test("works as git bisect run with check, which skips commits that do not compile")
  func bisectRun() async throws {
    let good = try VariantFiles.reference()
    let bad = try FleetTests.reference(without: [Self.destructorFix])
    let repository = try await GitFixture(
      GitFixture.row(
        (1...9).map { number in
          let text = Self.harmless(number, number < 5 ? good : bad)
          return number == 3 ? Self.uncompilable(text) : text
        }))
    let git = ["-C", repository.path, "bisect"]
    try await repository.scratch.run("git", git + ["start", "--no-checkout", "main", "c1"])
    let run = try await Program.start(
      "git",
      git + [
        "run", try VariantProgram.path(), "check", "git:\(repository.path)@BISECT_HEAD", "--quiet",
        "--depth", "smoke", "--git-bisect",
      ] + Self.oneMode, folder: repository.scratch.path)
    let hash = try await repository.hash(5)
    #expect(run.words.contains("\(hash) is the first bad commit"), "\(run.testDescription)")
    try await Program.run([
      "check", "git:\(repository.path)@c3", "--quiet", "--git-bisect",
    ]).isOneLine(status: 125, mentions: ["nonsense"])
  }

  @Test("answers a wrong revision or folder in one line: what is wrong and what to do")
  func refusals() async throws {
    let good = try VariantFiles.reference()
    func commit(_ number: Int, _ parents: [Int]) -> GitFixture.Commit {
      .init(
        number: number, parents: parents, text: Self.harmless(number, good),
        title: "number \(number)")
    }
    let repository = try await GitFixture([commit(1, []), commit(2, [1]), commit(3, [1])])
    try await repository.bisect(good: "c2", bad: "c2").isOneLine(
      status: 2, mentions: ["the same commit"])
    try await repository.bisect(good: "c2", bad: "c1").isOneLine(
      status: 2, mentions: ["c1 is older than c2"])
    let base = try await repository.hash(1).prefix(12)
    try await repository.bisect(good: "c2", bad: "c3").isOneLine(
      status: 2, mentions: ["not an ancestor", String(base)])
    try await repository.bisect(good: "v9.9").isOneLine(status: 3, mentions: ["v9.9"])
    try await repository.bisect(bad: "v9.9").isOneLine(status: 3, mentions: ["v9.9"])
    try await repository.bisect(good: "--all").isOneLine(status: 2)
    let empty = try repository.scratch.folder("empty")
    for folder in [empty, "\(empty)/none"] {
      try await Program.run(["bisect", "--repo", folder, "--good", "a", "--bad", "b"])
        .isOneLine(status: 3, mentions: ["not a git repository"])
    }
    try await Program.run(["bisect", "--good", "a", "--bad", "b"]).isOneLine(
      status: 2, mentions: ["--repo"])
  }

  @Test("refuses a good or bad revision that does not compile")
  func uncompilableEnds() async throws {
    let good = try VariantFiles.reference()
    let broken = Self.uncompilable(good)
    let first = try await GitFixture(GitFixture.row([broken, good]))
    try await first.bisect(Self.oneMode).isOneLine(status: 3, mentions: ["nonsense"])
    let last = try await GitFixture(GitFixture.row([good, broken]))
    try await last.bisect(Self.oneMode).isOneLine(status: 3, mentions: ["nonsense"])
  }

  @Test("runs no program of a hostile repository, and escapes its messages")
  func hostile() async throws {
    let good = try VariantFiles.reference()
    let bad = try FleetTests.reference(without: [Self.destructorFix])
    var commits = GitFixture.row([good, Self.harmless(2, good), bad])
    commits[2].title = "\u{1b}[2Jmhpcheck: alike\u{202e}"
    let repository = try await GitFixture(commits)
    let touch = "touch \(repository.scratch.file("ran"))"
    let settings = [
      "core.fsmonitor", "core.pager", "diff.external", "diff.evil.textconv", "gpg.program",
      "core.sshCommand", "core.alternateRefsCommand",
    ]
    for key in settings {
      try await repository.scratch.run("git", ["-C", repository.path, "config", key, touch])
    }
    for setting in ["log.showSignature", "commitGraph.generationVersion"] {
      try await repository.scratch.run("git", ["-C", repository.path, "config", setting, "1"])
    }
    try repository.scratch.write("kernel.git/info/attributes", "*.c diff=evil filter=evil\n")
    for hook in ["post-checkout", "reference-transaction"] {
      try repository.scratch.script("kernel.git/hooks/\(hook)", touch)
    }
    let outcome = try await repository.bisect(Self.oneMode)
    #expect(outcome.status == 1, "\(outcome.testDescription)")
    #expect(!FileManager.default.fileExists(atPath: repository.scratch.file("ran")))
    #expect(!outcome.output.unicodeScalars.contains { $0 == "\u{1b}" || $0 == "\u{202e}" })
    #expect(outcome.output.contains("\\u{1B}[2Jmhpcheck: alike"))
  }
}
