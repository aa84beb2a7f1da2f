// SPDX-License-Identifier: GPL-2.0-only

/// An entry with its attributes while its lines are read.
struct KconfigEntry {
  enum Kind: Sendable { case symbol(Int), choice, menu, comment }

  let kind: Kind
  let place: KconfigPlace
  private var type = KconfigType.unknown
  /// Conditions of prompts.
  private var prompts: [KconfigExpression] = []
  private var defaults: [KconfigModel.Default] = []
  private var dependencies: [KconfigExpression] = []
  private var visibilities: [KconfigExpression] = []
  private var targets: [Target] = []
  private var isOptional = false

  /// What a `select` or `imply` names.
  private struct Target {
    let number: Int
    let isSelect: Bool
    let condition: KconfigExpression
    let place: KconfigPlace
  }

  init(_ kind: Kind, at place: KconfigPlace) {
    self.kind = kind
    self.place = place
  }

  /// All `depends on` lines together.
  var dependency: KconfigExpression { Self.all(dependencies) }
  /// All `visible if` lines together.
  var visibility: KconfigExpression { Self.all(visibilities) }

  private static func all(_ expressions: [KconfigExpression]) -> KconfigExpression {
    switch expressions.count {
    case 0: .constant(.yes)
    case 1: expressions[0]
    default: .all(expressions)
    }
  }

  /// Reads a line of the entry.
  mutating func read(
    _ line: KconfigLine, _ keyword: String, _ model: inout KconfigModel
  ) throws(KconfigError) {
    switch keyword {
    case "bool", "tristate", "string", "int", "hex", "boolean":
      type = Self.types[keyword] ?? .unknown
      if line.words.count > 1 { try prompt(line, &model) }
    case "def_bool", "def_tristate":
      type = keyword == "def_bool" ? .bool : .tristate
      try readDefault(line, &model)
    case "prompt": try prompt(line, &model)
    case "default": try readDefault(line, &model)
    case "depends":
      guard line.words.dropFirst().first == .name("on") else {
        throw KconfigError("\(line.place): \"depends\" without \"on\"")
      }
      dependencies.append(try expression(line, from: 2, &model))
    case "select", "imply":
      guard let name = line.words.dropFirst().first?.text else {
        throw KconfigError("\(line.place): \(keyword) needs a name")
      }
      var reader = KconfigExpressionReader(line, from: 2)
      let condition = try reader.condition(&model)
      try reader.expectEnd()
      targets.append(
        Target(
          number: model.number(of: name), isSelect: keyword == "select", condition: condition,
          place: line.place))
    case "visible":
      guard line.words.dropFirst().first == .name("if") else {
        throw KconfigError("\(line.place): \"visible\" without \"if\"")
      }
      visibilities.append(try expression(line, from: 2, &model))
    case "optional": isOptional = true
    case "range", "option", "modules", "transitional": break
    default: throw KconfigError("\(line.place): \"\(keyword)\" is no attribute")
    }
  }

  private static let types: [String: KconfigType] = [
    "bool": .bool, "boolean": .bool, "tristate": .tristate, "string": .string, "int": .int,
    "hex": .hex,
  ]

  private func expression(
    _ line: KconfigLine, from index: Int, _ model: inout KconfigModel
  ) throws(KconfigError) -> KconfigExpression {
    var reader = KconfigExpressionReader(line, from: index)
    let result = try reader.expression(&model)
    try reader.expectEnd()
    return result
  }

  /// `"text" [if ...]` behind the keyword.
  private mutating func prompt(
    _ line: KconfigLine, _ model: inout KconfigModel
  ) throws(KconfigError) {
    guard line.words.count > 1, case .quoted = line.words[1] else {
      throw KconfigError("\(line.place): a prompt needs a text in quotes")
    }
    var reader = KconfigExpressionReader(line, from: 2)
    prompts.append(try reader.condition(&model))
    try reader.expectEnd()
  }

  private mutating func readDefault(
    _ line: KconfigLine, _ model: inout KconfigModel
  ) throws(KconfigError) {
    guard line.words.count > 1 else {
      throw KconfigError("\(line.place): a default needs a value")
    }
    let operand = KconfigExpressionReader.operand(line.words[1], &model)
    var reader = KconfigExpressionReader(line, from: 1)
    let value = try reader.expression(&model)
    let condition = try reader.condition(&model)
    try reader.expectEnd()
    defaults.append(
      KconfigModel.Default(value: value, operand: operand, condition: condition))
  }

  /// Adds the definition of a symbol; `around` is what the blocks around it depend on.
  func define(
    _ number: Int, _ around: KconfigExpression, _ visibility: KconfigExpression, choice: Int?,
    in model: inout KconfigModel
  ) {
    let dependency = around.and(self.dependency)
    if type != .unknown { model.symbols[number].type = type }
    model.symbols[number].places.append(place)
    model.symbols[number].dependencies.append(dependency)
    model.symbols[number].prompts += prompts.map {
      KconfigModel.Prompt(condition: $0.and(dependency).and(visibility))
    }
    model.symbols[number].defaults += defaults.map {
      KconfigModel.Default(
        value: $0.value, operand: $0.operand, condition: $0.condition.and(dependency))
    }
    for target in targets {
      let reverse = KconfigModel.ReverseDependency(
        by: number, condition: target.condition.and(dependency), place: target.place)
      if target.isSelect {
        model.symbols[target.number].selectedBy.append(reverse)
      } else {
        model.symbols[target.number].impliedBy.append(reverse)
      }
    }
    guard let choice else { return }
    model.symbols[number].choice = choice
    if !model.choices[choice].members.contains(number) {
      model.choices[choice].members.append(number)
    }
    if model.choices[choice].type == .unknown { model.choices[choice].type = type }
  }

  /// The choice that it begins.
  func choice(
    _ around: KconfigExpression, _ visibility: KconfigExpression
  ) -> KconfigModel.Choice {
    let dependency = around.and(self.dependency)
    return KconfigModel.Choice(
      type: type,
      prompts: prompts.map {
        KconfigModel.Prompt(condition: $0.and(dependency).and(visibility))
      },
      defaults: defaults.map {
        KconfigModel.Default(
          value: $0.value, operand: $0.operand, condition: $0.condition.and(dependency))
      }, isOptional: isOptional)
  }
}
