// SPDX-License-Identifier: GPL-2.0-only

/// The known part of a file while patches are applied to it: the whole file if it has a base, else only the
/// regions that the patches themselves show.
struct PatchedText {
  /// The known lines, in the order of the file.
  private(set) var lines: [SourceLine]
  /// The current line number of each known line, from 1; strictly ascending.
  private var numbers: [Int]
  /// What each known line is compared by: its text, or its words.
  private var keys: [String]
  /// Whether lines match that differ in blanks alone.
  private(set) var ignoresBlanks = false
  /// Whether every line of the file is known.
  let isComplete: Bool

  /// Limit of the known lines: it bounds the work for a hostile patch. Any file of a subject has fewer.
  static let lineLimit = 100_000

  /// Limit of the hunks for one file, for the same reason. Any patch or series has fewer.
  static let hunkLimit = 2_000

  /// Limit of the places to try for one hunk.
  private static let tryLimit = 4096

  /// A file without any known line.
  init() {
    lines = []
    numbers = []
    keys = []
    isComplete = false
  }

  /// A file with all lines known.
  init(base lines: [SourceLine]) {
    self.lines = lines
    numbers = Array(1..<(lines.count + 1))
    keys = lines.map(\.text)
    isComplete = true
  }

  /// The same text, where lines match that differ in blanks alone.
  var ignoringBlanks: PatchedText {
    var text = self
    text.ignoresBlanks = true
    text.keys = lines.map { text.key($0.text) }
    return text
  }

  private func key(_ text: String) -> String {
    guard ignoresBlanks else { return text }
    return text.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
  }

  /// The indices of the lines that follow an unknown part of the file; nil if the whole file is known.
  var gaps: [Int]? {
    guard !isComplete else { return nil }
    return numbers.indices.filter { $0 == 0 || numbers[$0] != numbers[$0 - 1] + 1 }
  }

  /// Applies the hunks of one patch in order; `displayName` is the patch file's name.
  ///
  /// Returns the index of the first hunk that does not apply; nil if all do. The position may be off, but the
  /// contents must match. A hunk that meets no known line applies: it shows a region that no earlier patch
  /// showed.
  mutating func apply(_ hunks: [Hunk], displayName: String) -> Int? {
    let hasContext = Self.hasContext(hunks)
    var shift = 0
    var floor = 1
    for (index, hunk) in hunks.enumerated() {
      let expected = max(hunk.position + shift, floor)
      guard !isHeldWithoutContext(hunk, near: expected),
        let place = place(of: hunk, .added, hasContext, expected: expected, floor: floor)
      else { return index }
      replace(at: place, with: hunk, displayName: displayName)
      // An offset also holds for the hunks that follow, as in patch(1).
      shift = place - hunk.position + hunk.newCount - hunk.oldCount
      floor = place + hunk.newCount
    }
    return nil
  }

  /// Whether the text already has the lines of a hunk that only adds and has no context. Such a hunk could
  /// apply again and again.
  private func isHeldWithoutContext(_ hunk: Hunk, near expected: Int) -> Bool {
    guard isComplete, hunk.oldCount == 0 else { return false }
    let new = hunk.side(without: .removed).map(key)
    return agreement(of: new, at: expected)?.known == new.count
  }

  /// For each hunk, in order, whether the text contains its new lines and not its old lines.
  func holds(_ hunks: [Hunk]) -> [Bool] {
    let hasContext = Self.hasContext(hunks)
    var shift = 0
    var floor = 1
    return hunks.map { hunk in
      let old = hunk.side(without: .added).map(key)
      let new = hunk.side(without: .removed).map(key)
      // Equal sides, or an empty new side, prove nothing.
      guard old != new, !new.isEmpty else { return false }
      let expected = max((hunk.newCount == 0 ? hunk.newStart + 1 : hunk.newStart) + shift, floor)
      if !old.isEmpty,
        isWhole(
          old, at: place(of: hunk, .added, hasContext, expected: expected, floor: floor))
      {
        return false
      }
      guard
        let place = place(of: hunk, .removed, hasContext, expected: expected, floor: floor),
        isWhole(new, at: place)
      else { return false }
      shift = place - hunk.newStart
      floor = place + new.count
      return true
    }
  }

  private func isWhole(_ lines: [String], at place: Int?) -> Bool {
    place.flatMap { agreement(of: lines, at: $0) }?.known == lines.count
  }

  /// The agreement of a hunk's old lines with the text at one place.
  private struct Agreement {
    var place: Int
    var known = 0
    var telling = 0
  }

  /// Whether the patch shows lines that it leaves. Without any, the place of a hunk says nothing.
  private static func hasContext(_ hunks: [Hunk]) -> Bool {
    hunks.contains { hunk in hunk.lines.contains { $0.role == .context } }
  }

