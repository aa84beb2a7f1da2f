// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The source of a subject's text, as the command line names it.
public enum SubjectReference: Sendable, Hashable {
  /// A patch, mail or mailbox on standard input.
  case standardInput
  /// A patch file: one patch, or a mailbox of several.
  case patch(path: String)
  /// A folder of patches or mails.
  case patchFolder(path: String)
  /// A C file.
  case file(path: String)
  /// A folder with a kernel tree.
  case tree(path: String)
  /// An archive of a kernel tree.
  case tarball(path: String)
  /// A packed file whose name does not reveal its contents.
  case packed(path: String)
  /// A revision of the local repository at `path`.
  case git(path: String, revision: String)
  /// The changes of the commits after `from`, up to `to`, of the local repository at `path`.
  case range(path: String, from: String, to: String)
  /// A revision of the repository behind a URL.
  case remote(url: String, revision: String)
  /// A revision of a bundle, or a range of revisions; nil for the bundle's HEAD or only head.
  case bundle(path: String, revision: String?)
  /// The source package `package`, through apt.
  case debian(package: String)
  /// The built-in reference.
  case builtin

  /// Reads the command line's SUBJECT.
  ///
  /// A folder is a tree, or contains patches. For a file its ending decides, else its first bytes. Throws if
  /// the argument is neither a known form nor an existing file.
  public init(argument: String) throws(Failure) {
    if argument == "-" {
      self = .standardInput
    } else if argument == "builtin" {
      self = .builtin
    } else if let remote = try Self.remote(argument) {
      self = remote
    } else if argument.hasPrefix("git:") {
      self = try Self.git(String(argument.dropFirst(4)))
    } else if argument.hasPrefix("debian:") {
      let package = String(argument.dropFirst(7))
      guard DebianPackage.isName(package) else {
        throw Failure(
          .unreadable, "\"\(argument)\" names no package",
          advice: "write debian:PACKAGE, e.g. debian:linux-source-6.12")
      }
      self = .debian(package: package)
    } else {
      self = try Self.onDisk(argument)
    }
  }

  /// Whether the text consists, or may consist, of patches, which can apply to a base.
  public var isPatches: Bool {
    switch self {
    case .patch, .standardInput, .patchFolder, .packed: true
    default: false
    }
  }

  // MARK: Revisions

  /// A URL, with `git:` before it or without, and with `@REV` behind it or without; nil for any other argument.
  private static func remote(_ argument: String) throws(Failure) -> SubjectReference? {
    let rest = String(argument.dropFirst(4))
    let isMarked = argument.hasPrefix("git:") && RemoteReader.isURL(rest)
    let text = isMarked ? rest : argument
    guard RemoteReader.isURL(text), let scheme = text.firstRange(of: "://") else { return nil }
    // An @ before the path belongs to a user's name.
    let path = text[scheme.upperBound...].firstIndex(of: "/") ?? text.endIndex
    guard let mark = text[path...].lastIndex(of: "@") else {
      return .remote(url: text, revision: "HEAD")
    }
    let revision = String(text[text.index(after: mark)...])
    guard RemoteReader.isRevision(revision) else {
      throw Failure(
        .unreadable, "\"\(revision)\" cannot be fetched",
        advice: "write git:URL@REV with a branch, a tag or a full hash; a range needs a clone")
    }
    return .remote(url: String(text[..<mark]), revision: revision)
  }

  private static func git(_ text: String) throws(Failure) -> SubjectReference {
    guard let mark = separator(of: text), text.index(after: mark) < text.endIndex else {
      throw Failure(
        .unreadable, "\"git:\(text)\" names no revision",
        advice: "write git:PATH@REV, e.g. git:linux@v6.12")
    }
    let path = mark == text.startIndex ? "." : String(text[..<mark])
    let revision = String(text[text.index(after: mark)...])
    if BundleReader.isBundle(path) { return try bundle(path, revision) }
    guard let (from, to) = try range(revision) else {
      return .git(path: path, revision: revision)
    }
    return .range(path: path, from: from, to: to)
  }

