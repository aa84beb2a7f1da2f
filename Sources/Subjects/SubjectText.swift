// SPDX-License-Identifier: GPL-2.0-only

/// One line of a subject, with the place in the user's own file that it came from.
public struct SourceLine: Sendable, Hashable {
  /// The line without its terminator (neither LF nor CR).
  public let text: String
  /// The user's own file, as diagnostics name it.
  public let displayName: String
  /// The 1-based line in the user's own file; for a patch, the line in the patch file.
  public let number: Int
  /// Whether the subject itself brings the line: true for what a patch adds and for every line of a
  /// subject that is no patch; false for a patch's context and for the lines of its base.
  public let isAdded: Bool

  /// A line `text` at `number` of `displayName`.
  public init(text: String, displayName: String, number: Int, isAdded: Bool) {
    self.text = text
    self.displayName = displayName
    self.number = number
    self.isAdded = isAdded
  }
}

/// One file of a subject: whole, or the part of it that a patch shows.
public struct SourceFile: Sendable, Hashable {
  /// The path within the kernel tree (`arch/riscv/mm/init.c`), or the file's name.
  public let path: String
  /// What diagnostics show: the user's own path.
  public let displayName: String
  /// The lines in the order of the file.
  public let lines: [SourceLine]

  /// A file made of `lines`.
  public init(path: String, displayName: String, lines: [SourceLine]) {
    self.path = path
    self.displayName = displayName
    self.lines = lines
  }
}

/// The text of a subject, before anything is extracted from it.
public struct SubjectText: Sendable, Hashable {
  /// `patch`, `file`, `tree`, `tarball`, `git`, `debian` or `builtin`.
  public let kind: String
  /// What the user typed; with the package's version or the resolved commit where there is one.
  public let origin: String
  /// The files, the most important one first.
  public let files: [SourceFile]

  /// A text of `files` that came from `origin`.
  public init(kind: String, origin: String, files: [SourceFile]) {
    self.kind = kind
    self.origin = origin
    self.files = files
  }
}

extension SubjectText {
  /// Whether only parts of its files are known: patches that were applied to nothing, whose lines are
  /// numbered as in the patch, where the first lines are headers.
  public var isFragment: Bool {
    ["patch", "series"].contains(kind)
      && !files.contains { $0.lines.contains { !$0.isAdded && $0.number <= 3 } }
  }
}
