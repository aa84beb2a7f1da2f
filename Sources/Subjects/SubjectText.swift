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
  /// Whether a patch took lines away between the line before and this one.
  let followsRemoved: Bool
  /// For the first line of a hunk: what stands behind its second `@@`, where git names the function that
  /// the hunk begins in.
  public let heading: String?

  /// A line `text` at `number` of `displayName`.
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

  /// Whether a patch changed something here.
  var isTouched: Bool { isAdded || followsRemoved }
}

/// One file of a subject: whole, or the part of it that a patch shows.
public struct SourceFile: Sendable, Hashable {
  /// The path within the kernel tree (`arch/riscv/mm/init.c`), or the file's name.
  public let path: String
  /// What diagnostics show: the user's own path.
  public let displayName: String
  /// The lines in the order of the file.
  public let lines: [SourceLine]
  /// The indices of the lines before which lines of the file are not known, as where a hunk begins; nil
  /// for a file that is known whole.
  public let gaps: [Int]?

  /// A file made of `lines`.
  public init(path: String, displayName: String, lines: [SourceLine], gaps: [Int]? = nil) {
    self.path = path
    self.displayName = displayName
    self.lines = lines
    self.gaps = gaps
  }

  /// Whether only parts of it are known, as of a file that is not there for a patch to be applied to.
  public var isFragment: Bool { gaps != nil }
}

/// The text of a subject, before anything is extracted from it.
public struct SubjectText: Sendable, Hashable {
  /// `kind` of the embedded reference.
  static let builtinKind = "builtin"

  /// `patch`, `file`, `tree`, `tarball`, `git`, `debian` or `builtin`.
  public let kind: String
  /// What the user typed; with the package's version or the resolved commit where there is one.
  public let origin: String
  /// The files, the most important one first.
  public let files: [SourceFile]
  /// Of patches, and of a range of commits: the files as they were before, as far as that is known; the
  /// patches are what is asked about then, and not what they are applied to. Nil for anything else.
  public let before: [SourceFile]?
  /// What the user has to know of how the text was read, each in a line.
  public let warnings: [String]

  /// A text of `files` that came from `origin`.
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
  /// The text with files behind its own that supply definitions which it lacks.
  public func including(_ paths: [String]) throws(SubjectError) -> SubjectText {
    var files = files
    for path in paths {
      let bytes = try InputFile.read(path, regularOnly: false)
      files.append(try SourceFile(path: path, displayName: path, bytes: bytes, isBase: true))
    }
    return with(files)
  }

  /// The text without the kernel's generic code, which stands beside the surface and has stand-ins; nil
  /// when it has none, or nothing else.
  public var withoutGenericCode: SubjectText? {
    let rest = files.filter { !$0.path.hasPrefix("mm/") }
    guard !rest.isEmpty, rest.count < files.count else { return nil }
    return with(rest)
  }

  private func with(_ files: [SourceFile]) -> SubjectText {
    SubjectText(kind: kind, origin: origin, files: files, before: before, warnings: warnings)
  }

  /// Whether only parts of its main file are known.
  public var isFragment: Bool { main?.isFragment ?? false }

  /// `arch/riscv/mm/init.c`, or the file that stands for it.
  public var main: SourceFile? { files.first { $0.path == KernelPath.main } ?? files.first }

  /// The file at a path of the kernel tree.
  public func file(_ path: String) -> SourceFile? { files.first { $0.path == path } }
}

extension SourceFile {
  /// What a patch shows of the file, hunk by hunk; a file that is known whole is one.
  public var hunks: [[SourceLine]] {
    guard let gaps else { return [lines] }
    let starts = gaps.filter { lines.indices.contains($0) }
    return zip(starts, starts.dropFirst() + [lines.count]).map { Array(lines[$0..<$1]) }
  }
}
