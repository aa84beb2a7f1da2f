// SPDX-License-Identifier: GPL-2.0-only

/// A place in the user's files.
public struct KconfigPlace: Sendable, Hashable, CustomStringConvertible {
  /// The user's own path.
  public let file: String
  /// From 1.
  public let line: Int
  /// Whether the subject itself brings the line, as `SourceLine.isAdded` has it.
  public var isAdded = true

  /// "FILE:LINE".
  public var description: String { "\(file):\(line)" }
}

/// The symbols that some files of the configuration language define, and how they hang together.
public struct KconfigModel: Sendable {
  /// A prompt and when it is shown.
  struct Prompt: Sendable {
    let condition: KconfigExpression
  }

  /// A default and when it holds.
  struct Default: Sendable {
    let value: KconfigExpression
    /// What stands there, for symbols that are no tristates.
    let operand: KconfigOperand?
    let condition: KconfigExpression
  }

  /// `select` or `imply`, seen from the symbol that it is about.
  struct ReverseDependency: Sendable {
    let by: Int
    let condition: KconfigExpression
    let place: KconfigPlace
  }

  /// A symbol with all that its definitions say; conditions have the definition's dependencies in them.
  struct Symbol: Sendable {
    let name: String
    var type = KconfigType.unknown
    /// Where it is defined; empty for a symbol that is only mentioned.
    var places: [KconfigPlace] = []
    var prompts: [Prompt] = []
    var defaults: [Default] = []
    /// One a definition: together they are the symbol's dependencies.
    var dependencies: [KconfigExpression] = []
    var selectedBy: [ReverseDependency] = []
    var impliedBy: [ReverseDependency] = []
    /// The choice that it is a member of.
    var choice: Int?
  }

  /// A choice.
  struct Choice: Sendable {
    var type = KconfigType.unknown
    var prompts: [Prompt] = []
    var defaults: [Default] = []
    var members: [Int] = []
    var isOptional = false
  }

  var symbols: [Symbol] = []
  var choices: [Choice] = []
  private var numbers: [String: Int] = [:]

  /// The number of the symbol of that name, which is made where there is none.
  mutating func number(of name: String) -> Int {
    if let number = numbers[name] { return number }
    numbers[name] = symbols.count
    symbols.append(Symbol(name: name))
    return symbols.count - 1
  }

  /// The number of a symbol that is defined or mentioned.
  func number(named name: String) -> Int? { numbers[name] }

  /// Whether the files define a symbol.
  public func defines(_ name: String) -> Bool { place(of: name) != nil }

  /// Where the files define a symbol first.
  public func place(of name: String) -> KconfigPlace? {
    numbers[name].flatMap { symbols[$0].places.first }
  }

  /// Where `selecting` selects `selected`, in the order of the files.
  public func selects(of selected: String, by selecting: String) -> [KconfigPlace] {
    guard let number = numbers[selected] else { return [] }
    return symbols[number].selectedBy.filter { symbols[$0.by].name == selecting }.map(\.place)
  }

  /// The names of all symbols that the files define, in the order of their first mention.
  public var names: [String] { symbols.filter { !$0.places.isEmpty }.map(\.name) }

  /// The names in what a symbol depends on.
  func mentioned(inDependenciesOf name: String) -> Set<String> {
    guard let number = numbers[name] else { return [] }
    var names: Set<String> = []
    for dependency in symbols[number].dependencies { collect(dependency, into: &names) }
    return names
  }

  private func collect(_ expression: KconfigExpression, into names: inout Set<String>) {
    switch expression {
    case .constant, .choice: break
    case .symbol(let number): names.insert(symbols[number].name)
    case .not(let inner): collect(inner, into: &names)
    case .all(let parts), .any(let parts): for part in parts { collect(part, into: &names) }
    case .comparison(_, let left, let right):
      for case .symbol(let number) in [left, right] { names.insert(symbols[number].name) }
    }
  }
}
