// SPDX-License-Identifier: GPL-2.0-only

import Subjects

extension Mutant {
  /// All mutants of an extraction's functions, helpers included, in the order of the text, then of the
  /// operators. The compiler decides which of them compile.
  public static func mutants(of extraction: Extraction) -> [Mutant] {
    let unit = Array(extraction.unit.utf8)
    return extraction.structures().flatMap { function in
      var maker = MutantMaker(unit: unit, function: function)
      maker.collect()
      return maker.mutants()
    }
  }
}

/// Collects the possible mistakes in one function.
struct MutantMaker {
  /// A mistake without its number.
  private struct Draft {
    var operation: MutationOperator
    /// The tokens of the mistake, which determine its place.
    var site: Range<Int>
    var variant: String?
    var edits: [UnitEdit]
  }

  let unit: [UInt8]
  let function: FunctionStructure
  let statements: [Statement]
  /// The indices of the tokens in expressions that were parsed.
  let places: [Int]
  private var drafts: [Draft] = []
  private var seen: Set<[UnitEdit]> = []

  init(unit: [UInt8], function: FunctionStructure) {
    self.unit = unit
    self.function = function
    statements = function.body.all
    var isRead = [Bool](repeating: false, count: function.tokens.count)
    for expression in statements.flatMap(\.expressions) {
      for place in expression.range { isRead[place] = true }
    }
    for part in function.opaque {
      for place in part.range { isRead[place] = false }
    }
    places = function.tokens.indices.filter { isRead[$0] && function.tokens[$0].kind != .directive }
  }

  mutating func collect() {
    dropStatements()
    changeConditions()
    changeOperators()
    changeConstants()
    changeNames()
    changeArguments()
    changeJumps()
    swapStatements()
  }

  func token(_ place: Int) -> SourceToken { function.tokens[place] }

  /// The text of a range of tokens, as the unit has it.
  func text(_ range: Range<Int>) -> String {
    range.isEmpty ? "" : String(decoding: unit[function.unitRange(range)], as: UTF8.self)
  }

  /// A change of tokens that keeps all other text on its line of the unit.
  func edit(_ range: Range<Int>, _ text: String) -> UnitEdit {
    let bytes = function.unitRange(range)
    let newline = UInt8(ascii: "\n")
    let missing = unit[bytes].count { $0 == newline } - text.utf8.count { $0 == newline }
    return UnitEdit(
      range: bytes, text: text + String(repeating: "\n", count: max(0, missing)))
  }

  /// Adds a mistake that replaces tokens, unless another makes the same text.
  mutating func add(
    _ operation: MutationOperator, at range: Range<Int>, variant: String? = nil, _ text: String
  ) {
    guard !range.isEmpty, text != self.text(range) else { return }
    add(operation, at: range, variant: variant, [edit(range, text)])
  }

  /// Adds a mistake that consists of several changes.
  mutating func add(
    _ operation: MutationOperator, at site: Range<Int>, variant: String? = nil, _ edits: [UnitEdit]
  ) {
    guard seen.insert(edits).inserted else { return }
    drafts.append(Draft(operation: operation, site: site, variant: variant, edits: edits))
  }

  func mutants() -> [Mutant] {
    let name = function.name + (function.occurrence > 1 ? "#\(function.occurrence)" : "")
    var numbers: [MutationOperator: [Range<Int>]] = [:]
    for draft in drafts { numbers[draft.operation, default: []].append(draft.site) }
    let places = numbers.mapValues { sites in
      let sorted = Set(sites).sorted {
        ($0.lowerBound, $0.upperBound) < ($1.lowerBound, $1.upperBound)
      }
      return Dictionary(uniqueKeysWithValues: zip(sorted, 1...))
    }
    let fingerprint = function.fingerprint
    return drafts.map { draft in
      let number = places[draft.operation]?[draft.site] ?? 0
      let variant = draft.variant.map { "/\($0)" } ?? ""
      return Mutant(
        id: "\(name)/\(draft.operation.rawValue)/\(number)\(variant)", function: function.name,
        operation: draft.operation, edits: draft.edits,
        position: token(draft.site.lowerBound).position,
        diff: MutantDiff(unit: unit, function: function, edits: draft.edits).text,
        fingerprint: fingerprint)
    }
  }
}
