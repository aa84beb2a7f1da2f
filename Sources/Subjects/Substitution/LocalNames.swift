// SPDX-License-Identifier: GPL-2.0-only

/// The names that a subject gives to parameters and local variables of the reference.
struct LocalNames {
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
