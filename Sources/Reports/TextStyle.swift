// SPDX-License-Identifier: GPL-2.0-only

/// Whether and how text is coloured.
public struct TextStyle: Sendable {
  /// Whether escape sequences are written at all.
  public let isColoured: Bool
  /// The terminal's width in characters; nil when the text does not go to one, and is not cut.
  public let columns: Int?

  public init(isColoured: Bool, columns: Int? = nil) {
    self.isColoured = isColoured
    self.columns = columns
  }

  /// For what is good.
  public func good(_ text: String) -> String { wrap(text, "32") }
  /// For what differs.
  public func bad(_ text: String) -> String { wrap(text, "31") }
  /// For what is to be looked at.
  public func strong(_ text: String) -> String { wrap(text, "1") }
  /// For what can be passed over.
  public func faint(_ text: String) -> String { wrap(text, "2") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }
}
