// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Mistakes in the arguments of functions and macros.
extension MutantMaker {
  mutating func changeArguments() {
    let variables = variables
    for call in statements.flatMap(\.expressions).flatMap(\.calls) {
      for (one, other) in zip(call.arguments, call.arguments.dropFirst()) {
        guard !one.isEmpty, !other.isEmpty, text(one) != text(other) else { continue }
        add(
          .swap, at: one.lowerBound..<other.upperBound,
          [
            UnitEdit(range: function.unitRange(one), text: text(other)),
            UnitEdit(range: function.unitRange(other), text: text(one)),
          ])
      }
      for argument in call.arguments where !argument.isEmpty {
        let isLiteral = argument.count == 1 && token(argument.lowerBound).kind == .text
        guard !isLiteral else { continue }
        if token(argument.lowerBound).kind != .number {
          add(.argument, at: argument, variant: "0", "0")
        }
        for variable in variables { add(.argument, at: argument, variant: variable, variable) }
      }
    }
  }

  /// The function's parameters and local variables.
  private var variables: [String] {
    var names: [String] = []
    for name in function.parameters.compactMap({ $0 }) + locals where !names.contains(name) {
      names.append(name)
    }
    return names
  }

  private var locals: [String] {
    statements.flatMap { statement -> [String] in
      guard case .declaration(let declarators) = statement.kind else { return [] }
      return declarators.compactMap(\.name)
    }
  }
}
