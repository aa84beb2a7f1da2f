// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A patch quoted in a mail: each of its lines follows a `>`.
struct Quotation {
  /// Limit of the quotation depth. Replies to replies quote deeper, but nobody reads a patch there.
  private static let depthLimit = 4

  /// The quoted lines without their mark. Text between them is dropped.
  let lines: [RawLine]

  /// The quote in `text` that contains a diff; nil if there is none.
  init?(in text: [RawLine]) {
    var lines = text
    for _ in 0..<Self.depthLimit {
      lines = lines.compactMap(Self.unquoted)
      if DiffParser.looksLikeDiff(lines) {
        self.lines = lines
        return
      }
    }
    return nil
  }

  private static func unquoted(_ line: RawLine) -> RawLine? {
    guard line.bytes.first == UInt8(ascii: ">") else { return nil }
    var bytes = line.bytes.dropFirst()
    if bytes.first == UInt8(ascii: " ") { bytes = bytes.dropFirst() }
    return RawLine(bytes: bytes, number: line.number)
  }

  /// The patch in the quote of the file `name`.
  ///
  /// - Throws: if the quote visibly leaves out lines, hunks or files, according to the numbers of the hunks,
  ///   and to the summary of the changes if the quote contains it.
  func patch(name: String) throws(Failure) -> [FilePatch] {
    let files: [FilePatch]
    do throws(Failure) {
      files = try DiffParser.parse(lines, name: name)
    } catch {
      throw Self.incomplete(error.message)
    }
    for file in files {
      var shift = 0
      for hunk in file.hunks {
        guard hunk.newStart - hunk.oldStart == shift || hunk.hasBareSide else {
          throw Self.incomplete("\(name):\(hunk.number): a hunk is missing before this one")
        }
        shift += hunk.newCount - hunk.oldCount
      }
    }
    let shown = files.flatMap(\.hunks).flatMap(\.lines)
    if let summary = summary,
      summary.added != shown.count(where: { $0.role == .added })
        || summary.removed != shown.count(where: { $0.role == .removed })
    {
      throw Self.incomplete(
        "\(name): the patch had \(summary.added) lines to add and \(summary.removed) to remove, and "
          + "not all of them are quoted")
    }
    return files
  }

  private static func incomplete(_ message: String) -> Failure {
    Failure(
      .unreadable, "\(message): this is an incomplete quote of a patch",
      advice: "give the mail that it answers")
  }

  /// The numbers of ` 2 files changed, 10 insertions(+), 3 deletions(-)`; nil if the quote has no such line.
  private var summary: (added: Int, removed: Int)? {
    for line in lines {
      let text = line.text.trimmed()
      guard text.contains(" changed, "), text.first?.isNumber == true else { continue }
      func count(_ word: String) -> Int {
        let parts = text.split(separator: ",")
        guard let part = parts.first(where: { $0.contains(word) }) else { return 0 }
        return part.split(separator: " ").first.flatMap { Int($0) } ?? 0
      }
      return (count("insertion"), count("deletion"))
    }
    return nil
  }
}
