// SPDX-License-Identifier: GPL-2.0-only

/// A name that a tree's own headers give another meaning than the stub headers, with which the functions
/// ran.
public struct HeaderDifference: Sendable, Hashable {
  /// The name.
  public var name: String
  /// "FILE:LINE" of its definition in the tree.
  public var place: String
  /// The first paging mode in which it shows.
  public var mode: String
  /// The arguments on which it shows: entries, addresses, or PFNs; none of a constant.
  public var words: [UInt64]
  /// What the tree's definition comes to; nil where it does not come back.
  public var subject: UInt64?
  /// What the stub headers' comes to.
  public var reference: UInt64?

  public init(
    name: String, place: String, mode: String, words: [UInt64], subject: UInt64?, reference: UInt64?
  ) {
    self.name = name
    self.place = place
    self.mode = mode
    self.words = words
    self.subject = subject
    self.reference = reference
  }

  /// One sentence.
  public var sentence: String {
    func hex(_ word: UInt64) -> String { "0x" + String(word, radix: 16) }
    let arguments = words.isEmpty ? "" : "(\(words.map(hex).joined(separator: ", ")))"
    guard let subject, let reference else {
      return "\(name) (\(place)) does not come back on \(mode)"
    }
    return
      "\(name)\(arguments) (\(place)) is \(hex(subject)) on \(mode), in upstream \(hex(reference))"
  }
}

/// What a comparison of a tree's own definitions with those of the stub headers came to.
public enum HeaderComparison: Sendable, Hashable {
  /// The subject brings no headers.
  case none
  /// So many questions were asked; these names have another meaning.
  case compared(Int, differing: [HeaderDifference])
  /// They could not be compared, and why.
  case unknown(String)

  /// The names that have another meaning.
  public var differing: [HeaderDifference] {
    if case .compared(_, let differing) = self { differing } else { [] }
  }
}