  /// The place of a hunk's lines without the `role` ones, by git's rules: a hunk that ends with a change is at the end
  /// of the file, and one that begins with the first line is at its start.
  private func place(
    of hunk: Hunk, _ role: HunkLine.Role, _ hasContext: Bool, expected: Int, floor: Int
  ) -> Int? {
    let side = hunk.side(without: role).map(key)
    let start = role == .added ? hunk.oldStart : hunk.newStart
    let isAtStart = start == 0 || (start == 1 && hasContext)
    let isAtEnd = hasContext && hunk.lines.last?.role != .context
    guard isComplete, isAtStart || isAtEnd else {
      return place(for: side, expected: expected, floor: floor)
    }
    let last = lines.count + 1 - side.count
    let only = isAtStart ? 1 : last
    guard only >= floor, !isAtEnd || only == last, isWhole(side, at: only) else { return nil }
    return only
  }

  private func place(for old: [String], expected: Int, floor: Int) -> Int? {
    if old.isEmpty { return isComplete && expected > lines.count + 1 ? nil : expected }
    if let whole = agreement(of: old, at: expected), whole.known == old.count { return expected }
    let agreements = candidates(for: old, expected: expected, floor: floor).compactMap {
      agreement(of: old, at: $0)
    }
    // The nearest candidates come first, so the first of the best is the nearest of them.
    if let whole = agreements.first(where: { $0.known == old.count }) { return whole.place }
    if isComplete { return nil }
    let best = agreements.max { $0.telling < $1.telling }?.telling ?? 0
    if best >= 3, let partial = agreements.first(where: { $0.telling == best }) {
      return partial.place
    }
    return agreements.first { $0.place == expected }?.place
  }

  private func candidates(for old: [String], expected: Int, floor: Int) -> [Int] {
    var offsets: [String: [Int]] = [:]
    for (offset, text) in old.enumerated() where isTelling(text) {
      offsets[text, default: []].append(offset)
    }
    var places: Set<Int> = [expected]
    for index in firstIndex(notBelow: floor)..<numbers.count {
      for offset in (offsets[keys[index]] ?? []).prefix(64)
      where numbers[index] - offset >= floor {
        places.insert(numbers[index] - offset)
      }
    }
    let sorted = places.sorted {
      let (first, second) = (abs($0 - expected), abs($1 - expected))
      return first == second ? $0 < $1 : first < second
    }
    return Array(sorted.prefix(Self.tryLimit))
  }

  /// Whether a match of `text` is evidence for the place: lone braces and blanks are everywhere.
  private func isTelling(_ text: String) -> Bool {
    isComplete || text.utf8.count { $0 > 0x20 } > 2
  }

  private func agreement(of old: [String], at place: Int) -> Agreement? {
    var agreement = Agreement(place: place)
    var index = firstIndex(notBelow: place)
    for (offset, text) in old.enumerated() {
      guard index < numbers.count else { break }
      guard numbers[index] == place + offset else { continue }
      guard keys[index] == text else { return nil }
      agreement.known += 1
      if isTelling(text) { agreement.telling += 1 }
      index += 1
    }
    return agreement
  }

  private mutating func replace(at place: Int, with hunk: Hunk, displayName: String) {
    let first = firstIndex(notBelow: place)
    let end = firstIndex(notBelow: place + hunk.oldCount)
    let known = Dictionary(
      zip(numbers[first..<end], lines[first..<end]), uniquingKeysWith: { first, _ in first })
    var oldNumber = place
    var new: [SourceLine] = []
    var isCut = false
    for line in hunk.lines {
      if line.role == .removed {
        isCut = true
        oldNumber += 1
        continue
      }
      let kept = line.role == .context ? known[oldNumber] : nil
      new.append(
        SourceLine(
          text: kept?.text ?? line.text, displayName: kept?.displayName ?? displayName,
          number: kept?.number ?? line.number, isAdded: kept?.isAdded ?? (line.role == .added),
          followsRemoved: isCut || kept?.followsRemoved ?? false,
          heading: kept?.heading ?? (new.isEmpty ? hunk.heading : nil)))
      if line.role == .context { oldNumber += 1 }
      isCut = false
    }
    if isCut, end < lines.count, numbers[end] == oldNumber { lines[end] = lines[end].behindRemoved }
    let shift = hunk.newCount - hunk.oldCount
    if shift != 0 {
      for index in end..<numbers.count { numbers[index] += shift }
    }
    lines.replaceSubrange(first..<end, with: new)
    keys.replaceSubrange(first..<end, with: new.map { key($0.text) })
    numbers.replaceSubrange(first..<end, with: (0..<new.count).map { place + $0 })
  }

  private func firstIndex(notBelow number: Int) -> Int {
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension SourceLine {
  /// The same line, with removed lines before it.
  fileprivate var behindRemoved: SourceLine {
    SourceLine(
      text: text, displayName: displayName, number: number, isAdded: isAdded, followsRemoved: true,
      heading: heading)
  }
}