  private static func bundle(
    _ path: String, _ revision: String
  ) throws(Failure) -> SubjectReference {
    _ = try range(revision)
    return .bundle(path: path, revision: revision)
  }

  /// The `@` between the path and the revision. Both may contain an `@`, so it is the first one after an
  /// existing path, else the last one.
  private static func separator(of text: String) -> String.Index? {
    let marks = text.indices.filter { text[$0] == "@" }
    let known = marks.first { InputFile.kind(of: String(text[..<$0])) != .missing }
    return marks.first == text.startIndex ? text.startIndex : known ?? marks.last
  }

  /// The two ends of `A..B`; nil for a single revision.
  static func range(_ text: String) throws(Failure) -> (from: String, to: String)? {
    guard !text.hasPrefix("-") else {
      throw Failure(.unreadable, "\"\(text)\" is an option, not a revision")
    }
    guard let dots = text.firstRange(of: "..") else { return nil }
    let (from, to) = (String(text[..<dots.lowerBound]), String(text[dots.upperBound...]))
    guard !from.isEmpty, !to.isEmpty, !to.hasPrefix("."), !to.hasPrefix("-"), !to.contains("..")
    else {
      throw Failure(
        .unreadable, "\"\(text)\" is not a range of two revisions",
        advice: "write git:PATH@A..B for the commits after A up to B")
    }
    return (from, to)
  }

  // MARK: Files

  private static func onDisk(_ path: String) throws(Failure) -> SubjectReference {
    guard !path.isEmpty else {
      throw Failure(.unreadable, "the subject is empty", advice: "name a patch, file or tree")
    }
    switch InputFile.kind(of: path) {
    case .missing:
      if let mark = separator(of: path), BundleReader.isBundle(String(path[..<mark])),
        path.index(after: mark) < path.endIndex
      {
        return try bundle(String(path[..<mark]), String(path[path.index(after: mark)...]))
      }
      throw Failure(
        .unreadable, "\(path): no such file or folder",
        advice: "a subject is a patch, a mail, a folder of them, a C file, a tree, a tarball, "
          + "git:PATH@REV, git:URL@REV, a bundle, debian:PACKAGE or builtin")
    case .folder: return PatchFolder.isOne(path) ? .patchFolder(path: path) : .tree(path: path)
    // A pipe cannot be inspected and read again. A shell's process substitution is a patch.
    case .other: return .patch(path: path)
    case .regular: break
    }
    let name = path.lowercased()
    if PatchFolder.isPatch(name) { return .patch(path: path) }
    if Archive.endings.contains(where: name.hasSuffix) { return .tarball(path: path) }
    if BundleReader.isBundle(path) { return .bundle(path: path, revision: nil) }
    let plain = Archive.packings.first(where: name.hasSuffix).map { name.dropLast($0.count) }
    if [".c", ".h"].contains(where: (plain ?? name[...]).hasSuffix) { return .file(path: path) }
    return try sniffed(path)
  }

  private static func sniffed(_ path: String) throws(Failure) -> SubjectReference {
    let file = try InputFile.open(path, regularOnly: true)
    let start = try InputFile.readChunk(descriptor: file.descriptor, name: path) ?? []
    // The contents of a packed file are inspected later, when it is read.
    if Archive.Compression(magic: start) != .none { return .packed(path: path) }
    return looksLikePatch(Array(start), name: path) ? .patch(path: path) : .file(path: path)
  }

  /// Whether a text that begins with `start` is a patch, mail or mailbox.
  static func looksLikePatch(_ start: [UInt8], name: String) -> Bool {
    guard let lines = try? RawLine.split(start, name: name) else { return false }
    return Mail.texts(in: lines).contains {
      DiffParser.looksLikeDiff($0.lines) || Quotation(in: $0.lines) != nil
    }
  }
}
