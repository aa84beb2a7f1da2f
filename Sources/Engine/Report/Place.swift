// SPDX-License-Identifier: GPL-2.0-only

import Subjects

/// A line of the subject's own text at which the sides of a case part, and the calls that led there.
public struct Place: Sendable, Hashable {
  /// A line of an excerpt.
  public struct Line: Sendable, Hashable {
    /// The text that a line belongs to.
    public enum Side: Sendable, Hashable {
      /// The subject's, beside what differs.
      case both
      /// The subject's, where the reference has another line or none.
      case subject
      /// The reference's, where the subject has another line or none.
      case reference
    }

    public var side: Side
    /// The number in the user's own file, from 1; nil for the reference's lines.
    public var number: Int?
    /// The text without its line end.
    public var text: String
  }

  /// Tokens that differ within a line; either may be empty.
  public struct Part: Sendable, Hashable {
    public var subject: String
    public var reference: String
  }

  /// The line of one function in a chain of calls.
  public struct Frame: Sendable, Hashable {
    /// The C name.
    public var function: String
    /// The user's own file, as diagnostics name it.
    public var file: String
    /// From 1.
    public var line: Int
    /// The line and its neighbours in the function, in order, with the reference's lines where these are known.
    public var excerpt: [Line]

    init(
      of function: CoveredFunction, at line: CoverageLine,
      change: FunctionComparison.Change? = nil
    ) {
      self.function = function.name
      file = line.file
      self.line = line.number
      excerpt = PlaceExcerpt(of: function, at: line, change: change).lines
    }
  }

  /// The meaning of the line.
  public enum Kind: String, Sendable, Codable {
    /// The subject did something there that the reference does not do.
    case act
    /// The subject went on there without something that the reference does.
    case omission
  }

  /// The way in which the line was found.
  public enum Basis: String, Sendable, Codable {
    /// By the statements that the case passes, and those that other cases pass.
    case run
    /// By the text: with the reference's text at this place, the function does in the example what the
    /// reference does. Where two subjects are compared, `isTried` says whether an experiment shows it.
    case text
    /// By an edit: with this small change at the line, the function does in the example and in all other cases that
    /// were tried what the reference does.
    case edit
  }

  public var kind: Kind
  public var basis = Basis.run
  /// With basis `text`: false where the texts of two subjects differ at this place, and no experiment could show
  /// that this makes the difference.
  public var isTried = true
  /// With basis `text`, the lines that the reference has there; empty where it has none.
  public var reference = ""
  /// With basis `text`, what differs, if that is only a part of a line; with basis `edit`, what the edit changes.
  public var part: Part?
  /// Whether the subject lacks whole lines there, as far as is known, and not a part of one.
  public var lacksStatement: Bool
  /// The innermost frame first; never empty.
  public var frames: [Frame]

  /// The frame of the function that is the cause; the innermost one where that is not among them.
  package func frame(of function: String) -> Frame? {
    frames.first { $0.function == function } ?? frames.first
  }

  init(kind: Kind, frames: [Frame]) {
    self.kind = kind
    self.frames = frames
    lacksStatement = kind == .omission
  }

  /// The line of a macro that is the cause.
  init(of macro: CoveredFunction, defining line: CoverageLine) {
    self.init(kind: .act, frames: [Frame(of: macro, at: line)])
    basis = .text
  }

  /// A line of `function` that an experiment shows to be the cause, with the calls of a place that the run showed.
  init(of function: CoveredFunction, _ found: HunkStage.Found, from run: Place?) {
    let frame: Frame
    switch found {
    case .hunk(let hunk, let position, let lines, let change):
      let line = CoverageLine(file: position.displayName, number: position.line)
      frame = Frame(of: function, at: line, change: change)
      kind = hunk.isOmission ? .omission : .act
      basis = .text
      reference = lines
      lacksStatement = hunk.isOmission && change.own == nil
      part = change.part.map { Part(subject: $0.own, reference: $0.other) }
    case .repair(let repair):
      frame = Frame(of: function, at: Self.line(of: repair, in: function))
      kind = repair.isOmission ? .omission : .act
      basis = .edit
      lacksStatement = repair.isOmission
      part = Part(subject: repair.own, reference: repair.other)
    }
    frames = run?.frames ?? []
    if let index = frames.firstIndex(where: { $0.function == function.name }) {
      frames[index] = frame
    } else {
      frames = [frame]
    }
  }

  /// The line of a repair; a line that the user's file does not show is not named.
  private static func line(of repair: Repair, in function: CoveredFunction) -> CoverageLine {
    let line = CoverageLine(file: repair.line.displayName, number: repair.line.line)
    if function.lines.contains(where: { $0.line == line }) { return line }
    return CoverageLine(file: repair.position.displayName, number: repair.position.line)
  }
}
