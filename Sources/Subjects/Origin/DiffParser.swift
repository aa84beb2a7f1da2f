// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Reads unified diffs as git, diff(1) and mail programs write them.
struct DiffParser {
  private let lines: [(text: String, number: Int)]
  private let name: String
  private var index = 0
  private var files: [FilePatch] = []
  private var isInFile = false

  /// The files that the text `lines` of the patch file `name` changes, in order. The parser skips text around
  /// the diffs, renames, mode changes and binary patches. It throws an error with the place of a hunk that
  /// is garbled, truncated, or not as long as its header says.
  static func parse(_ lines: [RawLine], name: String) throws(Failure) -> [FilePatch] {
    var parser = DiffParser(lines: lines.map { ($0.text, $0.number) }, name: name)
    try parser.parse()
    return parser.files
  }

  /// Whether `lines` contain the start of a diff.
  static func looksLikeDiff(_ lines: [RawLine]) -> Bool {
    lines.indices.contains { index in
      let bytes = lines[index].bytes
      if bytes.starts(with: "diff --git ".utf8) { return true }
      return bytes.starts(with: "--- ".utf8) && index + 1 < lines.count
        && lines[index + 1].bytes.starts(with: "+++ ".utf8)
    }
  }

  private init(lines: [(text: String, number: Int)], name: String) {
    self.lines = lines
    self.name = name
  }

  private mutating func parse() throws(Failure) {
    while index < lines.count {
      let (text, number) = lines[index]
      if text.hasPrefix("diff --git ") || text.hasPrefix("GIT binary patch") {
        isInFile = false
        index += 1
      } else if text.hasPrefix("--- "), index + 2 < lines.count,
        lines[index + 1].text.hasPrefix("+++ "), Self.startsHunk(lines[index + 2].text)
      {
        files.append(
          FilePatch(
            oldPath: Self.path(text), newPath: Self.path(lines[index + 1].text), number: number,
            blobs: index > 0 ? Self.blobs(lines[index - 1].text) : nil, hunks: []))
        isInFile = true
        index += 2
      } else if text.hasPrefix("@@@ ") {
        throw failure(
          number, "a merge's combined diff", advice: "give a diff against one parent")
      } else if text.hasPrefix("@@ ") {
        try parseHunk(header: text, number: number)
      } else {
        index += 1
      }
    }
  }

  /// Whether the `---` and `+++` lines above this line are a file's header and not prose, by git's rule.
  private static func startsHunk(_ text: String) -> Bool {
    text.hasPrefix("@@ -") || text.hasPrefix("@@@ ")
  }

  private mutating func parseHunk(header: String, number: Int) throws(Failure) {
    guard let ranges = Self.ranges(of: header) else {
      // In a commit message such a line is prose; after a file header it is damage.
      guard isInFile else { return index += 1 }
      throw failure(number, "garbled hunk header")
    }
    guard isInFile else {
      throw failure(number, "a hunk that belongs to no file (no ---/+++ lines before it)")
    }
    index += 1
    var oldLeft = ranges.oldCount
    var newLeft = ranges.newCount
    var body: [HunkLine] = []
    while oldLeft > 0 || newLeft > 0 {
      guard index < lines.count, let line = Self.hunkLine(lines[index]) else {
        let place = index < lines.count ? lines[index].number : nil
        throw truncated(number, at: place, old: oldLeft, new: newLeft)
      }
      index += 1
      guard let line else { continue }
      if line.role != .added { oldLeft -= 1 }
      if line.role != .removed { newLeft -= 1 }
      guard oldLeft >= 0, newLeft >= 0 else {
        throw failure(
          line.number, "the hunk at line \(number) has fewer lines than its header announces")
      }
      body.append(line)
    }
    if index < lines.count, lines[index].text.hasPrefix("\\") { index += 1 }
    if index < lines.count, isSurplus(lines[index].text) {
      throw failure(
        lines[index].number, "the hunk at line \(number) has more lines than its header announces")
    }
    files[files.count - 1].hunks.append(
      Hunk(
        oldStart: ranges.oldStart, newStart: ranges.newStart, heading: Self.heading(header),
        number: number, lines: body))
  }

