// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A line of the user's own file.
public struct CoverageLine: Sendable, Hashable {
  /// The user's own file, as diagnostics name it.
  public var file: String
  /// From 1.
  public var number: Int
}

/// Something in a subject's text that a run reaches or not, and the mark that says so.
public struct CoveragePoint: Sendable, Hashable {
  /// What can be reached.
  public enum Kind: String, Sendable, Hashable, Codable {
    /// The function's body.
    case entry
    /// A statement that begins on the line.
    case statement
    /// A way on from where control parts: either side of an `if`, a loop or a `?:`, each label of a
    /// `switch`, and its having none that fits.
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

  /// What can be reached.
  public var kind: Kind
  /// Its number in a `MarkSet`. A condition of one operand shares the marks of its two branches.
  public var mark: Int
  /// Where it stands.
  public var line: CoverageLine
  /// What it is, in the words of a report: "else of `if (x)`", "`x` false".
  public var text: String
  /// Of an outcome of a choice or an operand: the first of its two marks.
  public var choice: Int?
  /// The sides of choices that it stands on.
  public var sides: [Side] = []
}

/// A function of a subject and what can be reached in it.
public struct CoveredFunction: Sendable, Hashable {
  /// A line and what stands on it.
  public struct Line: Sendable, Hashable {
    /// Where it stands.
    public var line: CoverageLine
    /// Without its end.
    public var text: String

    public init(line: CoverageLine, text: String) {
      self.line = line
      self.text = text
    }
  }

  /// Lines of which nothing is known.
  public struct Unread: Sendable, Hashable {
    /// The first of them.
    public var first: CoverageLine
    /// The number of the last, in the same file.
    public var last: Int
    /// One phrase.
    public var reason: String

    public init(first: CoverageLine, last: Int, reason: String) {
      self.first = first
      self.last = last
      self.reason = reason
    }
  }

  /// The C name.
  public var name: String
  /// Its lines, from the first of its header to its closing brace.
  public var lines: [Line]
  /// In the order of the text.
  public var points: [CoveragePoint]
  /// What was not looked into.
  public var unread: [Unread]
  /// Lines that no configuration leaves in: `#if 0`.
  var leftOut: Set<CoverageLine> = []
}

/// All that can be reached in a subject's own text.
public struct CoverageMap: Sendable, Hashable {
  /// The functions of the surface and the helpers that they need, in the order of the text.
  public var functions: [CoveredFunction]
  /// Marks that there are.
  public var markCount: Int
  /// The marks that the preprocessor leaves, with the configuration that the subject is compiled for.
  public var compiled: Set<Int>
  /// The first marks of choices and operands of which the preprocessor leaves nothing but numbers: the
  /// configuration or a header decides them, as `if (IS_ENABLED(X))`, and no case can.
  public var decided: Set<Int>
  /// Macros of the subject's own that decide something; they are not looked into.
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
