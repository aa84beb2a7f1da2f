// SPDX-License-Identifier: GPL-2.0-only

/// The colours and width of text for standard output.
public struct TextStyle: Sendable {
  /// Whether the text has escape sequences.
  public let isColoured: Bool
  /// The terminal's width in columns; nil when the text does not go to a terminal.
  public let columns: Int?

  public init(isColoured: Bool, columns: Int? = nil) {
    self.isColoured = isColoured
    self.columns = columns
  }

  /// Green text, for good results.
  public func good(_ text: String) -> String { wrap(text, "32") }
  /// Red text, for differences.
  public func bad(_ text: String) -> String { wrap(text, "31") }
  /// Bold text, for emphasis.
  public func strong(_ text: String) -> String { wrap(text, "1") }
  /// Faint text, for unimportant details.
  public func faint(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
