// SPDX-License-Identifier: GPL-2.0-only

/// Reads what a series is judged by: more files of a tree than a subject has, or the patches themselves.
public struct SeriesReader: Sendable {
  private let cacheFolder: String?
  private let baseFile: String?
  private let tools: Tools
  private let progress: @Sendable (String) -> Void

  /// A reader; see `SubjectReader`.
  public init(
    cacheFolder: String? = nil, baseFile: String? = nil, searchPath: [String]? = nil,
    progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.cacheFolder = cacheFolder
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
    case .patchFolder(let path):
      return try patches(try PatchFolder(path: path).files(), origin: path)
    case .range(let path, let from, let to):
      let range = try await GitReader(path: path, revision: to, tools: tools).range(from: from)
      let name = "\(path)@\(from)..\(to)"
      return try patches([(name, range.patches)], origin: "git:\(name)")
    case .subject(.builtin):
      throw SubjectError(
        message: "the built-in reference is one patch of the series, not the series",
        advice: "name the folder patches/ of the sources, a kernel tree, or a git range")
    case .subject(let subject):
      return try await SubjectReader(
        wanted: .series, cacheFolder: cacheFolder, baseFile: baseFile, tools: tools,
        progress: progress
      ).read(subject)
    }
  }

  private func patches(
    _ files: [(name: String, bytes: [UInt8])], origin: String
  ) throws(SubjectError) -> SubjectText {
    let reader = PatchReader(name: origin, baseFile: baseFile, choice: .series)
    return SubjectText(kind: "series", origin: origin, files: try reader.files(in: files))
  }
}
