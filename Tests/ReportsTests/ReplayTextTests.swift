// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports

@Suite("Text in generated C")
struct ReplayTextTests {
  @Test(
    "from a stranger ends no comment, continues no line and makes no trigraph",
    arguments: [
      "*/ int evil; /*", "**/", "/*/", "a\\", "??/", "???/", "\u{202e}", "/", "*", "a\nb\r*/",
    ] as [String])
  func comments(text: String) {
    let comment = CText.comment(text)
    #expect(!comment.contains("*/") && !comment.contains("/*"), "\(comment)")
    #expect(!comment.hasSuffix("\\") && !comment.contains("??"), "\(comment)")
    #expect(!comment.hasPrefix("/"), "would end a line's star: \(comment)")
    #expect(comment.unicodeScalars.allSatisfy { (0x20..<0x7f).contains($0.value) }, "\(comment)")
  }

  @Test("becomes a string literal of the same bytes")
  func strings() {
    #expect(CText.string("a\"b\\c") == #""a\"b\\c""#)
    #expect(CText.string("??/") == #""\?\?/""#)
    #expect(CText.string("\n1") == #""\0121""#)
    #expect(CText.string("é") == #""\303\251""#)
  }

  @Test("loses control characters and direction marks on a terminal")
  func printable() {
    #expect(StepText.printable("a\u{1b}[2Jb\u{202e}c\n\u{85}é") == "a?[2Jb?c??é")
  }
}
