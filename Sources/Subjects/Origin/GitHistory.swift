// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The commits of a local repository that may have changed a subject between two revisions.
public struct GitHistory: Sendable {
  /// The relation of the two revisions.
  public enum Relation: Sendable, Hashable {
    /// Both are the same commit.
    case same
    /// The good revision is an ancestor of the bad one.
    case forward
    /// The bad revision is an ancestor of the good one.
    case backward
    /// Neither is an ancestor of the other; `base` is their best common ancestor, if there is one.
    case apart(base: String?)
  }

  /// The full hash of the good revision.
  public let good: String
  /// The full hash of the bad revision.
  public let bad: String
  public let relation: Relation
  /// The commits that touch a file that subjects are read from, oldest first; empty unless the relation is
  /// `forward`. The last one has the bad revision's text.
  public let commits: [String]

  /// Reads the history of the repository at `path`, from its objects alone.
  ///
  /// - Parameters:
  ///   - path: the repository, as the user typed it.
  ///   - good: a revision.
  ///   - bad: a revision.
  ///   - firstParent: whether a merge stands for all commits that it merges.
  ///   - searchPath: the folders to search for git; nil for PATH.
  public static func read(
    _ path: String, good: String, bad: String, firstParent: Bool, searchPath: [String]? = nil
  ) async throws(Failure) -> GitHistory {
    let reader = GitReader(path: path, revision: bad, tools: Tools(searchPath: searchPath))
    let git = try reader.located()
    let goodCommit = try await GitReader(path: path, revision: good, tools: reader.tools)
      .resolve(git)
    let badCommit = try await reader.resolve(git)
    let relation = try await reader.relation(git, good: goodCommit, bad: badCommit)
    let commits =
      relation == .forward
      ? try await reader.commits(
        git, after: [goodCommit], upTo: badCommit, firstParent: firstParent,
        order: ["--topo-order", "--reverse"]) : []
    return GitHistory(good: goodCommit, bad: badCommit, relation: relation, commits: commits)
  }

  /// The commits that may be the first bad one, in the order of `git bisect`: the one that halves them best
  /// comes first. The bad one is among them.
  ///
  /// - Parameters:
  ///   - path: the repository.
  ///   - good: full hashes of good commits.
  ///   - bad: the full hash of a bad commit that descends from these.
  ///   - firstParent: whether a merge stands for all commits that it merges.
  ///   - searchPath: as for `read`.
  public static func suspects(
    _ path: String, after good: [String], upTo bad: String, firstParent: Bool,
    searchPath: [String]? = nil
  ) async throws(Failure) -> [String] {
    let reader = GitReader(path: path, revision: bad, tools: Tools(searchPath: searchPath))
    return try await reader.commits(
      try reader.located(), after: good, upTo: bad, firstParent: firstParent,
      order: ["--bisect-all"])
  }

  /// The titles and authors of commits.
  ///
  /// - Parameters:
  ///   - path: the repository.
  ///   - hashes: full hashes of commits in it.
  ///   - searchPath: as for `read`.
  public static func messages(
    _ path: String, of hashes: [String], searchPath: [String]? = nil
  ) async throws(Failure) -> [GitMessage] {
    let reader = GitReader(path: path, revision: "", tools: Tools(searchPath: searchPath))
    let git = try reader.located()
    var messages: [GitMessage] = []
    for hash in hashes {
      let outcome = try await reader.run(git, ["cat-file", "commit", hash])
      messages.append(GitMessage(hash: hash, object: outcome.output))
    }
    return messages
  }
}

/// The title and the author of a commit. Strangers wrote both.
public struct GitMessage: Sendable, Hashable {
  /// The full hash.
  public let hash: String
  /// The first line of the message; empty if there is none.
  public let title: String
  /// The author's name.
  public let author: String

  /// Reads a commit object: header lines, an empty line, the message.
  init(hash: String, object: [UInt8]) {
    self.hash = hash
    let text = String(decoding: object, as: UTF8.self)
    let end = text.firstRange(of: "\n\n")
    let head = text[..<(end?.lowerBound ?? text.endIndex)]
    let message = end.map { text[$0.upperBound...] } ?? ""
    title = message.split(separator: "\n").first.map(String.init) ?? ""
    let line = head.split(separator: "\n").first { $0.hasPrefix("author ") } ?? ""
    author = String(line.dropFirst("author ".count).prefix { $0 != "<" }).trimmed()
  }
}

extension GitReader {
  fileprivate func relation(
    _ git: String, good: String, bad: String
  ) async throws(Failure) -> GitHistory.Relation {
    if good == bad { return .same }
    let outcome = try await run(git, ["merge-base", good, bad])
    let base = outcome.text
    if outcome.status.isSuccess, base == good { return .forward }
    if outcome.status.isSuccess, base == bad { return .backward }
    return .apart(base: base.isEmpty ? nil : base)
  }

  fileprivate func commits(
    _ git: String, after good: [String], upTo bad: String, firstParent: Bool, order: [String]
  ) async throws(Failure) -> [String] {
    let paths = wanted.places.map { ":(top,glob)\($0.folder)/\($0.beginning)*\($0.ending)" }
    let outcome = try await run(
      git,
      ["rev-list"] + order + (firstParent ? ["--first-parent"] : []) + [bad]
        + good.map { "^\($0)" } + ["--"] + paths,
      limit: 64 << 20)
    guard outcome.status.isSuccess else {
      throw Failure(.unreadable, "git cannot list the commits of \(path): \(outcome.firstError)")
    }
    // After each hash, --bisect-all prints how well it halves.
    return outcome.text.split(separator: "\n").compactMap { line in
      line.split(separator: " ").first.map(String.init)
    }
  }
}
