// SPDX-License-Identifier: GPL-2.0-only

/// Collects the small edits of a function that may make it right: what a slip does, undone, and pieces of the
/// reference's text in the subject's names.
struct RepairMaker {
  /// Longer functions are not edited: it takes too long.
  private static let mostTokens = 2000

  /// The subject's function, in the unit to edit.
  let function: FunctionStructure
  let variables: LocalVariables
  let material: ReferenceMaterial
  let statements: [Statement]
  /// The places of the tokens in expressions that were read.
  let places: [Int]
  /// The place of the matching bracket, for each bracket.
  let partners: [Int: Int]
  /// How often the function names a word.
  let uses: [String: Int]
  /// The function's tokens in the user's file.
  private let own: [SourceToken]
  private let spellings: [String]
  private(set) var repairs: [Repair] = []
  /// The tokens of the functions that the edits make.
  private var made: Set<String> = []

  /// Nil for a function that cannot be edited: one with directives in it, say.
  ///
  /// - Parameter own: the same tokens in the user's file.
  init?(_ function: FunctionStructure, own: [SourceToken], material: ReferenceMaterial) {
    guard function.tokens.count <= Self.mostTokens, own.count == function.tokens.count,
      function.nameAt != nil, function.opaque.isEmpty,
      !function.tokens.contains(where: { $0.kind == .directive })
    else { return nil }
    self.function = function
    self.own = own
    self.material = material
    variables = LocalVariables(function)
    statements = function.body.all
    spellings = function.tokens.map(\.text)
    var uses: [String: Int] = [:]
    for token in function.tokens where token.kind == .word { uses[token.text, default: 0] += 1 }
    self.uses = uses
    var isRead = [Bool](repeating: false, count: function.tokens.count)
    for expression in statements.flatMap(\.expressions) {
      for place in expression.range { isRead[place] = true }
    }
    places = function.tokens.indices.filter { isRead[$0] }
    var partners: [Int: Int] = [:]
    var open: [Int] = []
    for (place, token) in function.tokens.enumerated() where token.kind == .punctuator {
      if ["(", "[", "{"].contains(token.text) {
        open.append(place)
      } else if [")", "]", "}"].contains(token.text), let first = open.popLast() {
        partners[first] = place
        partners[place] = first
      }
    }
    self.partners = partners
    made.insert(spellings.joined(separator: " "))
  }

  /// The repairs, the most likely first.
  static func repairs(
    of function: FunctionStructure, own: [SourceToken], material: ReferenceMaterial
  ) -> [Repair] {
    guard var maker = RepairMaker(function, own: own, material: material) else { return [] }
    maker.undoTokens()
    maker.undoOperands()
    maker.undoConditions()
    maker.undoJumps()
    maker.undoStatements()
    maker.takeExpressions()
    maker.takeStatements()
    return maker.repairs.enumerated().sorted {
      ($0.element.cost, $0.offset) < ($1.element.cost, $1.offset)
    }.map(\.element)
  }

  func token(_ place: Int) -> SourceToken { function.tokens[place] }

  func text(_ range: Range<Int>) -> String { function.spelling(range) }

  /// Replaces tokens by a text, whose tokens have single blanks between them.
  ///
  /// - Parameters:
  ///   - penalty: what is added to the cost, which is the number of tokens that change.
  ///   - most: the most that the tokens cost.
  mutating func replace(
    _ range: Range<Int>, _ text: String, penalty: Int = 0, atMost most: Int = .max
  ) {
    guard !range.isEmpty else { return }
    let old = spellings[range]
    let new = text.split(separator: " ").map(String.init)
    let equal = zip(old, new).prefix { $0 == $1 }.count
    let place = range.lowerBound + min(equal, range.count - 1)
    let changes = new.difference(from: Array(old)).count
    let equalEnd = zip(old.dropFirst(equal).reversed(), new.dropFirst(equal).reversed())
      .prefix { $0 == $1 }.count
    add(
      UnitEdit(range: function.unitRange(range), text: " \(text) "), range, text, at: place,
      isOmission: false, own: old.dropFirst(equal).dropLast(equalEnd).joined(separator: " "),
      other: new.dropFirst(equal).dropLast(equalEnd).joined(separator: " "),
      cost: min(changes, most) + penalty)
  }

  /// Adds a statement before the token at a place.
  mutating func insert(_ text: String, before place: Int, cost: Int) {
    guard place > 0, place < function.tokens.count else { return }
    let offset = token(place).unitRange.lowerBound
    add(
      UnitEdit(range: offset..<offset, text: " \(text) "), place..<place, text, at: place,
      isOmission: true, own: "", other: text, cost: cost)
  }

  private mutating func add(
    _ edit: UnitEdit, _ range: Range<Int>, _ text: String, at place: Int, isOmission: Bool,
    own removed: String, other: String, cost: Int
  ) {
    var result = Array(spellings[..<range.lowerBound])
    if !text.isEmpty { result.append(text) }
    result += spellings[range.upperBound...]
    guard made.insert(result.joined(separator: " ")).inserted else { return }
    repairs.append(
      Repair(
        edit: edit, position: own[place].position, before: own[max(0, place - 1)].position,
        isOmission: isOmission, own: removed, other: other, cost: cost))
  }
}
