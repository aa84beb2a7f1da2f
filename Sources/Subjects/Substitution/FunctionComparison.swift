// SPDX-License-Identifier: GPL-2.0-only

/// The text of a subject's function beside the reference's: where they differ, and the unit in which only
/// some of these places are the subject's.
///
/// Comments, blanks and the names of local variables do not count.
public struct FunctionComparison: Sendable {
  /// A place at which the texts differ.
  public struct Hunk: Sendable, Hashable {
    /// The subject's tokens, by index; empty where the reference has tokens that the subject lacks.
    var own: Range<Int>
    /// The reference's tokens, by index; empty where the subject has tokens that the reference lacks.
    var other: Range<Int>

    /// Whether the subject lacks something there, and has nothing else in its place.
    public var isOmission: Bool { own.isEmpty }
  }

  /// Functions with more tokens are not compared: it takes too long.
  private static let mostTokens = 4000
  /// Hunks with no more tokens between them are one.
  private static let leastApart = 3

  /// In the order of the text.
  public let hunks: [Hunk]
  private let own: [SourceToken]
  private let other: [String]
  /// The reference's tokens with their lines, and these lines' text.
  private let theirs: [SourceToken]
  private let lines: [Int: String]
  /// The unit in which all of the function is the subject's, and the function's tokens there.
  private let hybrid: Extraction
  private let places: [SourceToken]

  /// Compares a function of `subject` and of `reference`; nil if a text has it more than once, or has
  /// conditionals in it.
  ///
  /// - Parameter hybrid: the reference with the subject's function, from `Substitution.hybrid(of:)`.
  public init?(
    _ name: String, of subject: Extraction, with reference: Extraction, hybrid: Extraction
  ) {
    guard let own = subject.tokens(of: name), let theirs = reference.tokens(of: name),
      let places = hybrid.tokens(of: name), own.map(\.text) == places.map(\.text),
      max(own.count, theirs.count) <= Self.mostTokens
    else { return nil }
    let names = LocalNames(own, theirs)
    let other = theirs.map { names.inSubject[$0.text] ?? $0.text }
    self.own = own
    self.other = other
    self.theirs = theirs
    lines = reference.lines(of: name)
    self.hybrid = hybrid
    self.places = places
    hunks = Self.hunks(own.map(\.text), other)
  }

  /// The line of a hunk in the user's file: its first token, or the one before which something is missing.
  public func line(of hunk: Hunk) -> SourcePosition {
    own[min(hunk.own.lowerBound, own.count - 1)].position
  }

  /// The reference's lines at a hunk, without their indentation; empty where it has nothing there.
  public func reference(at hunk: Hunk) -> String {
    let numbers = theirs[hunk.other].map(\.position.line)
    guard let first = numbers.first, let last = numbers.last else { return "" }
    return (first...last).compactMap { lines[$0] }.filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// The reference with the subject's function, in which some of the hunks are the reference's.
  public func hybrid(exchanging exchanged: [Hunk]) -> Extraction {
    hybrid.edited(
      exchanged.map { hunk in
        let text = other[hunk.other].joined(separator: " ")
        let start = hunk.own.lowerBound
        guard let last = hunk.own.last else {
          let offset =
            start < places.count
            ? places[start].unitRange.lowerBound : places[start - 1].unitRange.upperBound
          return UnitEdit(range: offset..<offset, text: " \(text) ")
        }
        return UnitEdit(
          range: places[start].unitRange.lowerBound..<places[last].unitRange.upperBound,
          text: " \(text) ")
      })
  }

  // MARK: - Hunks

  static func hunks(_ own: [String], _ other: [String]) -> [Hunk] {
    let difference = other.difference(from: own)
    let removed = Set(
      difference.removals.compactMap {
        if case .remove(let offset, _, _) = $0 { offset } else { nil }
      })
    let inserted = Set(
      difference.insertions.compactMap {
        if case .insert(let offset, _, _) = $0 { offset } else { nil }
      })
    var hunks: [Hunk] = []
    var (mine, theirs) = (0, 0)
    while mine < own.count || theirs < other.count {
      let start = (mine, theirs)
      while removed.contains(mine) { mine += 1 }
      while inserted.contains(theirs) { theirs += 1 }
      if start != (mine, theirs) {
        let hunk = Hunk(own: start.0..<mine, other: start.1..<theirs)
        if let last = hunks.last, hunk.own.lowerBound - last.own.upperBound <= leastApart,
          !last.own.isEmpty || !last.other.isEmpty, !isApart(own[last.own.upperBound..<start.0])
        {
          hunks[hunks.count - 1] = Hunk(
            own: last.own.lowerBound..<mine, other: last.other.lowerBound..<theirs)
        } else {
          hunks.append(hunk)
        }
      } else {
        mine += 1
        theirs += 1
      }
    }
    return hunks.map { slid($0, own, other) }
  }

  private static func isApart(_ between: ArraySlice<String>) -> Bool {
    between.contains(";")
  }

  /// Where equal tokens let a gap begin at several places, it begins with a statement.
  private static func slid(_ hunk: Hunk, _ own: [String], _ other: [String]) -> Hunk {
    guard hunk.own.isEmpty != hunk.other.isEmpty else { return hunk }
    let isOmission = hunk.own.isEmpty
    let text = isOmission ? other : own
    var range = isOmission ? hunk.other : hunk.own
    var shift = 0
    func begins(_ place: Int) -> Bool {
      place == 0 || [";", "{", "}"].contains(text[place - 1])
    }
    let whole = range
    while !begins(range.lowerBound), range.lowerBound > 0,
      text[range.lowerBound - 1] == text[range.upperBound - 1]
    {
      range = range.lowerBound - 1..<range.upperBound - 1
      shift -= 1
    }
    guard begins(range.lowerBound), whole != range else { return hunk }
    return isOmission
      ? Hunk(
        own: hunk.own.lowerBound + shift..<hunk.own.lowerBound + shift, other: range)
      : Hunk(
        own: range, other: hunk.other.lowerBound + shift..<hunk.other.lowerBound + shift)
  }
}

extension Extraction {
  /// The lines of the first function of that name, by their numbers, without blanks around them.
  fileprivate func lines(of name: String) -> [Int: String] {
    guard let span = spans.first(where: { $0.name == name }) else { return [:] }
    let lines = UnitLines(Array(unit.utf8), span.unitRange).lines.map {
      ($0.line.number, $0.text.split(whereSeparator: \.isWhitespace).joined(separator: " "))
    }
    return Dictionary(lines) { first, _ in first }
  }

