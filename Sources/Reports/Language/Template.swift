// SPDX-License-Identifier: GPL-2.0-only

/// A sentence with places for arguments: "{}" in order, or "{0}", "{1}" in any.
struct Template: Sendable {
  enum Piece: Sendable, Hashable {
    case literal(String)
    case argument(Int)
  }

  let pieces: [Piece]

  init(_ text: String) {
    var pieces: [Piece] = []
    var literal = ""
    var next = 0
    var rest = text[...]
    while let first = rest.first {
      let end = first == "{" ? rest.firstIndex(of: "}") : nil
      let digits = end.map { rest[rest.index(after: rest.startIndex)..<$0] }
      guard let end, let digits, digits.allSatisfy({ ("0"..."9").contains($0) }) else {
        literal.append(first)
        rest = rest.dropFirst()
        continue
      }
      if !literal.isEmpty { pieces.append(.literal(literal)) }
      literal = ""
      pieces.append(.argument(Int(digits) ?? next))
      next += 1
      rest = rest[rest.index(after: end)...]
    }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    self.pieces = pieces
  }

  /// The number of letters that are not arguments.
  var letterCount: Int {
    pieces.reduce(0) { sum, piece in
      if case .literal(let text) = piece { sum + text.count(where: \.isLetter) } else { sum }
    }
  }

  /// The places of the arguments in quotation marks, which are somebody else's words.
  var quoted: Set<Int> {
    var quoted: Set<Int> = []
    var place = 0
    for (index, piece) in pieces.enumerated() {
      guard case .argument = piece else { continue }
      defer { place += 1 }
      guard index > 0, index + 1 < pieces.count, case .literal(let before) = pieces[index - 1],
        case .literal(let behind) = pieces[index + 1], let mark = before.last,
        mark == "'" || mark == "\"", behind.first == mark
      else { continue }
      quoted.insert(place)
    }
    return quoted
  }

  /// The arguments of a text that was made from this template; nil if it was not. Each argument is as short as
  /// possible; of two without a literal between them the first is empty.
  func arguments(of text: String) -> [Substring]? {
    var arguments: [Substring] = []
    var rest = text[...]
    var isOpen = false
    func close(_ end: Substring.Index) {
      arguments.append(rest[..<end])
      isOpen = false
    }
    for (place, piece) in pieces.enumerated() {
      switch piece {
      case .argument:
        if isOpen { arguments.append(rest.prefix(0)) }
        isOpen = true
      case .literal(let literal):
        guard isOpen else {
          guard rest.hasPrefix(literal) else { return nil }
          rest = rest.dropFirst(literal.count)
          continue
        }
        let isLast = place == pieces.count - 1
        if isLast {
          guard rest.hasSuffix(literal) else { return nil }
          close(rest.index(rest.endIndex, offsetBy: -literal.count))
          rest = rest[rest.endIndex...]
        } else {
          guard let found = rest.firstRange(of: literal) else { return nil }
          close(found.lowerBound)
          rest = rest[found.upperBound...]
        }
      }
    }
    if isOpen {
      arguments.append(rest)
      return arguments
    }
    return rest.isEmpty ? arguments : nil
  }
}
