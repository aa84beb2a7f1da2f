// SPDX-License-Identifier: GPL-2.0-only

import Foundation

/// The repository that the tests were built from.
public enum Repository {
  /// The folder of `Package.swift`.
  public static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// A file or folder of the repository, by its path below the root.
  public static func url(_ path: String) -> URL { root.appending(path: path) }

  /// The text of a file of the repository.
  public static func text(_ path: String) throws -> String {
    try String(contentsOf: url(path), encoding: .utf8)
  }
}