  /// The tokens of the only function of that name; nil if there is none or more than one, or if it has
  /// directives, which cannot be exchanged.
  fileprivate func tokens(of name: String) -> [SourceToken]? {
    let own = spans.filter { $0.name == name }
    guard let span = own.first, own.count == 1 else { return nil }
    let tokens = FunctionTokens(Array(unit.utf8), span.unitRange).tokens
    return tokens.isEmpty || tokens.contains { $0.kind == .directive } ? nil : tokens
  }
}

/// The names that a subject gives to parameters and local variables of the reference.
private struct LocalNames {
  /// The subject's name for a name of the reference.
  private(set) var inSubject: [String: String] = [:]

  init(_ own: [SourceToken], _ other: [SourceToken]) {
    let mine = Self.declared(own)
    let theirs = Self.declared(other)
    // A name that only one side has is compared by its place.
    let first = own.map { mine.contains($0.text) && !theirs.contains($0.text) ? "" : $0.text }
    let second = other.map { theirs.contains($0.text) && !mine.contains($0.text) ? "" : $0.text }
    let difference = second.difference(from: first)
    var removed: Set<Int> = []
    var inserted: Set<Int> = []
    for change in difference {
      switch change {
      case .remove(let offset, _, _): removed.insert(offset)
      case .insert(let offset, _, _): inserted.insert(offset)
      }
    }
    var pairs: [String: Set<String>] = [:]
    var reverse: [String: Set<String>] = [:]
    for (mine, theirs) in zip(
      first.indices.filter { !removed.contains($0) },
      second.indices.filter { !inserted.contains($0) })
    where first[mine].isEmpty {
      pairs[other[theirs].text, default: []].insert(own[mine].text)
      reverse[own[mine].text, default: []].insert(other[theirs].text)
    }
    for (theirs, names) in pairs {
      guard names.count == 1, let name = names.first, reverse[name]?.count == 1 else { continue }
      inSubject[theirs] = name
    }
  }

  private static let notTypes: Set<String> = ["return", "goto", "else", "case", "sizeof", "do"]

  /// The names whose first use looks like a declaration: a type before it, and no call behind it.
  private static func declared(_ tokens: [SourceToken]) -> Set<String> {
    var seen: Set<String> = []
    var declared: Set<String> = []
    for (place, token) in tokens.enumerated()
    where token.kind == .word && seen.insert(token.text).inserted {
      guard place > 1, place + 1 < tokens.count else { continue }
      let type = tokens[place - 1].is("*") ? tokens[place - 2] : tokens[place - 1]
      if type.kind == .word, !notTypes.contains(type.text),
        ["=", ";", ",", ")", "["].contains(tokens[place + 1].text)
      {
        declared.insert(token.text)
      }
    }
    return declared
  }
}
