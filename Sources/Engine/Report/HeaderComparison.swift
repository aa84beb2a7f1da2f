// SPDX-License-Identifier: GPL-2.0-only

/// A name that a tree's own headers define differently from the stub headers, with which the functions ran.
public struct HeaderDifference: Sendable, Hashable {
  public var name: String
  /// "FILE:LINE" of the definition in the tree.
  public var place: String
  /// The first paging mode that shows the difference.
  public var mode: String
  /// The arguments that show the difference: entries, addresses, or PFNs; empty for a constant.
  public var words: [UInt64]
  /// The value of the tree's definition; nil where it does not return.
  public var subject: UInt64?
  /// The value of the stub headers' definition.
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

  /// One sentence for the report.
  public var sentence: String {
    func hex(_ word: UInt64) -> String { "0x" + String(word, radix: 16) }
    let arguments = words.isEmpty ? "" : "(\(words.map(hex).joined(separator: ", ")))"
    guard let subject, let reference else {
      return "\(name) (\(place)) does not return on \(mode)"
    }
    return
      "\(name)\(arguments) (\(place)) is \(hex(subject)) on \(mode), in upstream \(hex(reference))"
  }
}

/// The result of the comparison of a tree's own definitions with those of the stub headers.
public enum HeaderComparison: Sendable, Hashable {
  /// The subject brings no headers.
  case none
  /// The number of questions, and the names that differ.
  case compared(Int, differing: [HeaderDifference])
  /// The comparison failed; the reason.
  case unknown(String)

  /// The names that differ.
  public var differing: [HeaderDifference] {
    if case .compared(_, let differing) = self { differing } else { [] }
  }
}
