// SPDX-License-Identifier: GPL-2.0-only

/// The tokens of a function to read: without directives, and with only one branch of a conditional unless
/// each of its branches contains all its brackets. `hidden` records the others.
struct VisibleTokens {
  private struct Branch {
    var range: Range<Int>
    var isDead: Bool
    var isBalanced: Bool
    /// The depth of brackets at its end.
    var depth: Int
  }

  private struct Group {
    var branches: [Branch] = []
    var start: Int
    var isDead: Bool
    var elseIsDead: Bool
    var depth: Int
    var lowest: Int
  }

  /// Places in the function's tokens, in order.
  private(set) var places: [Int] = []
  /// For each of `places` with a bracket: the place in `places` of the matching bracket.
  private(set) var partners: [Int: Int] = [:]
  /// Whether every bracket has a match.
  private(set) var isBalanced = true
  private(set) var hidden: [FunctionStructure.OpaquePart] = []

  private var groups: [Group] = []
  private var depth = 0

  init(_ tokens: [SourceToken]) {
    for (place, token) in tokens.enumerated() {
      if token.kind == .directive {
        directive(place, token)
      } else if token.kind == .punctuator {
        if ["(", "[", "{"].contains(token.text) { depth += 1 }
        if [")", "]", "}"].contains(token.text) {
          depth -= 1
          for group in groups.indices { groups[group].lowest = min(groups[group].lowest, depth) }
        }
      }
    }
    let skipped = hidden.reduce(into: Set<Int>()) { $0.formUnion($1.range) }
    places = tokens.indices.filter { tokens[$0].kind != .directive && !skipped.contains($0) }
    match(tokens)
  }

  private mutating func directive(_ place: Int, _ token: SourceToken) {
    switch token.text {
    case "#if", "#ifdef", "#ifndef":
      groups.append(
        Group(
          start: place + 1, isDead: token.condition == false, elseIsDead: token.condition == true,
          depth: depth, lowest: depth))
    case "#elif", "#elifdef", "#elifndef", "#else":
      guard let last = groups.indices.last else { return }
      close(last, at: place)
      groups[last].start = place + 1
      groups[last].isDead =
        token.text == "#else" ? groups[last].elseIsDead : token.condition == false
      depth = groups[last].depth
      groups[last].lowest = depth
    case "#endif":
      guard let last = groups.indices.last else { return }
      close(last, at: place)
      settle(groups.removeLast())
    default: break
    }
  }

  private mutating func close(_ group: Int, at place: Int) {
    let isBalanced = depth == groups[group].depth && groups[group].lowest == groups[group].depth
    groups[group].branches.append(
      Branch(
        range: groups[group].start..<place, isDead: groups[group].isDead, isBalanced: isBalanced,
        depth: depth))
  }

  private mutating func settle(_ group: Group) {
    let living = group.branches.filter { !$0.isDead }
    for branch in group.branches where branch.isDead && !branch.range.isEmpty {
      hidden.append(
        .init(range: branch.range, reason: "it is never compiled", isNeverCompiled: true))
    }
    guard !living.allSatisfy(\.isBalanced) else { return }
    // The branch that is read decides the depth of the tokens after the conditional.
    depth = living.first?.depth ?? group.depth
    for branch in living.dropFirst() where !branch.range.isEmpty {
      hidden.append(
        .init(
          range: branch.range, reason: "a conditional cuts a statement, and this is its other half")
      )
    }
  }

  private mutating func match(_ tokens: [SourceToken]) {
    var open: [Int] = []
    let halves = [")": "(", "]": "[", "}": "{"]
    for (index, place) in places.enumerated() where tokens[place].kind == .punctuator {
      let text = tokens[place].text
      if ["(", "[", "{"].contains(text) {
        open.append(index)
      } else if let half = halves[text] {
        guard let last = open.popLast(), tokens[places[last]].text == half else {
          isBalanced = false
          return
        }
        partners[last] = index
        partners[index] = last
      }
    }
    if !open.isEmpty { isBalanced = false }
  }
}
