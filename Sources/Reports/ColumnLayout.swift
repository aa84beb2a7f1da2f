// SPDX-License-Identifier: GPL-2.0-only

/// Two columns of text with a bar between them, cut with an ellipsis only where a terminal is too
/// narrow for them.
struct ColumnLayout {
  private static let bar = " | "
  /// What a column gets however narrow the terminal is.
  private static let least = 12

  private let left: Int
  private let right: Int

  /// A layout for these rows in so many characters; nil is as many as it takes.
  init(rows: [(String, String)], within columns: Int?) {
    let left = rows.map(\.0.count).max() ?? 0
    let right = rows.map(\.1.count).max() ?? 0
    guard let columns, left + Self.bar.count + right > columns else {
      self.left = left
      self.right = right
      return
    }
    let space = columns - Self.bar.count
    // A column that needs less than its half leaves the rest to the other.
    self.left = max(Self.least, min(left, max(space / 2, space - right)))
    self.right = max(Self.least, min(right, space - self.left))
  }

  /// One row, without spaces at its end.
  func row(_ leftText: String, _ rightText: String) -> String {
    let leftText = Self.cut(leftText, to: left)
    let padding = String(repeating: " ", count: left - leftText.count)
    let rightText = Self.cut(rightText, to: right)
    return leftText + padding + (rightText.isEmpty ? " |" : Self.bar + rightText)
  }

  private static func cut(_ text: String, to width: Int) -> String {
    text.count <= width ? text : text.prefix(width - 1) + "\u{2026}"
  }
}
