// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Reads the text of subjects from any source.
public struct SubjectReader: Sendable {
  private let cacheFolder: String?
  private let base: String?
  private let builtin: String?
  private let tools: Tools
  private let wanted: KernelFiles
  private let progress: @Sendable (String) -> Void

  /// Creates a reader for text that can be compiled and run.
  ///
  /// - Parameters:
  ///   - cacheFolder: the folder for fetched packages; nil for the user's own (see `CacheFolder`).
  ///   - base: the subject to which patches apply; nil to read a patch by itself.
  ///   - builtin: the file with the text of the built-in reference; nil if the reference is not a subject.
  ///   - searchPath: the folders to search for programs (git, tar, apt-get); nil for PATH.
  ///   - progress: a function that gets one line about each long step.
  public init(
    cacheFolder: String? = nil, base: String? = nil, builtin: String? = nil,
    searchPath: [String]? = nil, progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.init(
      wanted: .subject, cacheFolder: cacheFolder, base: base, builtin: builtin,
      tools: Tools(searchPath: searchPath), progress: progress)
  }

  init(
    wanted: KernelFiles, cacheFolder: String?, base: String?, builtin: String?, tools: Tools,
    progress: @escaping @Sendable (String) -> Void
  ) {
    self.cacheFolder = cacheFolder
    self.base = base
    self.builtin = builtin
    self.tools = tools
    self.wanted = wanted
    self.progress = progress
  }

  /// The text of `reference`.
  public func read(_ reference: SubjectReference) async throws(Failure) -> SubjectText {
    guard base == nil || reference.isPatches else {
      throw Failure(.unreadable, "--base needs a patch", advice: "omit it")
    }
    let input = TextInput(tools: tools)
    switch reference {
    case .standardInput:
      let bytes = try InputFile.read(descriptor: 0, name: "standard input")
      let file = PatchFile(
        name: "<stdin>", bytes: try await input.unpacked(bytes, name: "<stdin>"))
      return try await patches([file], name: "<stdin>", kind: "patch", origin: "-")
    case .patch(let path):
      let file = PatchFile(name: path, bytes: try await input.read(path, regularOnly: false))
      return try await patches([file], name: path, kind: "patch", origin: path)
    case .patchFolder(let path):
      return try await patches(
        try await PatchFolder(path: path, tools: tools).files(), name: path,
        kind: wanted.isForSeries ? "series" : "patch", origin: path)
    case .file(let path):
      return try file(try await input.read(path, regularOnly: false), path)
    case .tree(let path):
      let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      let files = try TreeReader(folder: folder, wanted: wanted).files { "\(folder)/\($0)" }
      return SubjectText(kind: "tree", origin: path, files: files)
    case .tarball(let path):
      let files = try await Archive(name: path, tools: tools, wanted: wanted).files()
      return SubjectText(kind: "tarball", origin: path, files: files)
    case .packed(let path): return try await packed(path)
    case .git(let path, let revision):
      return try await self.revision(
        of: GitReader(path: path, revision: revision, tools: tools, wanted: wanted),
        called: "git:\(path)@\(revision)")
    case .remote(let url, let revision):
      progress("fetching \(revision) of \(url)")
      let read = try await RemoteReader(url: url, revision: revision, tools: tools, wanted: wanted)
        .files()
      return SubjectText(
        kind: "git", origin: "git:\(url)@\(revision) (\(read.commit))", files: read.files)
    case .range(let path, let from, let to):
      return try await range(
        GitRange(
          end: GitReader(path: path, revision: to, tools: tools, wanted: wanted), from: from),
        called: "git:\(path)@\(from)..\(to)")
    case .bundle(let path, let revision): return try await bundle(path, revision)
    case .debian(let package):
      let source = DebianPackage(
        name: package, cache: CacheFolder(path: cacheFolder), tools: tools,
        isForSeries: wanted.isForSeries, progress: progress)
      let tree = try await source.tree()
      let files = try TreeReader(folder: tree.path, wanted: wanted).files { "\(package)/\($0)" }
      return SubjectText(
        kind: "debian", origin: "\(package) \(tree.label)", files: files)
    case .builtin:
      guard let builtin else {
        throw Failure(.unreadable, "the built-in reference is not read from a file")
      }
      let file = try SourceFile(
        path: KernelPath.main, displayName: "CKernelShim/subject/reference.inc",
        bytes: try InputFile.read(builtin, regularOnly: true))
      return SubjectText(
        kind: SubjectText.builtinKind, origin: "the embedded reference", files: [file])
    }
  }

  private func file(_ bytes: [UInt8], _ path: String) throws(Failure) -> SubjectText {
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let known = wanted.pathInTree(of: path)
    let file = try SourceFile(path: known ?? name, displayName: path, bytes: bytes)
    return SubjectText(kind: "file", origin: path, files: [file])
  }

  // MARK: Packed files

  /// Reads a packed file as an archive, a patch or a C file, according to its first unpacked bytes.
  private func packed(_ path: String) async throws(Failure) -> SubjectText {
    let start = try await TextInput(tools: tools).start(of: path)
    if TarScanner.looksLikeHeader(start) { return try await read(.tarball(path: path)) }
    return SubjectReference.looksLikePatch(start, name: path)
      ? try await read(.patch(path: path)) : try await read(.file(path: path))
  }

  // MARK: Patches

  private func patches(
    _ files: [PatchFile], name: String, kind: String, origin: String
  ) async throws(Failure) -> SubjectText {
    let reader = try PatchReader(name: name, choice: wanted, files: files)
    return try reader.text(
      kind: kind, origin: origin, base: try await base(touching: reader.wanted))
  }

  /// The base of patches that touch the files `paths`: it includes these besides the usual files.
  private func base(touching paths: Set<String>) async throws(Failure) -> PatchBase? {
    guard let base else { return nil }
    let reader = SubjectReader(
      wanted: wanted.adding(paths), cacheFolder: cacheFolder, base: nil, builtin: builtin,
      tools: tools, progress: progress)
    return try PatchBase(
      try await reader.read(try SubjectReference(argument: base)), name: base)
  }

  // MARK: Repositories

  private func revision(
    of reader: GitReader, called name: String
  ) async throws(Failure) -> SubjectText {
    let read = try await reader.files()
    return SubjectText(kind: "git", origin: "\(name) (\(read.commit))", files: read.files)
  }

  private func range(
    _ range: GitRange, called name: String
  ) async throws(Failure) -> SubjectText {
    let read = try await range.files()
    return SubjectText(
      kind: "git", origin: "\(name) (\(read.commit))", files: read.files, before: read.before)
  }

  private func bundle(
    _ path: String, _ revision: String?
  ) async throws(Failure) -> SubjectText {
    let bundle = BundleReader(path: path, tools: tools)
    return try await bundle.unpacked { repository, head throws(Failure) in
      guard let meant = revision ?? head else { throw bundle.severalHeads() }
      let name = revision.map { "\(path)@\($0)" } ?? path
      func reader(_ revision: String) -> GitReader {
        GitReader(
          path: repository, revision: revision, tools: tools, wanted: wanted, shownPath: path)
      }
      if let (from, to) = try SubjectReference.range(meant) {
        return try await range(GitRange(end: reader(to), from: from), called: name)
      }
      return try await self.revision(of: reader(meant), called: name)
    }
  }
}
