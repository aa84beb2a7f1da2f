// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The changes of a range of commits in a repository. The texts of both ends are known, so that nothing has
/// to be guessed from patches.
struct GitRange {
  /// The end of the range.
  let end: GitReader
  /// The revision after which the range begins, as the user typed it.
  let from: String

  /// The commit at the end; its files, with the lines that the start lacks as added; and the files at the
  /// start.
  ///
  /// If the start is not an ancestor of the end, the range begins at their merge base.
  func files() async throws(Failure) -> (
    commit: String, files: [SourceFile], before: [SourceFile]
  ) {
    let git = try end.located()
    let last = try await end.resolve(git)
    var start = end
    start.revision = from
    let first = try await start.resolve(git)
    let base = try await end.run(git, ["merge-base", first, last])
    let parting = base.status.isSuccess ? base.text : first
    let changes = try await changes(git, parting, last)
    guard !changes.isEmpty else {
      throw Failure(
        .unreadable,
        "\(end.name)@\(from)..\(end.revision) contains no commit that changes arch/riscv or mm, or they "
          + "undo one another",
        advice: "A..B are the commits after A up to B: are A and B swapped?")
    }
    guard let files = try await end.files(git, of: last) else {
      throw Failure(
        .unreadable, "revision \(end.revision) of \(end.name) contains no \(KernelPath.main)",
        advice: "is it a repository of the Linux kernel?")
    }
    let before = try await start.files(git, of: parting) ?? []
    return (last, files.map { Self.marked($0, by: changes) }, before)
  }

  /// The differences between two commits, by file.
  private func changes(
    _ git: String, _ first: String, _ last: String
  ) async throws(Failure) -> [String: [Hunk]] {
    // Unlike diff, diff-tree ignores almost all settings for the form of patches. The options keep git from
    // running programs that the repository names.
    let outcome = try await end.run(
      git,
      [
        "diff-tree", "-r", "-p", "-U0", "--no-ext-diff", "--no-textconv", "--no-color",
        "--no-renames", "--no-relative", "--text", "--full-index", "--src-prefix=a/",
        "--dst-prefix=b/", "--submodule=short", "--inter-hunk-context=0",
        "--diff-algorithm=myers", "-O/dev/null", first, last, "--", "arch/riscv", "mm",
        "drivers/virtio", "include",
      ], limit: InputFile.limit)
    guard outcome.status.isSuccess else {
      throw Failure(
        .unreadable,
        "git cannot compare \(end.name)@\(from) with \(end.revision): \(outcome.firstError)")
    }
    guard !outcome.output.isEmpty else { return [:] }
    let name = "\(end.name)@\(from)..\(end.revision)"
    let patches = try DiffParser.parse(try RawLine.split(outcome.output, name: name), name: name)
    return Dictionary(patches.map { ($0.path, $0.hunks) }, uniquingKeysWith: +)
  }

  private static func marked(_ file: SourceFile, by changes: [String: [Hunk]]) -> SourceFile {
    var added: Set<Int> = []
    var behindRemoved: Set<Int> = []
    for hunk in changes[file.path] ?? [] {
      let start = hunk.newCount == 0 ? hunk.newStart + 1 : hunk.newStart
      added.formUnion(start..<(start + hunk.newCount))
      if hunk.oldCount > 0 { behindRemoved.insert(start) }
    }
    return SourceFile(
      path: file.path, displayName: file.displayName,
      lines: file.lines.map {
        SourceLine(
          text: $0.text, displayName: $0.displayName, number: $0.number,
          isAdded: added.contains($0.number), followsRemoved: behindRemoved.contains($0.number))
      })
  }
}
