// SPDX-License-Identifier: GPL-2.0-only

/// Reads what a series is judged by: more files of a tree than a subject has, or the patches themselves.
public struct SeriesReader: Sendable {
  private let cache: CacheFolder
  private let baseFile: String?
  private let tools: Tools
  private let progress: @Sendable (String) -> Void

  /// A reader; see `SubjectReader`.
  public init(
    cacheFolder: String? = nil, baseFile: String? = nil, searchPath: [String]? = nil,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    cache = CacheFolder(path: cacheFolder)
    self.baseFile = baseFile
    tools = Tools(searchPath: searchPath)
    self.progress = progress
  }

  /// The text that `reference` leads to; its kind is one of `SubjectText.kind`, or `series` for patches
  /// of a folder or range.
  ///
  /// `builtin` is refused with an error: the reference is a part of the series only.
  public func read(_ reference: SeriesReference) async throws(SubjectError) -> SubjectText {
    switch reference {
    case .subject(.standardInput):
      return try patches(
        [("<stdin>", try InputFile.read(descriptor: 0, name: "standard input"))], kind: "patch",
        origin: "-")
    case .subject(.patch(let path)):
      let bytes = try InputFile.read(path, regularOnly: false)
      return try patches([(path, bytes)], kind: "patch", origin: path)
    case .patchFolder(let path):
      return try patches(try PatchFolder(path: path).files(), kind: "series", origin: path)
    case .range(let path, let from, let to):
      let range = try await GitReader(path: path, revision: to, tools: tools).range(from: from)
      let name = "\(path)@\(from)..\(to)"
      return try patches([(name, range.patches)], kind: "series", origin: "git:\(name)")
    default: break
    }
    guard baseFile == nil else {
      throw SubjectError(message: "--base goes with a patch", advice: "leave it out")
    }
    switch reference {
    case .subject(.tree(let path)):
      let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      let files = try TreeReader(folder: folder, wanted: .series).files { "\(folder)/\($0)" }
      return SubjectText(kind: "tree", origin: path, files: files)
    case .subject(.tarball(let path)):
      let files = try await Archive(name: path, tools: tools, wanted: .series).files()
      return SubjectText(kind: "tarball", origin: path, files: files)
    case .subject(.git(let path, let revision)):
      let read = try await GitReader(
        path: path, revision: revision, tools: tools, wanted: .series
      ).files()
      return SubjectText(
        kind: "git", origin: "git:\(path)@\(revision) (\(read.commit))", files: read.files)
    case .subject(.debian(let package)):
      let source = DebianPackage(
        name: package, cache: cache, tools: tools, isForSeries: true, progress: progress)
      let tree = try await source.tree()
      let files = try TreeReader(folder: tree.folder, wanted: .series).files { "\(package)/\($0)" }
      return SubjectText(kind: "debian", origin: "\(package) \(tree.version)", files: files)
    case .subject(.builtin):
      throw SubjectError(
        message: "the built-in reference is one patch of the series, not the series",
        advice: "name the folder patches/ of the sources, a kernel tree, or a git range")
    case .subject(let subject):
      return try await SubjectReader(searchPath: tools.searchPath, progress: progress).read(subject)
    default:
      throw SubjectError(message: "this cannot be read as a series")
    }
  }

  private func patches(
    _ files: [(name: String, bytes: [UInt8])], kind: String, origin: String
  ) throws(SubjectError) -> SubjectText {
    let reader = PatchReader(name: origin, baseFile: baseFile, choice: .series)
    return SubjectText(kind: kind, origin: origin, files: try reader.files(in: files))
  }
}
