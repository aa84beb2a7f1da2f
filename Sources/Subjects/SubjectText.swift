// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// One line of a subject, with its place in the user's own file.
public struct SourceLine: Sendable, Hashable {
  /// The line without its terminator (neither LF nor CR).
  public let text: String
  /// The user's own file, as diagnostics name it.
  public let displayName: String
  /// The 1-based line in the user's own file; for a patch, the line in the patch file.
  public let number: Int
  /// Whether the subject itself contributes the line. True for a line that a patch adds, and for every line
  /// of a subject that is not a patch; false for a patch's context and for the lines of its base.
  public let isAdded: Bool
  /// Whether a patch removed lines between the previous line and this one.
  let followsRemoved: Bool
  /// For the first line of a hunk: the text after its second `@@`, where git names the function in which
  /// the hunk begins.
  public let heading: String?

  public init(
    text: String, displayName: String, number: Int, isAdded: Bool, followsRemoved: Bool = false,
    heading: String? = nil
  ) {
    self.text = text
    self.displayName = displayName
    self.number = number
    self.isAdded = isAdded
    self.followsRemoved = followsRemoved
    self.heading = heading
  }

  /// Whether a patch added this line, or removed lines directly before it.
  var isTouched: Bool { isAdded || followsRemoved }
}

/// One file of a subject: the whole file, or the parts that a patch shows.
public struct SourceFile: Sendable, Hashable {
  /// The path within the kernel tree (`arch/riscv/mm/init.c`), or the file's name.
  public let path: String
  /// The user's own path, which diagnostics show.
  public let displayName: String
  /// The lines in the order of the file.
  public let lines: [SourceLine]
  /// The indices of the lines that follow an unknown part of the file, for example where a hunk begins; nil
  /// if the whole file is known.
  public let gaps: [Int]?

  public init(path: String, displayName: String, lines: [SourceLine], gaps: [Int]? = nil) {
    self.path = path
    self.displayName = displayName
    self.lines = lines
    self.gaps = gaps
  }

  /// Whether only parts of the file are known, because the file to which the patch applies is missing.
  public var isFragment: Bool { gaps != nil }
}

/// The text of a subject, before anything is extracted from it.
public struct SubjectText: Sendable, Hashable {
  /// `kind` of the embedded reference.
  static let builtinKind = "builtin"

  /// `patch`, `file`, `tree`, `tarball`, `git`, `debian` or `builtin`.
  public let kind: String
  /// The user's argument; with the package's version or the resolved commit, if there is one.
  public let origin: String
  /// The files, the most important one first.
  public let files: [SourceFile]
  /// For patches and a range of commits: the files before the change, as far as they are known. The question
  /// is then about the patches, not about their base. Nil for anything else.
  public let before: [SourceFile]?
  /// Facts about the reading of the text that the user has to know, one line each.
  public let warnings: [String]

  init(
    kind: String, origin: String, files: [SourceFile], before: [SourceFile]? = nil,
    warnings: [String] = []
  ) {
    self.kind = kind
    self.origin = origin
    self.files = files
    self.before = before
    self.warnings = warnings
  }
}

extension SubjectText {
  /// This text, followed by files that supply missing definitions.
  public func including(_ paths: [String]) throws(Failure) -> SubjectText {
    var files = files
    for path in paths {
      let bytes = try InputFile.read(path, regularOnly: false)
      files.append(try SourceFile(path: path, displayName: path, bytes: bytes, isBase: true))
    }
    return with(files)
  }

  /// This text without the kernel's generic code (mm/), which has stand-ins; nil if it has none of it, or
  /// nothing else.
  public var withoutGenericCode: SubjectText? {
    let rest = files.filter { !$0.path.hasPrefix("mm/") }
    guard !rest.isEmpty, rest.count < files.count else { return nil }
    return with(rest)
  }

  private func with(_ files: [SourceFile]) -> SubjectText {
    SubjectText(kind: kind, origin: origin, files: files, before: before, warnings: warnings)
  }

  /// Whether only parts of the main file are known.
  public var isFragment: Bool { main?.isFragment ?? false }

  /// `arch/riscv/mm/init.c`, or the first file if the subject has no file of that path.
  public var main: SourceFile? { files.first { $0.path == KernelPath.main } ?? files.first }

  /// The file at a path of the kernel tree.
  public func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }
}

extension SourceFile {
  /// The hunks that a patch shows of the file. A file that is known whole is one hunk.
  public var hunks: [[SourceLine]] {
    guard let gaps else { return [lines] }
    let starts = gaps.filter { lines.indices.contains($0) }
    return zip(starts, starts.dropFirst() + [lines.count]).map { Array(lines[$0..<$1]) }
  }
}
