// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A file with the subjects of a fleet.
public enum SubjectList {
  /// The maximum size of such a file, in bytes.
  private static let limit = 4 << 20
  /// The most subjects of a list; there are fewer public trees.
  private static let most = 100_000

  /// The subjects that a file lists, one a line. Lines that are blank or begin with # say nothing.
  public static func read(_ path: String) throws(Failure) -> [String] {
    let bytes = try ReadableFile.bytes(of: path, atMost: limit)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(.unreadable, "\(path) is not UTF-8 text")
    }
    let subjects = text.split(whereSeparator: \.isNewline).map { String($0).trimmed() }
      .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    guard !subjects.isEmpty else {
      throw Failure(.unreadable, "\(path) lists no subject", advice: "write one a line")
    }
    guard subjects.count <= most else {
      throw Failure(.unreadable, "\(path) lists more than \(most) subjects")
    }
    guard !subjects.contains("-") else {
      throw Failure(
        .unreadable, "\(path) lists standard input, which only the command line can name",
        advice: "write - on the command line")
    }
    return subjects
  }
}
