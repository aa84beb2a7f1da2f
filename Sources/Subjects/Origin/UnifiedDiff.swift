// SPDX-License-Identifier: GPL-2.0-only

/// One line of a hunk.
struct HunkLine {
  /// What a hunk says about a line.
  enum Role {
    case context, removed, added
  }

  /// What is said about it.
  let role: Role
  /// The line without its mark.
  let text: String
  /// The line of the patch file that it stands on.
  let number: Int
}

/// A hunk whose line counts were checked against its header.
struct Hunk {
  /// The 1-based line of the old file that it begins at; for a hunk without old lines, the line
  /// that it follows.
  let oldStart: Int
  /// The same of the new file.
  let newStart: Int
  /// What stands behind the second `@@`; nil for nothing.
  let heading: String?
  /// The line of the patch file that its header stands on.
  let number: Int
  /// Its lines in order.
  let lines: [HunkLine]

  /// How many lines of the old file it covers.
  var oldCount: Int { lines.count { $0.role != .added } }

  /// How many lines it leaves in their place.
  var newCount: Int { lines.count { $0.role != .removed } }

  /// Whether one of its sides has no lines, so that its numbers name the line before.
  var hasBareSide: Bool { oldCount == 0 || newCount == 0 }

  /// The 1-based line of the old file that its first line stands on or is put before.
  var position: Int { oldCount == 0 ? oldStart + 1 : max(oldStart, 1) }
}

/// What a patch does to one file.
struct FilePatch {
  /// The path within the kernel tree before; nil for a new file.
  let oldPath: String?
  /// The path within the kernel tree after; nil for a deleted file.
  let newPath: String?
  /// The line of the patch file that its `---` stands on.
  let number: Int
  /// What git calls the contents before and after; nil where no `index` line says it.
  var blobs: (old: Substring, new: Substring)?
  /// The hunks in order.
  var hunks: [Hunk]

  /// The path that the file has afterwards, or had if it is deleted.
  var path: String { newPath ?? oldPath ?? "" }
}

extension Hunk {
  /// Whether it has the same lines.
  func isSame(as other: Hunk) -> Bool {
    lines.count == other.lines.count
      && zip(lines, other.lines).allSatisfy { $0.role == $1.role && $0.text == $1.text }
  }

  /// The texts of one side: without the lines that are `added`, or without those that are `removed`.
  func side(without role: HunkLine.Role) -> [String] {
    lines.filter { $0.role != role }.map(\.text)
  }
}
