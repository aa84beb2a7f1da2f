// SPDX-License-Identifier: GPL-2.0-only

/// Reads the text of subjects, wherever it comes from.
public struct SubjectReader: Sendable {
  private let cache: CacheFolder
  private let baseFile: String?
  private let tools: Tools
  private let wanted: KernelFiles
  private let progress: @Sendable (String) -> Void

  /// A reader of what can be compiled and run.
  ///
  /// - Parameters:
  ///   - cacheFolder: where fetched packages are kept; nil for the user's own folder (see
  ///     `CacheFolder`).
  ///   - baseFile: the file that patches are applied to; nil to read a patch by itself.
  ///   - searchPath: the folders that programs (git, tar, apt-get) are looked for in; nil for PATH.
  ///   - progress: told, in one line, what takes long.
  public init(
    cacheFolder: String? = nil, baseFile: String? = nil, searchPath: [String]? = nil,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.init(
      wanted: .subject, cacheFolder: cacheFolder, baseFile: baseFile,
      tools: Tools(searchPath: searchPath), progress: progress)
  }

  /// A reader of the files that are `wanted`.
  init(
    wanted: KernelFiles, cacheFolder: String?, baseFile: String?, tools: Tools,
    progress: @escaping @Sendable (String) -> Void
  ) {
    cache = CacheFolder(path: cacheFolder)
    self.baseFile = baseFile
    self.tools = tools
    self.wanted = wanted
    self.progress = progress
  }

  /// The text that `reference` leads to.
  ///
  /// `builtin` is refused with an error: its text is a part of the program, which the pipeline
  /// supplies without this reader.
  public func read(_ reference: SubjectReference) async throws(SubjectError) -> SubjectText {
    switch reference {
    case .standardInput:
      let bytes = try InputFile.read(descriptor: 0, name: "standard input")
      return try patch(bytes, name: "<stdin>", origin: "-")
    case .patch(let path):
      return try patch(
        try InputFile.read(path, regularOnly: false), name: path, origin: path)
    default: break
    }
    guard baseFile == nil else {
      throw SubjectError(message: "--base goes with a patch", advice: "leave it out")
    }
    switch reference {
    case .file(let path):
      let bytes = try InputFile.read(path, regularOnly: false)
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let inTree = path.hasSuffix("/" + KernelPath.main) ? KernelPath.main : name
      let file = try SourceFile(path: inTree, displayName: path, bytes: bytes)
      return SubjectText(kind: "file", origin: path, files: [file])
    case .tree(let path):
      let folder = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
      let files = try TreeReader(folder: folder, wanted: wanted).files { "\(folder)/\($0)" }
      return SubjectText(kind: "tree", origin: path, files: files)
    case .tarball(let path):
      let files = try await Archive(name: path, tools: tools, wanted: wanted).files()
      return SubjectText(kind: "tarball", origin: path, files: files)
    case .git(let path, let revision):
      let read = try await GitReader(
        path: path, revision: revision, tools: tools, wanted: wanted
      ).files()
      let origin = "git:\(path)@\(revision) (\(read.commit))"
      return SubjectText(kind: "git", origin: origin, files: read.files)
    case .debian(let package):
      let source = DebianPackage(
        name: package, cache: cache, tools: tools, isForSeries: wanted.isOfWholeTree,
        progress: progress)
      let tree = try await source.tree()
      let files = try TreeReader(folder: tree.folder, wanted: wanted).files { "\(package)/\($0)" }
      return SubjectText(
        kind: "debian", origin: "\(package) \(tree.version)", files: files)
    default:
      throw SubjectError(message: "the built-in reference is not read from a file")
    }
  }

  private func patch(
    _ bytes: [UInt8], name: String, origin: String
  ) throws(SubjectError) -> SubjectText {
    let files = try PatchReader(name: name, baseFile: baseFile, choice: wanted).files(in: bytes)
    return SubjectText(kind: "patch", origin: origin, files: files)
  }
}
