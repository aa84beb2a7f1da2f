// SPDX-License-Identifier: GPL-2.0-only

/// Where a subject's text is to come from, as the command line names it.
public enum SubjectReference: Sendable, Hashable {
  /// A patch on standard input.
  case standardInput
  /// A patch file: one patch, or a mailbox of several.
  case patch(path: String)
  /// A C file.
  case file(path: String)
  /// A folder that holds a kernel tree.
  case tree(path: String)
  /// An archive of a kernel tree.
  case tarball(path: String)
  /// A revision of the local repository at `path`.
  case git(path: String, revision: String)
  /// The source package `package`, through apt.
  case debian(package: String)
  /// The reference that is built in.
  case builtin

  /// Reads the command line's SUBJECT.
  ///
  /// What exists as a folder is a tree; otherwise the ending decides, and where that says nothing,
  /// the first bytes do. Throws a line for what is neither a known form nor an existing file.
  public init(argument: String) throws(SubjectError) {
    if argument == "-" {
      self = .standardInput
    } else if argument == "builtin" {
      self = .builtin
    } else if argument.hasPrefix("git:") {
      self = try Self.git(String(argument.dropFirst(4)))
    } else if argument.hasPrefix("debian:") {
      let package = String(argument.dropFirst(7))
      guard DebianPackage.isName(package) else {
        throw SubjectError(
          message: "\"\(argument)\" names no package",
          advice: "write debian:PACKAGE, e.g. debian:linux-source-6.12")
      }
      self = .debian(package: package)
    } else {
      self = try Self.onDisk(argument)
    }
  }

  private static func git(_ text: String) throws(SubjectError) -> SubjectReference {
    guard let mark = text.lastIndex(of: "@"), text.index(after: mark) < text.endIndex else {
      throw SubjectError(
        message: "\"git:\(text)\" names no revision",
        advice: "write git:PATH@REV, e.g. git:linux@v6.12")
    }
    let path = mark == text.startIndex ? "." : String(text[..<mark])
    let revision = String(text[text.index(after: mark)...])
    guard !revision.hasPrefix("-") else {
      throw SubjectError(message: "\"\(revision)\" is an option, not a revision")
    }
    return .git(path: path, revision: revision)
  }

  private static func onDisk(_ path: String) throws(SubjectError) -> SubjectReference {
    guard !path.isEmpty else {
      throw SubjectError(message: "the subject is empty", advice: "name a patch, file or tree")
    }
    switch InputFile.kind(of: path) {
    case .missing:
      throw SubjectError(
        message: "\(path): no such file or folder",
        advice: "a subject is a patch, a C file, a tree, a tarball, git:PATH@REV, debian:PACKAGE"
          + " or builtin")
    case .folder: return .tree(path: path)
    // A pipe cannot be looked into and read again; a shell's process substitution is a patch.
    case .other: return .patch(path: path)
    case .regular: break
    }
    let name = path.lowercased()
    if [".patch", ".diff", ".mbox", ".eml"].contains(where: name.hasSuffix) {
      return .patch(path: path)
    }
    if Archive.endings.contains(where: name.hasSuffix) { return .tarball(path: path) }
    if name.hasSuffix(".c") || name.hasSuffix(".h") { return .file(path: path) }
    return try sniffed(path)
  }

  private static func sniffed(_ path: String) throws(SubjectError) -> SubjectReference {
    let file = try InputFile.open(path, regularOnly: true)
    let start = try InputFile.readChunk(descriptor: file.descriptor, name: path) ?? []
    if Archive.Compression(magic: start) != .none { return .tarball(path: path) }
    let bytes = Array(start)
    guard let lines = try? RawLine.split(bytes, name: path) else { return .file(path: path) }
    let isPatch = Mail.texts(in: lines).contains(where: DiffParser.looksLikeDiff)
    return isPatch ? .patch(path: path) : .file(path: path)
  }
}
