// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The search through a history for the first commit that is bad: it halves what is left with each
/// answer, whatever branches and merges there are, and goes around commits that say nothing.
struct BisectSearch {
  /// What a commit turns out to be.
  enum Answer { case good, bad, skipped }

  private let commits: [GitHistory.Commit]
  /// Those that may be the first bad one, by place. All of them are ancestors of the one that is known
  /// to be bad, or that one.
  private var left: [Int]
  private var skipped: Set<Int> = []

  /// A search in a history whose last commit is bad, and whose commits all follow a good one.
  init(_ commits: [GitHistory.Commit]) {
    self.commits = commits
    left = Self.ancestors(of: commits.count - 1, in: commits)
  }

  /// The commits that may be the first bad one: one when the search is over, or more where those
  /// between say nothing.
  var suspects: [Int] { left }

  /// How many of them are not skipped, but for the one that is known to be bad.
  var openCount: Int { left.dropLast().count { !skipped.contains($0) } }

  /// The commit to ask about; nil when the search is over. It is the one that leaves the fewest in the
  /// worse case; of equals the oldest.
  var next: Int? {
    let sets = ancestorCounts()
    var best: (worth: Int, place: Int)?
    for place in left.dropLast() where !skipped.contains(place) {
      let below = sets[place] ?? 1
      let worth = min(below, left.count - below)
      if best.map({ worth > $0.worth }) ?? true { best = (worth, place) }
    }
    return best?.place
  }

  /// Takes note of what a commit is.
  mutating func learn(_ place: Int, is answer: Answer) {
    switch answer {
    case .skipped: skipped.insert(place)
    case .good:
      let gone = Set(Self.ancestors(of: place, in: commits))
      left.removeAll(where: gone.contains)
    case .bad:
      let kept = Set(Self.ancestors(of: place, in: commits))
      left.removeAll { !kept.contains($0) }
    }
  }

  /// A commit and all that it follows, in order of place.
  private static func ancestors(of place: Int, in commits: [GitHistory.Commit]) -> [Int] {
    var found: Set<Int> = [place]
    // A parent stands before its children.
    for candidate in stride(from: place, through: 0, by: -1) where found.contains(candidate) {
      found.formUnion(commits[candidate].parents)
    }
    return found.sorted()
  }

  /// How many of those left each of them follows, itself included.
  private func ancestorCounts() -> [Int: Int] {
    var columns: [Int: Int] = [:]
    for (column, place) in left.enumerated() { columns[place] = column }
    let words = (left.count + 63) / 64
    var sets: [[UInt64]] = []
    var counts: [Int: Int] = [:]
    for (column, place) in left.enumerated() {
      var set = [UInt64](repeating: 0, count: words)
      set[column / 64] |= 1 << UInt64(column % 64)
      for parent in commits[place].parents {
        guard let other = columns[parent] else { continue }
        for word in 0..<words { set[word] |= sets[other][word] }
      }
      counts[place] = set.reduce(0) { $0 + $1.nonzeroBitCount }
      sets.append(set)
    }
    return counts
  }
}
