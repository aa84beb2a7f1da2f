// SPDX-License-Identifier: GPL-2.0-only

import Engine
import Subjects

/// Sentences about the coverage of a subject's text.
enum CoverageWords {
  /// "branches of the subject reached: 58 of 58"; nil where coverage was not requested.
  static func summary(_ reported: ReportedCoverage?) -> Phrase? {
    switch reported {
    case nil: nil
    case .unknown(let reason):
      "branches of the subject reached: unknown, \(sentence: reason, atMost: 300)"
    case .measured(let coverage):
      "branches of the subject reached: \(share(coverage.branches))"
    }
  }

  /// The branches that no case reached, and the parts that coverage did not look into.
  static func warnings(_ reported: ReportedCoverage?) -> [Phrase] {
    guard case .measured(let coverage) = reported else { return [] }
    return coverage.unreachedBranches.map { sentence($0.function, $0.point) } + unread(coverage)
  }

  /// "58 of 58".
  static func share(_ share: Coverage.Share) -> Phrase { "\(share.reached) of \(share.total)" }

  /// "FILE:LINE".
  static func place(_ line: CoverageLine) -> Phrase { "\(code: "\(line.file):\(line.number)")" }

  /// The sentence about an unreached point, with its place and its function.
  static func sentence(_ function: String, _ point: CoveragePoint) -> Phrase {
    let place = place(point.line)
    // A statement is the subject's own; of the others, what stands in backticks.
    let text: Phrase =
      point.kind == .statement ? "\(code: point.text)" : "\(sentence: point.text)"
    return switch point.kind {
    case .entry: "\(code: function) at \(place) was not entered by any case"
    case .statement: "line at \(place) (\(text)) of \(code: function) was not reached by any case"
    case .branch: "branch at \(place) (\(text)) of \(code: function) was not reached by any case"
    case .condition: "condition at \(place) of \(code: function) was never evaluated as \(text)"
    }
  }

  /// The sentence about lines of a function that coverage did not look into.
  static func sentence(_ function: String, _ unread: CoveredFunction.Unread) -> Phrase {
    let lines: Phrase =
      unread.last > unread.first.number
      ? """
      \(place(unread.first))-\(unread.last)
      """ : place(unread.first)
    return "\(lines) of \(code: function) is not looked into: \(sentence: unread.reason)"
  }

  /// Everything that coverage did not look into, one sentence per part.
  static func unread(_ coverage: Coverage) -> [Phrase] {
    let macros = coverage.macros
    return coverage.functions.flatMap { covered in
      covered.function.unread.map { sentence(covered.function.name, $0) }
    }
      + (macros.isEmpty
        ? [] : ["what the subject's own macros decide is not looked into: \(Words.names(macros))"])
  }
}
