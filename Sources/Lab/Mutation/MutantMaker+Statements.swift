// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// Mistakes in whole statements.
extension MutantMaker {
  mutating func dropStatements() {
    for statement in statements {
      switch statement.kind {
      case .expression, .doLoop, .selection, .wrapped, .exit, .breakAway, .goOn, .jump:
        add(.drop, at: statement.range, ";")
      case .branch(_, _, let otherwise, let elseAt):
        add(.drop, at: statement.range, ";")
        if let otherwise, let elseAt { add(.drop, at: elseAt..<otherwise.range.upperBound, "") }
      case .loop(let head, _):
        add(.drop, at: statement.range, ";")
        if let step = head.step { add(.drop, at: step.range, "") }
      case .declaration, .block, .label, .empty, .opaque: break
      }
    }
  }

  mutating func changeJumps() {
    for statement in statements {
      let (word, others): (String, [String]) =
        switch statement.kind {
        case .goOn: ("continue", ["break", "return"])
        case .breakAway: ("break", ["continue", "return"])
        case .exit: ("return", ["continue", "break"])
        default: ("", [])
        }
      for other in others where !word.isEmpty {
        add(.jump, at: statement.range, variant: other, "\(other);")
      }
      guard case .exit(let value?) = statement.kind else { continue }
      let old = text(value.range)
      for (variant, new) in [
        ("zero", "0"), ("one", "1"), ("not", "!(\(old))"), ("minus", "-(\(old))"),
      ] {
        add(.result, at: value.range, variant: variant, new)
      }
    }
  }

  /// Swaps neighbouring statements that have an effect; declarations and jumps stay in place.
  mutating func swapStatements() {
    for statement in statements {
      guard case .block(let parts) = statement.kind else { continue }
      for (one, other) in zip(parts, parts.dropFirst()) where isMovable(one) && isMovable(other) {
        let both = one.range.lowerBound..<other.range.upperBound
        guard !function.tokens[both].contains(where: { $0.kind == .directive }) else { continue }
        add(
          .order, at: both,
          [
            UnitEdit(range: function.unitRange(one.range), text: text(other.range)),
            UnitEdit(range: function.unitRange(other.range), text: text(one.range)),
          ])
      }
    }
  }

  private func isMovable(_ statement: Statement) -> Bool {
    switch statement.kind {
    case .expression, .branch, .loop, .doLoop, .selection, .wrapped: true
    default: false
    }
  }
}
