// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// Sentences about what was reached.
enum CoverageText {
  /// Warnings that a check shows; `mhpcheck coverage` has all.
  private static let shown = 8

  /// What a check says of it.
  static func lines(_ reported: ReportedCoverage?, style: TextStyle) -> [String] {
    switch reported {
    case nil: return []
    case .unknown(let reason):
      return ["branches of the subject reached: unknown, \(SafeText.line(reason))"]
    case .measured(let coverage):
      let warnings =
        coverage.unreachedBranches.map { sentence($0.function, $0.point) } + unread(coverage)
      var lines = ["branches of the subject reached: \(share(coverage.branches))"]
      lines += warnings.prefix(shown).map { "\(style.bad("warning")): \($0)" }
      if warnings.count > shown {
        lines.append(
          "\(warnings.count - shown) more such warnings; mhpcheck coverage has all of them")
      }
      return lines
    }
  }

  /// "58 of 58".
  static func share(_ share: Coverage.Share) -> String { "\(share.reached) of \(share.total)" }

  /// "FILE:LINE".
  static func place(_ line: CoverageLine) -> String {
    "\(SafeText.line(line.file)):\(line.number)"
  }

  /// What was not reached, where it stands and in which function.
  static func sentence(_ function: String, _ point: CoveragePoint) -> String {
    let text = SafeText.line(point.text)
    return switch point.kind {
    case .entry: "\(function) at \(place(point.line)) was not entered by any case"
    case .statement:
      "line at \(place(point.line)) (\(text)) of \(function) was not reached by any case"
    case .branch:
      "branch at \(place(point.line)) (\(text)) of \(function) was not reached by any case"
    case .condition:
      "condition at \(place(point.line)) of \(function) was never evaluated as \(text)"
    }
  }

  /// What of a function was not looked into.
  static func sentence(_ function: String, _ unread: CoveredFunction.Unread) -> String {
    let lines =
      unread.last > unread.first.number
      ? "\(place(unread.first))-\(unread.last)" : place(unread.first)
    return "\(lines) of \(function) is not looked into: \(SafeText.line(unread.reason))"
  }

  /// What was not looked into at all.
  static func unread(_ coverage: Coverage) -> [String] {
    let macros = SafeText.line(coverage.macros.joined(separator: ", "))
    return coverage.functions.flatMap { covered in
      covered.function.unread.map { sentence(covered.function.name, $0) }
    }
      + (macros.isEmpty
        ? [] : ["what the subject's own macros decide is not looked into: \(macros)"])
  }
}
