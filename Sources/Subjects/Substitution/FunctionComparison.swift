// SPDX-License-Identifier: GPL-2.0-only

/// The text of a subject's function beside the reference's: where they differ, and the unit in which only
/// some of these places are the subject's. Another subject can stand for the reference.
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

  /// The whole lines that a hunk is in, on both sides.
  public struct Change: Sendable {
    /// The first and the last of the user's lines; nil where the reference has lines before the hunk's line that
    /// the subject lacks.
    public var own: (first: SourcePosition, last: SourcePosition)?
    /// The reference's lines, with their indentation.
    public var other: [String]
    /// The tokens that differ, where these are a part of a line on each side; either may be empty.
    public var part: (own: String, other: String)?
  }

  /// Functions with more tokens are not compared: it takes too long.
  private static let mostTokens = 4000
  /// Hunks with no more tokens between them are one.
  private static let leastApart = 3
  /// The most hunks, and tokens, of statements that stand in another order.
  private static let mostReordered = (hunks: 6, tokens: 100)
  /// The most tokens around a hunk up to the ends of its lines.
  private static let mostAround = 200

  /// The function's C name.
  public let name: String
  /// In the order of the text.
  public let hunks: [Hunk]
  private let own: [SourceToken]
  private let other: [String]
  /// The reference's tokens with their lines.
  private let theirs: [SourceToken]
  /// The lines of both functions, by their numbers.
  private let lines: (own: [Int: String], other: [Int: String])
  /// The bytes that the tokens' ranges are in.
  private let units: (own: [UInt8], other: [UInt8])
  private let reference: Extraction
  /// The unit in which all of the function is the subject's, and the function's tokens there.
  let hybrid: Extraction
  private let places: [SourceToken]

  /// Compares a function of `subject` and of `reference`; nil if a text has it more than once, or has
  /// conditionals in it.
  ///
  /// - Parameter hybrid: the reference with the subject's function, from `Substitution.hybrid(of:)`; or the
  ///   subject itself.
  public init?(
    _ name: String, of subject: Extraction, with reference: Extraction, hybrid: Extraction
  ) {
    guard let own = subject.tokens(of: name), let theirs = reference.tokens(of: name),
      let places = hybrid.tokens(of: name), own.map(\.text) == places.map(\.text),
      max(own.count, theirs.count) <= Self.mostTokens
    else { return nil }
    let names = LocalNames(own, theirs)
    let other = theirs.map { names.inSubject[$0.text] ?? $0.text }
    self.name = name
    self.own = own
    self.other = other
    self.theirs = theirs
    lines = (own: subject.lines(of: name), other: reference.lines(of: name))
    units = (own: Array(subject.unit.utf8), other: Array(reference.unit.utf8))
    self.reference = reference
    self.hybrid = hybrid
    self.places = places
    hunks = Self.hunks(own.map(\.text), other)
  }

  /// The same comparison seen from the other text, hunk by hunk; `subject` is the extraction that this one is of.
  public func mirrored(of subject: Extraction) -> FunctionComparison {
    FunctionComparison(mirroring: self, of: subject)
  }

  private init(mirroring seen: FunctionComparison, of subject: Extraction) {
    let names = LocalNames(seen.theirs, seen.own)
    name = seen.name
    hunks = seen.hunks.map { Hunk(own: $0.other, other: $0.own) }
    own = seen.theirs
    other = seen.own.map { names.inSubject[$0.text] ?? $0.text }
    theirs = seen.own
    lines = (own: seen.lines.other, other: seen.lines.own)
    units = (own: seen.units.other, other: seen.units.own)
    reference = subject
    hybrid = seen.reference
    places = seen.theirs
  }

  /// The line of a hunk in the user's file: its first token, or the one before which something is missing.
  public func line(of hunk: Hunk) -> SourcePosition {
    own[min(hunk.own.lowerBound, own.count - 1)].position
  }

  /// The reference's lines at a hunk, without their indentation; empty where it has nothing there.
  public func reference(at hunk: Hunk) -> String {
    let numbers = theirs[hunk.other].map(\.position.line)
    // The lines of a series of patches are in no order.
    guard let first = numbers.first, let last = numbers.last, first <= last else { return "" }
    return (first...last).compactMap { lines.other[$0].map(Self.collapsed) }.filter { !$0.isEmpty }
      .joined(separator: " ")
  }

  private static func collapsed(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  /// The change of `hybrid` that makes a hunk the reference's.
  func edit(exchanging hunk: Hunk) -> UnitEdit {
    let text = " \(other[hunk.other].joined(separator: " ")) "
    let start = hunk.own.lowerBound
    guard let last = hunk.own.last else {
      let offset =
        start < places.count
        ? places[start].unitRange.lowerBound : places[start - 1].unitRange.upperBound
      return UnitEdit(range: offset..<offset, text: text)
    }
    return UnitEdit(
      range: places[start].unitRange.lowerBound..<places[last].unitRange.upperBound, text: text)
  }

  /// Whether the function's brackets still match with a hunk the reference's. Where the texts nest in another way,
  /// one hunk alone would open a block that another closes.
  func keepsBrackets(exchanging hunk: Hunk) -> Bool {
    Self.unmatched(own[hunk.own].map(\.text)) == Self.unmatched(Array(other[hunk.other]))
  }

  /// The brackets that find no partner among some tokens.
  static func unmatched(_ tokens: [String]) -> [String] {
    let partners = [")": "(", "]": "[", "}": "{"]
    var open: [String] = []
    for token in tokens {
      if let partner = partners[token], open.last == partner {
        open.removeLast()
      } else if partners[token] != nil || partners.values.contains(token) {
        open.append(token)
      }
    }
    return open
  }

  // MARK: - Lines

  /// The lines that a hunk is in.
  public func change(at hunk: Hunk) -> Change {
    let whole = wholeLines(around: hunk)
    var mine = own[whole.own]
    if mine.isEmpty, !Self.isBreak(own, at: whole.own.lowerBound) {
      // The lines' ends are too far away; the line before which something is missing stands for them.
      mine = own[whole.own.lowerBound..<(whole.own.lowerBound + 1)]
    }
    var change = Change(other: [])
    if let first = mine.first, let last = mine.last {
      change.own = (first: first.position, last: last.position)
    }
    let numbers = theirs[whole.other].map(\.position.line)
    if let first = numbers.first, let last = numbers.last, first <= last {
      change.other = (first...last).compactMap { lines.other[$0] }.filter {
        !Self.collapsed($0).isEmpty
      }
    }
    if whole != hunk, let ownPart = Self.text(own[hunk.own], units.own),
      let otherPart = Self.text(theirs[hunk.other], units.other)
    {
      change.part = (own: ownPart, other: otherPart)
    }
    return change
  }

  /// The hunk with the tokens around it, up to the ends of lines on both sides; the hunk itself where these are
  /// too far away.
  private func wholeLines(around hunk: Hunk) -> Hunk {
    var whole = hunk
    var left = Self.mostAround
    while !Self.isBreak(own, at: whole.own.lowerBound)
      || !Self.isBreak(theirs, at: whole.other.lowerBound)
    {
      left -= 1
      if let before = hunks.first(where: {
        $0.own.upperBound == whole.own.lowerBound && $0.other.upperBound == whole.other.lowerBound
      }) {
        whole.own = before.own.lowerBound..<whole.own.upperBound
        whole.other = before.other.lowerBound..<whole.other.upperBound
        continue
      }
      guard left > 0, whole.own.lowerBound > 0, whole.other.lowerBound > 0 else { return hunk }
      whole.own = (whole.own.lowerBound - 1)..<whole.own.upperBound
      whole.other = (whole.other.lowerBound - 1)..<whole.other.upperBound
    }
    while !Self.isBreak(own, at: whole.own.upperBound)
      || !Self.isBreak(theirs, at: whole.other.upperBound)
    {
      left -= 1
      if let behind = hunks.first(where: {
        $0.own.lowerBound == whole.own.upperBound && $0.other.lowerBound == whole.other.upperBound
      }) {
        whole.own = whole.own.lowerBound..<behind.own.upperBound
        whole.other = whole.other.lowerBound..<behind.other.upperBound
        continue
      }
      guard left > 0, whole.own.upperBound < own.count, whole.other.upperBound < theirs.count
      else { return hunk }
      whole.own = whole.own.lowerBound..<(whole.own.upperBound + 1)
      whole.other = whole.other.lowerBound..<(whole.other.upperBound + 1)
    }
    return whole
  }

  /// Whether a line begins with a token, or all tokens are before it.
  private static func isBreak(_ tokens: [SourceToken], at place: Int) -> Bool {
    place <= 0 || place >= tokens.count || tokens[place - 1].position != tokens[place].position
  }

  /// Tokens as they are written, blanks as one; nil where they are on more than one line.
  private static func text(_ tokens: ArraySlice<SourceToken>, _ unit: [UInt8]) -> String? {
    guard let first = tokens.first, let last = tokens.last else { return "" }
    guard first.position == last.position else { return nil }
    let bytes = unit[first.unitRange.lowerBound..<last.unitRange.upperBound]
    return collapsed(String(decoding: bytes, as: UTF8.self))
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
    return joined(slid(hunks, own, other), own, other)
  }

  /// The hunks, in which those are one that together have the same tokens on both sides: statements in another
  /// order. Only all of them at once mend it.
  private static func joined(_ hunks: [Hunk], _ own: [String], _ other: [String]) -> [Hunk] {
    var joined: [Hunk] = []
    var place = 0
    while place < hunks.count {
      var next = place + 1
      var hunk = hunks[place]
      for end in next..<max(next, min(hunks.count, place + mostReordered.hunks)) {
        let whole = Hunk(
          own: hunks[place].own.lowerBound..<hunks[end].own.upperBound,
          other: hunks[place].other.lowerBound..<hunks[end].other.upperBound)
        guard whole.own.count <= mostReordered.tokens else { break }
        if whole.own.count == whole.other.count,
          own[whole.own].sorted() == other[whole.other].sorted()
        {
          hunk = whole
          next = end + 1
          break
        }
      }
      joined.append(hunk)
      place = next
    }
    return joined
  }

  private static func isApart(_ between: ArraySlice<String>) -> Bool {
    between.contains(";")
  }

  /// The hunks, in which a gap that equal tokens let begin at several places begins with a statement.
  private static func slid(_ hunks: [Hunk], _ own: [String], _ other: [String]) -> [Hunk] {
    var result: [Hunk] = []
    for (place, hunk) in hunks.enumerated() {
      let before = hunk.own.lowerBound - (result.last?.own.upperBound ?? 0)
      let next = place + 1 < hunks.count ? hunks[place + 1].own.lowerBound : own.count
      let shift = Self.shift(of: hunk, own, other, within: before, next - hunk.own.upperBound)
      result.append(
        Hunk(
          own: (hunk.own.lowerBound + shift)..<(hunk.own.upperBound + shift),
          other: (hunk.other.lowerBound + shift)..<(hunk.other.upperBound + shift)))
    }
    return result
  }

  /// How many tokens further on a gap begins with a statement; `before` and `behind` are the tokens between the
  /// hunk and its neighbours.
  private static func shift(
    of hunk: Hunk, _ own: [String], _ other: [String], within before: Int, _ behind: Int
  ) -> Int {
    guard hunk.own.isEmpty != hunk.other.isEmpty else { return 0 }
    let text = hunk.own.isEmpty ? other : own
    let range = hunk.own.isEmpty ? hunk.other : hunk.own
    func begins(_ shift: Int) -> Bool {
      let place = range.lowerBound + shift
      return place == 0 || [";", "{", "}"].contains(text[place - 1])
    }
    var shift = 0
    while !begins(shift), -shift < before,
      text[range.lowerBound + shift - 1] == text[range.upperBound + shift - 1]
    {
      shift -= 1
    }
    if begins(shift) { return shift }
    shift = 0
    while !begins(shift), shift < behind,
      text[range.lowerBound + shift] == text[range.upperBound + shift]
    {
      shift += 1
    }
    return begins(shift) ? shift : 0
  }
}

extension Extraction {
  /// The lines of the first function of that name, by their numbers.
  fileprivate func lines(of name: String) -> [Int: String] {
    guard let span = spans.first(where: { $0.name == name }) else { return [:] }
    let lines = UnitLines(Array(unit.utf8), span.unitRange).lines.map { ($0.line.number, $0.text) }
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
