// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Reports

@Suite("Foreign text in a page")
struct HTMLTextTests {
  @Test(
    "stays text, whatever it contains",
    arguments: [
      ("<b>", "&lt;b&gt;"), ("a & b", "a &amp; b"), ("\"x' `", "&quot;x&#39; &#96;"),
      ("</script><script>", "&lt;/script&gt;&lt;script&gt;"), ("{{x}}", "{{x}}"),
      // A combining mark and the character before it form one letter.
      ("\"\u{301} onload=x", "&quot;\u{301} onload=x"), ("<\u{338}", "&lt;\u{338}"),
      ("\r\n", "\\u{D}\n"),
    ] as [(String, String)])
  func escaped(text: String, expected: String) {
    #expect(HTMLText.escaped(text).unicodeScalars.elementsEqual(expected.unicodeScalars))
  }

  @Test(
    "shows invisible characters, and those that change the direction of writing",
    arguments: [
      (0x1b, "1B"), (0x0, "0"), (0x7f, "7F"), (0x9b, "9B"), (0x202e, "202E"),
      (0x2066, "2066"), (0x200b, "200B"), (0xfeff, "FEFF"), (0x2028, "2028"), (0xe0041, "E0041"),
      (0xe000, "E000"), (0xffff, "FFFF"),
    ] as [(UInt32, String)])
  func hidden(scalar: UInt32, digits: String) throws {
    let scalar = try #require(Unicode.Scalar(scalar))
    #expect(HTMLText.escaped("a\(scalar)b") == "a\\u{\(digits)}b")
  }

  @Test("keeps letters of any script, tabs and line feeds") func letters() {
    #expect(HTMLText.escaped("Größe\t内存\n") == "Größe&#9;内存\n")
  }

  @Test("is cut by its size, not by the number of visible letters") func cut() {
    let zalgo = "e" + String(repeating: "\u{301}", count: 5000)
    #expect(HTMLText.line(zalgo, atMost: 240).utf8.count < 1000)
    #expect(HTMLText.line(zalgo, atMost: 240).hasSuffix("\u{2026} (4761 more)"))
    #expect(HTMLText.line("short", atMost: 240) == "short")
  }
}
