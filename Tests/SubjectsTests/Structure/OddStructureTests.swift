// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

@Suite("the structure of odd text") struct OddStructureTests {
  @Test("branches of a conditional that each stand by themselves are all read")
  func balanced() throws {
    let found = try structure("#ifdef A\n\ta();\n#else\n\tb();\n#endif\n\tc();")
    #expect(found.outline == ["do(a ( ))", "do(b ( ))", "do(c ( ))"])
    #expect(found.opaque.isEmpty)
  }

  @Test("of a conditional that cuts a statement, the first branch is read and the other is named")
  func cut() throws {
    let found = try structure("#ifdef A\nif (a) {\n#else\nif (b) {\n#endif\n\tc();\n}\nd();")
    #expect(found.outline == ["if(a)", "{}", "do(c ( ))", "do(d ( ))"])
    #expect(found.opaque.map { found.spelling($0.range) } == ["if ( b ) {"])
    #expect(found.opaque.map(\.isNeverCompiled) == [false])
  }

  @Test("code that is never compiled is not read")
  func dead() throws {
    let found = try structure("#if 0\nif (a) {\n#elif 1\nb();\n#endif\nc();")
    #expect(found.outline == ["do(b ( ))", "do(c ( ))"])
    #expect(found.opaque.map(\.reason) == ["it is never compiled"])
    #expect(found.opaque.map(\.isNeverCompiled) == [true])
  }

  @Test("an expression with a directive in it is one operand, and is reported as such")
  func within() throws {
    let found = try structure("if (a\n#ifdef A\n && f(b)\n#endif\n) c();")
    #expect(found.outline.count == 2)
    #expect(found.statements.first?.expressions.first?.calls == [])
    #expect(found.opaque.map(\.reason) == ["a directive stands within it"])
  }

  @Test(
    "unreadable code is opaque, with the reason, and the code after it is read",
    arguments: [
      ("else a(); b();", "this else has no if", "do(b ( ))"),
      ("for (a; b) c(); b();", "this for has not two semicolons", "do(b ( ))"),
      ("if a; b();", "no parenthesis follows this if", "do(b ( ))"),
      ("do a(); b();", "no while ends this do", "do(b ( ))"),
      ("{ a } b();", "no semicolon ends it", "do(b ( ))"),
    ])
  func opaque(body: String, reason: String, last: String) throws {
    let found = try structure(body)
    #expect(found.opaque.map(\.reason).contains(reason))
    #expect(found.outline.last == last)
  }

  @Test(
    "deep nesting neither crashes the program nor takes long",
    arguments: [
      ("{", "}"), ("(", ")"), ("if (a) ", ";"), ("!(", ")"), ("a && (", ")"), ("({ ", " })"),
      ("f(", ")"), ("a ? ", ": b"), ("for (;;) ", ""), ("x = ", ""), ("a[", "]"), ("else ", ""),
    ])
  func nesting(open: String, close: String) throws {
    let count = 3_000
    let body =
      String(repeating: open, count: count) + "1" + String(repeating: close, count: count) + ";"
    let start = ContinuousClock.now
    let found = try structure(body)
    #expect(found.body.all.count > 0)
    #expect(ContinuousClock.now - start < .seconds(20))
  }

  @Test("long text takes time in proportion to its length")
  func long() throws {
    let body = String(repeating: "if (a && b) x = f(1, y) ? c : d;\n", count: 10_000)
    let start = ContinuousClock.now
    let found = try structure(body)
    #expect(found.body.all.count == 20_001)
    #expect(ContinuousClock.now - start < .seconds(60))
  }

  @Test("random text neither crashes nor loops forever, and no token gets lost")
  func random() throws {
    let words = [
      "if", "else", "(", ")", "{", "}", ";", "a", "b", "&&", "||", "!", "?", ":", ",", "for",
      "while",
      "do", "return", "case", "=", "1", "\n#ifdef A\n", "\n#else\n", "\n#endif\n", "f(", "int", "*",
      "switch", "goto", "[", "]", "\"s\"", "likely(", "<", "default",
    ]
    var state: UInt64 = 7
    var read = 0
    for _ in 0..<400 {
      var body = ""
      for _ in 0..<60 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        body += words[Int((state >> 33) % UInt64(words.count))] + " "
      }
      // Most bodies are not balanced, and the extraction reports that.
      guard let found = try? structure(body) else { continue }
      read += 1
      let covered = found.body.all.map(\.range)
      for statement in covered { #expect(statement.upperBound <= found.tokens.count) }
    }
    #expect(read > 0)
  }
}
