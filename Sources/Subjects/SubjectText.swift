// SPDX-License-Identifier: GPL-2.0-only

/// A line of a subject, with where the user can find it.
public struct SourceLine: Sendable, Hashable {
  /// Without its line terminator.
  public let text: String
  /// The user's own file: for a line of a patch, the patch.
  public let displayName: String
  /// From 1, in that file.
  public let number: Int
  /// Whether a patch adds it.
  public let isAdded: Bool

  public init(text: String, displayName: String, number: Int, isAdded: Bool) {
    self.text = text
    self.displayName = displayName
    self.number = number
    self.isAdded = isAdded
  }
}

/// A C file of a subject, or what a patch shows of it.
public struct SourceFile: Sendable, Hashable {
  /// Path in the kernel tree, e.g. "arch/riscv/mm/init.c", or the file's name.
  public let path: String
  /// What diagnostics show.
  public let displayName: String
  public let lines: [SourceLine]

  public init(path: String, displayName: String, lines: [SourceLine]) {
    self.path = path
    self.displayName = displayName
    self.lines = lines
  }
}

/// A subject's text as it was read, before anything is taken from it.
public struct SubjectText: Sendable, Hashable {
  /// "patch", "file", "tree", "tarball", "git", "debian" or "builtin".
  public let kind: String
  /// What the user typed, the package version or the revision.
  public let origin: String
  /// Most important first.
  public let files: [SourceFile]

  public init(kind: String, origin: String, files: [SourceFile]) {
    self.kind = kind
    self.origin = origin
    self.files = files
  }
}
