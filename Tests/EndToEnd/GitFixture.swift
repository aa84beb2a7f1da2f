// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

/// A bare repository, made by git fast-import, whose commits contain only `arch/riscv/mm/init.c`.
final class GitFixture: Sendable {
  /// A commit: its number from 1, the numbers of its parents, its text, and its title.
  struct Commit: Sendable {
    var number: Int
    var parents: [Int]
    var text: String
    var title: String
  }

  let scratch: PrivateFolder
  let path: String

  /// Makes the repository; `main` names the last commit.
  init(_ commits: [Commit]) async throws {
    scratch = try PrivateFolder()
    path = scratch.file("kernel.git")
    try await scratch.run("git", ["init", "-q", "--bare", "-b", "main", path])
    var stream = ""
    for commit in commits {
      let message = commit.title + "\n"
      stream += "commit refs/heads/made\nmark :\(commit.number)\n"
      stream += "committer A <a@example.org> \(1_700_000_000 + commit.number * 60) +0000\n"
      stream += "data \(message.utf8.count)\n\(message)"
      for (place, parent) in commit.parents.enumerated() {
        stream += "\(place == 0 ? "from" : "merge") :\(parent)\n"
      }
      stream += "M 100644 inline arch/riscv/mm/init.c\ndata \(commit.text.utf8.count)\n"
      stream += commit.text + "\n"
      stream += "reset refs/tags/c\(commit.number)\nfrom :\(commit.number)\n\n"
    }
    let last = commits.last?.number ?? 0
    stream += "reset refs/heads/main\nfrom :\(last)\n\n"
    let outcome = try await Program.start(
      "git", ["-C", path, "fast-import", "--quiet"], input: Array(stream.utf8))
    try #require(outcome.status == 0, "\(outcome.testDescription)")
  }

  /// A linear history with one commit per text.
  static func row(_ texts: [String]) -> [Commit] {
    texts.enumerated().map { place, text in
      Commit(
        number: place + 1, parents: place == 0 ? [] : [place], text: text,
        title: "riscv: mm: change number \(place + 1)")
    }
  }

  /// The full hash of a commit.
  func hash(_ number: Int) async throws -> String {
    let text = try await scratch.run("git", ["-C", path, "rev-parse", "refs/tags/c\(number)"])
    return String(text.prefix { !$0.isNewline })
  }

  func bisect(
    _ options: [String] = [], good: String = "c1", bad: String = "main"
  ) async throws -> Program.Outcome {
    try await Program.run(
      ["bisect", "--repo", path, "--good", good, "--bad", bad] + options, folder: scratch.path)
  }
}
