// SPDX-License-Identifier: GPL-2.0-only

import Engine

/// Strangers' texts in GitHub's and GitLab's Markdown: only ever in code, where nothing is a mention, a
/// link or HTML.
enum MarkdownText {
  /// A span of code.
  static func code(_ text: String) -> String {
    let line = SafeText.line(text)
    let fence = String(repeating: "`", count: longestRun(in: line) + 1)
    // A parser takes one blank from each end where both have one.
    let needsBlanks = line.hasPrefix("`") || line.hasSuffix("`") || line.hasPrefix(" ")
    return line.isEmpty
      ? "(nothing)" : needsBlanks ? "\(fence) \(line) \(fence)" : fence + line + fence
  }

  /// A block of code; its lines are cut where they are beyond reading.
  static func block(_ lines: [String]) -> [String] {
    let shown = lines.map { SafeText.shortened(SafeText.line($0), to: 400) }
    let longest = shown.map(longestRun).max() ?? 0
    let fence = String(repeating: "`", count: max(3, longest + 1))
    return ["\(fence)text"] + shown + [fence]
  }

  private static func longestRun(in text: String) -> Int {
    var longest = 0
    var run = 0
    for byte in text.utf8 {
      run = byte == UInt8(ascii: "`") ? run + 1 : 0
      longest = max(longest, run)
    }
    return longest
  }
}
