// SPDX-License-Identifier: GPL-2.0-only

/// A small edit of a function of the subject, which may make it right.
public struct Repair: Sendable, Hashable {
  /// The change of the unit that contains the function.
  let edit: UnitEdit
  /// The line in the user's file: of the first token that changes, or of the one before which something is missing.
  public let position: SourcePosition
  /// With `isOmission`: the line of the token before the gap.
  public let before: SourcePosition
  /// Whether a whole statement is missing there.
  public let isOmission: Bool
  /// The tokens that the edit removes, with single blanks; empty where something is missing.
  public let own: String
  /// The tokens in their place; empty where nothing is.
  public let other: String
  /// How far the edit goes: less is more likely what the author meant.
  public let cost: Int

  /// Lines between two tokens up to which the author of the gap probably left one blank.
  private static let usualGap = 2

  /// The line to name. A statement usually follows the one before it, or one blank line: comments after the gap do
  /// not count.
  public var line: SourcePosition {
    guard isOmission, before.displayName == position.displayName else { return position }
    let nearest = before.line + Self.usualGap
    guard nearest < position.line else { return position }
    return SourcePosition(displayName: position.displayName, line: nearest)
  }
}