  /// Whether a line after a complete hunk looks like a part of it. Signatures (`-- `) and the next file's
  /// `---` do not.
  private func isSurplus(_ text: String) -> Bool {
    switch text.utf8.first {
    case UInt8(ascii: "+"): true
    case UInt8(ascii: "-"): !text.hasPrefix("--")
    case UInt8(ascii: " "): !text.trimmed().isEmpty
    default: false
    }
  }

  /// The line of a hunk; an inner nil for `\ No newline at end of file`, an outer one for a line that no hunk
  /// can contain.
  private static func hunkLine(_ line: (text: String, number: Int)) -> HunkLine?? {
    let rest = String(Substring(line.text.utf8.dropFirst()))
    switch line.text.utf8.first {
    // Mail programs strip the blank of an empty context line.
    case nil: return HunkLine(role: .context, text: "", number: line.number)
    case UInt8(ascii: " "): return HunkLine(role: .context, text: rest, number: line.number)
    case UInt8(ascii: "-"): return HunkLine(role: .removed, text: rest, number: line.number)
    case UInt8(ascii: "+"): return HunkLine(role: .added, text: rest, number: line.number)
    case UInt8(ascii: "\\"): return .some(nil)
    default: return nil
    }
  }

  /// The text after `@@ -start,count +start,count @@`.
  private static func heading(_ header: String) -> String? {
    let words = header.split(separator: " ", maxSplits: 4)
    return words.count == 5 ? String(words[4]) : nil
  }

  /// The numbers of `@@ -start,count +start,count @@`.
  private static func ranges(
    of header: String
  ) -> (oldStart: Int, newStart: Int, oldCount: Int, newCount: Int)? {
    let words = header.split(separator: " ", omittingEmptySubsequences: false)
    guard words.count >= 4, words[0] == "@@", words[3] == "@@", words[1].first == "-",
      words[2].first == "+", let old = range(words[1].dropFirst()),
      let new = range(words[2].dropFirst())
    else { return nil }
    return (old.start, new.start, old.count, new.count)
  }

  private static func range(_ text: Substring) -> (start: Int, count: Int)? {
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part -> Int? in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard numbers.count == parts.count, (1...2).contains(numbers.count),
      numbers.allSatisfy({ $0 <= 100_000_000 })
    else { return nil }
    return (numbers[0], numbers.count == 2 ? numbers[1] : 1)
  }

  /// The blob names on git's line `index OLD..NEW MODE`.
  private static func blobs(_ line: String) -> (old: Substring, new: Substring)? {
    let words = line.split(separator: " ")
    guard words.count >= 2, words[0] == "index" else { return nil }
    let names = words[1].split(separator: ".")
    return names.count == 2 ? (names[0], names[1]) : nil
  }

  /// The path after `---` or `+++`; nil for `/dev/null`.
  private static func path(_ header: String) -> String? {
    var name = String(header.dropFirst(4).prefix { $0 != "\t" }).trimmed()
    if name.hasPrefix("\""), name.hasSuffix("\""), name.count >= 2 {
      name = String(name.dropFirst().dropLast())
    }
    return name == "/dev/null" ? nil : KernelPath.inPatch(name)
  }

  private func failure(
    _ number: Int, _ what: String, advice: String? = nil
  ) -> Failure {
    Failure(
      .unreadable, "\(name):\(number): \(what)",
      advice: advice ?? "the patch was damaged in transit: fetch it again, e.g. with b4")
  }

  private func truncated(_ number: Int, at place: Int?, old: Int, new: Int) -> Failure {
    let missing = "\(max(old, new)) more line\(max(old, new) == 1 ? "" : "s")"
    guard let place else {
      return failure(number, "the patch is truncated: this hunk needs \(missing)")
    }
    return failure(place, "not a hunk line; the hunk at line \(number) needs \(missing)")
  }
}
