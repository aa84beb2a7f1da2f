// SPDX-License-Identifier: GPL-2.0-only

/// A stranger's text as it may be shown in a line: no control character reaches a terminal, and none
/// that turns the direction of what follows.
public enum PrintableText {
  /// The text with "?" for what is not shown.
  public static func of(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(isShown(scalar) ? scalar : "?") }
    return String(result)
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator: false
    default: true
    }
  }
}
