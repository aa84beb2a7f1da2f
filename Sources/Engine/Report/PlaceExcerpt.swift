// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// The lines about a place: the user's, and the reference's where it has others.
struct PlaceExcerpt {
  private(set) var lines: [Place.Line] = []

  /// The most lines of the user's text before and after what differs.
  private static let around = 3
  /// The most lines of each side that differ: a reader compares longer texts in an editor.
  private static let mostOfSide = 12

  /// - Parameter change: the lines that differ; nil where they are not known.
  init(of function: CoveredFunction, at line: CoverageLine, change: FunctionComparison.Change?) {
    guard let place = function.lines.firstIndex(where: { $0.line == line }) else { return }
    guard let change, let differing = Self.lines(of: change, in: function, at: place) else {
      add(function, max(0, place - Self.around)..<place, .both)
      add(function, place..<min(function.lines.count, place + Self.around + 1), .both)
      return
    }
    var own = differing
    var other = change.other
    // A change may begin and end with lines that are equal.
    while let mine = own.first, let theirs = other.first,
      Self.isSame(function.lines[mine].text, theirs)
    {
      own = (own.lowerBound + 1)..<own.upperBound
      other.removeFirst()
    }
    while let mine = own.last, let theirs = other.last,
      Self.isSame(function.lines[mine].text, theirs)
    {
      own = own.lowerBound..<(own.upperBound - 1)
      other.removeLast()
    }
    add(function, max(0, own.lowerBound - Self.around)..<own.lowerBound, .both)
    add(function, own.lowerBound..<min(own.upperBound, own.lowerBound + Self.mostOfSide), .subject)
    if own.count > Self.mostOfSide { addRest(.subject) }
    lines += other.prefix(Self.mostOfSide).map {
      Place.Line(side: .reference, number: nil, text: $0)
    }
    if other.count > Self.mostOfSide { addRest(.reference) }
    add(
      function, own.upperBound..<min(function.lines.count, own.upperBound + Self.around), .both)
  }

  private mutating func add(
    _ function: CoveredFunction, _ range: Range<Int>, _ side: Place.Line.Side
  ) {
    lines += function.lines[range].map {
      Place.Line(side: side, number: $0.line.number, text: $0.text)
    }
  }

  private mutating func addRest(_ side: Place.Line.Side) {
    lines.append(Place.Line(side: side, number: nil, text: "..."))
  }

  /// The places of the user's lines that differ; empty, before the line at `place`, where lines are missing. Nil
  /// where the function has no such lines.
  private static func lines(
    of change: FunctionComparison.Change, in function: CoveredFunction, at place: Int
  ) -> Range<Int>? {
    guard let own = change.own else { return place..<place }
    func index(_ position: SourcePosition) -> Int? {
      let line = CoverageLine(file: position.displayName, number: position.line)
      return function.lines.firstIndex { $0.line == line }
    }
    guard let first = index(own.first), let last = index(own.last), first <= last else {
      return nil
    }
    return first..<(last + 1)
  }

  /// Whether two lines have the same text but for blanks.
  private static func isSame(_ line: String, _ other: String) -> Bool {
    line.split(whereSeparator: \.isWhitespace) == other.split(whereSeparator: \.isWhitespace)
  }
}
