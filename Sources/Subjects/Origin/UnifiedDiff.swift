// SPDX-License-Identifier: GPL-2.0-only

/// One line of a hunk.
struct HunkLine {
  /// The role of a line in a hunk.
  enum Role {
    case context, removed, added
  }

  let role: Role
  /// The line without its mark.
  let text: String
  /// The number of the line in the patch file.
  let number: Int
}

/// A hunk whose line counts match its header.
struct Hunk {
  /// The line of the old file at which it begins, from 1; for a hunk without old lines, the line before it.
  let oldStart: Int
  /// The same for the new file.
  let newStart: Int
  /// The text after the second `@@`; nil if there is none.
  let heading: String?
  /// The number of the header's line in the patch file.
  let number: Int
  let lines: [HunkLine]

  /// The number of old lines that it covers.
  var oldCount: Int { lines.count { $0.role != .added } }

  /// The number of new lines in their place.
  var newCount: Int { lines.count { $0.role != .removed } }

  /// Whether one side has no lines, so that its number is that of the line before.
  var hasBareSide: Bool { oldCount == 0 || newCount == 0 }

  /// The line of the old file, from 1, at which the hunk begins or before which it inserts lines.
  var position: Int { oldCount == 0 ? oldStart + 1 : max(oldStart, 1) }
}

/// The changes of a patch to one file.
struct FilePatch {
  /// The old path within the kernel tree; nil for a new file.
  let oldPath: String?
  /// The new path within the kernel tree; nil for a deleted file.
  let newPath: String?
  /// The number of the `---` line in the patch file.
  let number: Int
  /// The blob names before and after; nil if there is no `index` line.
  var blobs: (old: Substring, new: Substring)?
  var hunks: [Hunk]

  /// The new path, or the old one of a deleted file.
  var path: String { newPath ?? oldPath ?? "" }
}

extension Hunk {
  /// Whether both have the same lines.
  func isSame(as other: Hunk) -> Bool {
    lines.count == other.lines.count
      && zip(lines, other.lines).allSatisfy { $0.role == $1.role && $0.text == $1.text }
  }

  /// The lines of one side: without the `added` lines, or without the `removed` lines.
  func side(without role: HunkLine.Role) -> [String] {
    lines.filter { $0.role != role }.map(\.text)
  }
}
