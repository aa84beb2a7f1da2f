// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Reads the text for judging a series: more files of a tree than a subject has, or the patches themselves.
public struct SeriesReader: Sendable {
  private let reader: SubjectReader

  /// Creates a reader with the parameters of ``SubjectReader``.
  public init(
    cacheFolder: String? = nil, base: String? = nil, builtin: String? = nil,
    searchPath: [String]? = nil, progress: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    reader = SubjectReader(
      wanted: .series, cacheFolder: cacheFolder, base: base, builtin: builtin,
      tools: Tools(searchPath: searchPath), progress: progress)
  }

  /// The text of `reference`; its kind is one of `SubjectText.kind`, or `series` for a folder of patches.
  ///
  /// Throws for `builtin`, because the reference is only a part of the series.
  public func read(_ reference: SubjectReference) async throws(Failure) -> SubjectText {
    guard reference != .builtin else {
      throw Failure(
        .unreadable, "the built-in reference is one patch of the series, not the series",
        advice: "name the folder patches/ of the sources, a kernel tree, or a git range")
    }
    return try await reader.read(reference)
  }
}
