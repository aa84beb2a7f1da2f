// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Puts patches into the order in which they apply: that of the numbers in their mails' subjects, or in their
/// files' names, or the given order. Throws if these contradict each other, because the intended text is then
/// unclear.
struct PatchOrder {
  private(set) var postings: [Posting]
  /// Warnings about patches that were left out or are missing.
  private(set) var warnings: [String] = []

  /// A series: the patches that name the same version and total.
  private struct Series: Hashable {
    let version: Int
    let total: Int
  }

  /// Limit of the number of patches, against hostile mailboxes; any series has fewer.
  private static let limit = 2_000

  init(_ postings: [Posting]) throws(Failure) {
    self.postings = postings
    guard postings.count <= Self.limit else {
      throw Failure(
        .unreadable, "\(postings[0].file) contains more patches than any series (\(postings.count))"
      )
    }
    dropReplies()
    dropRepeated()
    try checkVersions()
    let series = Dictionary(grouping: self.postings.indices.filter { key($0) != nil }) { key($0) }
    for (key, places) in series.sorted(by: { $0.value[0] < $1.value[0] }) {
      if let key { try sort(places, of: key) }
    }
    try checkBlobs()
  }

  private func key(_ index: Int) -> Series? {
    postings[index].tag.flatMap { tag in
      tag.total.map { Series(version: tag.version, total: $0) }
    }
  }

  private func number(_ index: Int) -> Int { postings[index].tag?.number ?? 0 }

  /// Drops patches in replies: a proposal in a reply is not part of the series.
  private mutating func dropReplies() {
    let isReply = { (posting: Posting) in posting.tag?.isReply ?? false }
    let replies = postings.filter(isReply)
    guard !replies.isEmpty, replies.count < postings.count else { return }
    postings.removeAll(where: isReply)
    warnings += replies.map { "ignored a patch in a reply: \($0.file):\($0.line)" }
  }

  /// Drops repeated mails: a mailbox may get the same mail through several lists.
  private mutating func dropRepeated() {
    var kept: [Posting] = []
    for posting in postings {
      let isThere = kept.contains {
        posting.tag != nil && $0.tag == posting.tag && $0.isSame(as: posting)
      }
      if !isThere { kept.append(posting) }
    }
    postings = kept
  }

  private func checkVersions() throws(Failure) {
    var known: [String: Posting] = [:]
    for posting in postings {
      guard let tag = posting.tag, !tag.title.isEmpty else { continue }
      if let other = known[tag.title], let version = other.tag?.version, version != tag.version {
        throw Failure(
          .unreadable,
          "\(posting.file):\(posting.line): the input contains versions "
            + "\(min(version, tag.version)) and \(max(version, tag.version)) of \(posting.name)",
          advice: "keep one version of each patch")
      }
      known[tag.title] = posting
    }
  }

  /// Sorts the patches of one series within the places that they have among all patches.
  private mutating func sort(_ places: [Int], of series: Series) throws(Failure) {
    let sorted = places.sorted { number($0) < number($1) }
    if Set(places.map(number)).count < places.count {
      return try checkRuns(places, of: series)
    }
    let missing = Set(1...series.total).subtracting(places.map(number)).sorted()
    if !missing.isEmpty, places.count > 1 {
      warnings.append(
        "of the \(series.total) patches of a series, \(Self.list(missing)) "
          + (missing.count == 1 ? "is missing" : "are missing"))
    }
    for (first, second) in zip(sorted, sorted.dropFirst()) {
      let (one, other) = (postings[first], postings[second])
      if let place = one.place, let next = other.place, place > next {
        throw Failure(
          .unreadable,
          "\(one.file) is \(one.tag?.name ?? "") and \(other.file) is "
            + "\(other.tag?.name ?? ""): their names and subjects contradict each other",
          advice: "name the files in the order of the series")
      }
    }
    let ordered = sorted.map { postings[$0] }
    for (place, posting) in zip(places, ordered) { postings[place] = posting }
  }

  /// Allows several series of the same length one after another, if each is complete and in order.
  private func checkRuns(_ places: [Int], of series: Series) throws(Failure) {
    let isWhole = places.enumerated().allSatisfy { number($1) == $0 % series.total + 1 }
    guard !isWhole || places.count % series.total != 0 else { return }
    var seen: [Int: Posting] = [:]
    for place in places {
      let posting = postings[place]
      if let other = seen.updateValue(posting, forKey: number(place)) {
        throw Failure(
          .unreadable, "\(other.name) and \(posting.name) are both \(posting.tag?.name ?? "")",
          advice: "keep one version of each patch, in order")
      }
    }
  }

  /// Refuses the output of `git log -p`, newest first, and any other order in which the patches of a file do
  /// not follow one another although they could, according to git's blob names.
  private func checkBlobs() throws(Failure) {
    var chains: [String: [(patch: FilePatch, posting: Posting)]] = [:]
    for posting in postings {
      for patch in posting.patches where patch.blobs != nil {
        chains[patch.path, default: []].append((patch, posting))
      }
    }
    for chain in chains.values.sorted(by: { $0[0].patch.number < $1[0].patch.number }) {
      guard chain.count <= Self.limit else { continue }
      let blobs = chain.compactMap(\.patch.blobs)
      for (index, blob) in blobs.enumerated() {
        let isFirst = index == 0 || !Self.isSame(blobs[index - 1].new, blob.old)
        guard isFirst, !Self.isSame(blob.old, blob.new) else { continue }
        var isLinked = true
        for later in (index + 1)..<max(index + 1, blobs.count) {
          isLinked = isLinked && Self.isSame(blobs[later - 1].new, blobs[later].old)
          guard !isLinked, Self.isSame(blobs[later].new, blob.old) else { continue }
          throw Failure(
            .unreadable,
            "\(chain[index].posting.file):\(chain[index].patch.number): the patches stand in "
              + (later == index + 1 && blobs.count == 2
                ? "reverse, newest first"
                : "the wrong order, newest first or mixed: this change of \(chain[index].patch.path) "
                  + "follows the one at \(chain[later].posting.file):\(chain[later].patch.number)"),
            advice: "git format-patch --stdout or git log -p --reverse writes them oldest first")
        }
      }
    }
  }

  /// Whether two blob names are the same; git shortens them to different lengths.
  private static func isSame(_ one: Substring, _ other: Substring) -> Bool {
    one.hasPrefix(other) || other.hasPrefix(one)
  }

  private static func list(_ numbers: [Int]) -> String {
    let shown = numbers.prefix(8).map { String($0) }
    return numbers.count > 8
      ? "\(shown.joined(separator: ", ")) and \(numbers.count - 8) more" : shown.list
  }
}
