// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A revision of a local repository, read from its objects without a checkout.
struct GitReader {
  /// The repository, as the user typed it.
  let path: String
  /// The revision, as the user typed it.
  var revision: String
  let tools: Tools
  /// The files to read, besides `KernelPath.main`.
  var wanted = KernelFiles.subject
  /// The repository's name in diagnostics, if it is not `path`.
  var shownPath: String?
  /// Whether this program made the repository, so that nobody's settings apply to it. A user's settings
  /// must apply to other repositories, because they name the foreign repositories that the user trusts.
  var isOurs = false
  /// The URL that the repository was fetched from without contents of files; nil for any other.
  var remote: String?

  /// The repository's name in diagnostics.
  var name: String { shownPath ?? path }

  /// The commit to which the revision resolves, and the subject's files in it.
  func files() async throws(Failure) -> (commit: String, files: [SourceFile]) {
    let git = try located()
    let commit = try await resolve(git)
    guard let files = try await files(git, of: commit) else {
      throw Failure(
        .unreadable, "revision \(revision) of \(name) contains no \(KernelPath.main)",
        advice: "is it a repository of the Linux kernel?")
    }
    return (commit, files)
  }

  /// The path of git. Throws also if `path` is not a folder.
  func located() throws(Failure) -> String {
    let git = try tools.locate("git", advice: "install git to read \(name)")
    guard InputFile.kind(of: path) == .folder else {
      throw Failure(.unreadable, "\(name) is not a folder, so not a git repository")
    }
    return git
  }

  /// The subject's files in a commit; nil if it has no `KernelPath.main`.
  func files(_ git: String, of commit: String) async throws(Failure) -> [SourceFile]? {
    let blobs = try await list(git, commit: commit)
    guard blobs.contains(where: { $0.path == KernelPath.main }) else { return nil }
    var trees = TreeMembers(wanted: wanted)
    for (blob, bytes) in try await read(git, blobs: blobs) {
      trees.insert(TarScanner.Member(path: blob, bytes: bytes))
    }
    guard let files = try trees.files(displayName: { "\(name)@\(revision):\($0)" }) else {
      throw Failure(.unreadable, "\(KernelPath.main) of \(name)@\(revision) could not be read")
    }
    return files
  }

  /// Runs git so that the repository's own configuration cannot make it run or fetch anything, or change its
  /// output: the options here override each setting that matters.
  func run(
    _ git: String, _ arguments: [String], input: [UInt8] = [], limit: Int = 16 << 20
  ) async throws(Failure) -> Tools.Outcome {
    let safe = [
      "--no-pager", "--no-replace-objects", "-c", "core.hooksPath=/dev/null", "-c",
      "core.fsmonitor=false", "-c", "protocol.allow=never", "-c", "core.quotePath=true", "-c",
      "diff.suppressBlankEmpty=false", "-c", "diff.wsErrorHighlight=none", "-c",
      "core.attributesFile=/dev/null", "-c", "core.logAllRefUpdates=false",
    ]
    let reach = remote == nil ? [] : RemoteReader.reach
    let settings = isOurs ? ["GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"] : [:]
    return try await tools.run(
      git, safe + reach + ["-C", path] + arguments, input: input, additions: settings,
      limit: limit)
  }

  /// The commit to which the revision resolves.
  func resolve(_ git: String) async throws(Failure) -> String {
    let outcome = try await run(
      git, ["rev-parse", "--verify", "--quiet", "--end-of-options", "\(revision)^{commit}"])
    let commit = outcome.text
    if outcome.status.isSuccess, commit.count >= 40, commit.allSatisfy(\.isHexDigit) {
      return commit
    }
    let errors = outcome.errors
    if errors.contains("not a git repository") {
      throw Failure(.unreadable, "\(name) is not a git repository")
    }
    if errors.contains("dubious ownership") {
      throw Failure(
        .unreadable, "git refuses \(name): it belongs to another user",
        advice: "git config --global --add safe.directory FOLDER, if you trust it")
    }
    throw Failure(
      .unreadable, "\(name) has no commit \"\(revision)\"",
      advice: "git -C \(path) log --oneline --all lists its commits; fetch the missing one")
  }

  private struct Blob {
    let object: String
    let path: String
  }

  /// The regular files to read, without links.
  private func list(_ git: String, commit: String) async throws(Failure) -> [Blob] {
    let folders = Set(wanted.places.map { $0.folder + "/" }).sorted()
    let outcome = try await run(git, ["ls-tree", "-z", "--full-tree", commit, "--"] + folders)
    guard outcome.status.isSuccess else {
      throw Failure(.unreadable, "git cannot list \(name)@\(revision): \(outcome.firstError)")
    }
    return outcome.output.split(separator: 0).compactMap { record in
      let parts = String(decoding: record, as: UTF8.self).split(separator: "\t", maxSplits: 1)
      guard parts.count == 2, wanted.isReadFromTrees(String(parts[1])) else { return nil }
      let words = parts[0].split(separator: " ")
      guard words.count == 3, words[0].hasPrefix("100"), words[1] == "blob" else { return nil }
      return Blob(object: String(words[2]), path: String(parts[1]))
    }
  }

  private func read(
    _ git: String, blobs: [Blob]
  ) async throws(Failure) -> [(path: String, bytes: [UInt8])] {
    let request = blobs.map { $0.object + "\n" }.joined()
    if let remote {
      let fetched = try await run(
        git, RemoteReader.fetch + ["--no-write-fetch-head", "--stdin", remote],
        input: Array(request.utf8))
      guard fetched.status.isSuccess else { throw RemoteReader.refusal(self, fetched) }
    }
    let outcome = try await run(
      git, ["cat-file", "--batch"], input: Array(request.utf8), limit: 2 * InputFile.limit)
    var rest = outcome.output[...]
    var contents: [(path: String, bytes: [UInt8])] = []
    for blob in blobs {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      let words = String(decoding: line, as: UTF8.self).split(separator: " ")
      rest = rest.dropFirst(line.count + 1)
      // For a missing object (in a partial clone), the answer is one line without a body.
      guard words.count == 3, let size = Int(words[2]), size >= 0, size < rest.count else {
        guard blob.path == KernelPath.main || !outcome.status.isSuccess else { continue }
        throw Failure(
          .unreadable, "\(name) lacks the contents of \(blob.path) at \(revision)",
          advice: "a partial clone is not fetched from: git -C \(path) checkout it once")
      }
      contents.append((blob.path, Array(rest.prefix(size))))
      rest = rest.dropFirst(size + 1)
    }
    return contents
  }
}
