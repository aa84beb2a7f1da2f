// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A git bundle: a history in one file. `unpacked` unpacks it into a repository in a private folder, which
/// exists during that call.
struct BundleReader {
  /// Limit of the bundle's size in bytes; the whole history of the kernel is smaller.
  private static let sizeLimit = 8 << 30
  /// Limit of the number of heads; any repository of the kernel has fewer.
  private static let headLimit = 20_000

  /// The bundle's path, as the user typed it.
  let path: String
  let tools: Tools

  /// Whether the file at `path` is a bundle.
  static func isBundle(_ path: String) -> Bool {
    guard InputFile.kind(of: path) == .regular,
      let file = try? InputFile.open(path, regularOnly: true),
      let start = try? InputFile.readChunk(descriptor: file.descriptor, name: path)
    else { return false }
    return start.starts(with: "# v2 git bundle\n".utf8)
      || start.starts(with: "# v3 git bundle\n".utf8)
  }

  /// Passes `body` a repository with the bundle's history, and the revision to use if the user names none:
  /// HEAD or the only head; nil if there are several.
  func unpacked<Result>(
    _ body: (_ repository: String, _ head: String?) async throws(Failure) -> Result
  ) async throws(Failure) -> Result {
    let git = try tools.locate("git", advice: "install git to read \(path)")
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    guard (attributes?[.size] as? Int ?? 0) <= Self.sizeLimit else {
      throw Failure(.unreadable, "\(path) is larger than the kernel's whole history")
    }
    let scratch = try ScratchFolder(
      in: FileManager.default.temporaryDirectory.path, prefix: "mhpcheck-bundle-")
    defer { scratch.remove() }
    let reader = GitReader(path: scratch.path, revision: "", tools: tools, isOurs: true)
    // git init needs no revision, and the empty template keeps the user's templates out.
    let made = try await reader.run(git, ["init", "-q", "--bare", "--template="])
    guard made.status.isSuccess else {
      throw Failure(.unreadable, "git cannot make a repository for \(path): \(made.firstError)")
    }
    let whole = URL(filePath: path).path
    let read = try await reader.run(git, ["bundle", "unbundle", whole], limit: 8 << 20)
    guard read.status.isSuccess else { throw Self.refusal(path, read.errors) }
    let heads = read.text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      return words.count == 2 ? (commit: words[0], name: words[1]) : nil
    }
    guard heads.count <= Self.headLimit else {
      throw Failure(.unreadable, "\(path) has more heads than any repository of the kernel")
    }
    let lines = heads.filter { $0.name.hasPrefix("refs/") }
      .map { "create \($0.name) \($0.commit)\n" }
    let named = try await reader.run(
      git, ["update-ref", "--stdin"], input: Array(lines.joined().utf8))
    guard named.status.isSuccess else {
      throw Failure(.unreadable, "git cannot list the heads of \(path): \(named.firstError)")
    }
    let commits = Set(heads.map(\.commit))
    let main = heads.first { $0.name == "HEAD" }?.commit
    return try await body(scratch.path, main ?? (commits.count == 1 ? commits.first : nil))
  }

  /// The error if the user names no revision and the bundle has several heads.
  func severalHeads() -> Failure {
    Failure(
      .unreadable, "\(path) has several heads",
      advice: "write \(path)@REV; git bundle list-heads \(path) lists them")
  }

  private static func refusal(_ path: String, _ errors: String) -> Failure {
    if errors.contains("prerequisite") {
      return Failure(
        .unreadable, "\(path) depends on commits that it does not contain",
        advice: "give a bundle of the whole history, or fetch it into a repository and name that: "
          + "git:PATH@REV")
    }
    return Failure(
      .unreadable, "\(path) is damaged or truncated (\(Tools.firstLine(of: errors)))",
      advice: "git bundle verify \(path)")
  }
}
