// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A line of the user's own file.
public struct CoverageLine: Sendable, Hashable {
  /// The user's own file, as diagnostics name it.
  public var file: String
  /// The line number, from 1.
  public var number: Int

  public init(file: String, number: Int) {
    self.file = file
    self.number = number
  }
}

/// A part of a subject's text that a run can reach, and the mark that records it.
public struct CoveragePoint: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, Codable {
    /// The function's body.
    case entry
    /// A statement that begins on the line.
    case statement
    /// A branch of the control flow: either side of an `if`, a loop or a `?:`, each label of a `switch`, and
    /// the path of a `switch` without a matching label.
    case branch
    /// An outcome of an operand of a condition.
    case condition
  }

  /// A side of a choice.
  public struct Side: Sendable, Hashable {
    /// The mark of this side.
    public var mark: Int
    /// The mark of the other side.
    public var other: Int
  }

  public var kind: Kind
  /// Its number in a `MarkSet`. A condition with one operand shares the marks of its two branches.
  public var mark: Int
  public var line: CoverageLine
  /// The point in the words of a report: "else of `if (x)`", "`x` false".
  public var text: String
  /// For an outcome of a choice or an operand: the first of its two marks.
  public var choice: Int?
  /// The sides of the choices that enclose the point.
  public var sides: [Side] = []
}

/// A function of a subject and its points.
public struct CoveredFunction: Sendable, Hashable {
  /// A line and its text.
  public struct Line: Sendable, Hashable {
    public var line: CoverageLine
    /// The text without its line end.
    public var text: String

    public init(line: CoverageLine, text: String) {
      self.line = line
      self.text = text
    }
  }

  /// Lines that coverage cannot read.
  public struct Unread: Sendable, Hashable {
    public var first: CoverageLine
    /// The number of the last line, in the same file.
    public var last: Int
    /// The reason, in one phrase.
    public var reason: String

    public init(first: CoverageLine, last: Int, reason: String) {
      self.first = first
      self.last = last
      self.reason = reason
    }
  }

  /// The C name.
  public var name: String
  /// The lines, from the first of the function's header to its closing brace.
  public var lines: [Line]
  /// The points, in the order of the text.
  public var points: [CoveragePoint]
  /// The parts that coverage did not look into.
  public var unread: [Unread]
  /// Lines that no configuration compiles: `#if 0`.
  var leftOut: Set<CoverageLine> = []
}

/// All points in a subject's own text.
public struct CoverageMap: Sendable, Hashable {
  /// The functions of the surface and the helpers that they need, in the order of the text.
  public var functions: [CoveredFunction]
  public var markCount: Int
  /// The marks that remain after the preprocessor, with the subject's configuration.
  public var compiled: Set<Int>
  /// The first marks of choices and operands that the preprocessor reduces to numbers. The configuration or
  /// a header decides them, as in `if (IS_ENABLED(X))`, and no case can.
  public var decided: Set<Int>
  /// The subject's own macros that contain decisions. Coverage does not look into them.
  public var macros: [String]

  public init(
    functions: [CoveredFunction], markCount: Int, compiled: Set<Int>, decided: Set<Int> = [],
    macros: [String] = []
  ) {
    self.functions = functions
    self.markCount = markCount
    self.compiled = compiled
    self.decided = decided
    self.macros = macros
  }
}
