// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

/// A revision of a repository behind a URL. git fetches its commit and trees alone into a private folder, and then the
/// contents of the files that are read: a few megabytes of a kernel. A server that cannot select sends all files of
/// the revision.
struct RemoteReader {
  /// The protocols that fetch without programs or settings of the user.
  private static let schemes = ["https", "http", "git", "file"]

  /// The arguments of every fetch.
  static let fetch = [
    "fetch", "--quiet", "--no-tags", "--no-auto-maintenance", "--recurse-submodules=no",
    "--filter=blob:none",
  ]

  /// The settings that let git fetch, and give up a server that says nothing for a minute.
  static let reach =
    schemes.flatMap { ["-c", "protocol.\($0).allow=always"] }
    + ["-c", "http.lowSpeedLimit=1", "-c", "http.lowSpeedTime=60"]

  let url: String
  /// A branch, a tag or a full hash.
  let revision: String
  let tools: Tools
  let wanted: KernelFiles

  static func isURL(_ text: String) -> Bool {
    schemes.contains { text.hasPrefix("\($0)://") }
  }

  /// Whether git can take a text for the name of something to fetch, and for nothing else.
  static func isRevision(_ text: String) -> Bool {
    let special = "~^:+?*[\\".unicodeScalars
    return !text.isEmpty && !text.hasPrefix("-") && !text.contains("..")
      && text.unicodeScalars.allSatisfy {
        $0.value > 0x20 && $0.value != 0x7f && !special.contains($0)
      }
  }

  /// The commit that the revision names now, and the subject's files in it.
  func files() async throws(Failure) -> (commit: String, files: [SourceFile]) {
    let git = try tools.locate("git", advice: "install git to read \(url)")
    let scratch = try ScratchFolder(
      in: FileManager.default.temporaryDirectory.path, prefix: "mhpcheck-remote-")
    defer { scratch.remove() }
    var reader = GitReader(
      path: scratch.path, revision: "FETCH_HEAD", tools: tools, wanted: wanted, shownPath: url,
      isOurs: true, remote: url)
    let made = try await reader.run(git, ["init", "-q", "--bare", "--template="])
    guard made.status.isSuccess else {
      throw Failure(.unreadable, "git cannot make a repository for \(url): \(made.firstError)")
    }
    let fetched = try await reader.run(git, Self.fetch + ["--depth=1", url, revision])
    guard fetched.status.isSuccess else { throw Self.refusal(reader, fetched) }
    let commit = try await reader.resolve(git)
    reader.revision = revision
    guard let files = try await reader.files(git, of: commit) else {
      throw Failure(
        .unreadable, "revision \(revision) of \(url) contains no \(KernelPath.main)",
        advice: "is it a repository of the Linux kernel?")
    }
    return (commit, files)
  }

  /// The error for a fetch that failed.
  static func refusal(_ reader: GitReader, _ outcome: Tools.Outcome) -> Failure {
    Failure(
      .unreadable, "git cannot fetch from \(reader.name): \(outcome.firstError)",
      advice: "is the URL right, and the network there?", isAboutMissing: true)
  }
}
