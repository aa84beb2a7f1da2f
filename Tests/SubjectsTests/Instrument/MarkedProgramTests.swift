// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

@Suite("Marks in a text") struct MarkedProgramTests {
  private static let above = """
    #define likely(x) __builtin_expect(!!(x), 1)
    #define each(i, n) for (int i = 0; i < (n); i++)
    """

  @Test(
    "do not change its behaviour, and show what was not reached", arguments: OddBody.all,
    ["clang", "gcc"])
  func unchanged(_ odd: OddBody, compiler: String) async throws {
    let program = try await MarkedProgram(odd.body, above: Self.above, compiler: compiler)
    #expect(program.map.functions.flatMap(\.unread) == [])
    #expect(program.marked == program.plain)
    #expect(program.unreached.sorted() == odd.unreached.sorted())
  }

  /// Bodies whose text alone does not determine their structure, and the reason.
  static let unclear = [
    (
      "if (a)\n#ifdef CONFIG_NONE\n\treturn 1;\n#else\n\treturn 2;\n#endif\nreturn 3;",
      "cuts a statement"
    ),
    ("#ifndef CONFIG_NONE\nif (a)\n#endif\n\treturn 1;\nreturn 3;", "cuts a statement"),
    ("__label__ out;\nif (a) goto out;\nb++;\nout: return b;", "declares labels"),
    ("if (a)\n\tout: return 1;\nif (b) goto out;\nreturn 3;", "a label stands where"),
    ("switch (a) case 1: return 1;\nreturn 3;", "a switch has no block"),
    ("must(1 && 1);\nreturn b;", "does not compile with marks"),
  ]

  @Test("are left out of a function whose text is not clear enough", arguments: unclear)
  func refused(body: String, reason: String) async throws {
    let program = try await MarkedProgram(
      body, above: "#define must(x) _Static_assert(x, \"must\")", compiler: "clang")
    #expect(program.marked == program.plain)
    let odd = try #require(program.map.functions.first { $0.name == "odd" })
    #expect(odd.unread.contains { $0.reason.contains(reason) }, "\(odd.unread)")
  }

  @Test("count only in compiled code") func configuration() async throws {
    let body = "#ifdef CONFIG_MORE\nif (a == 77)\n\treturn 9;\n#endif\nreturn b;"
    let without = try await MarkedProgram(body, compiler: "clang")
    #expect(without.unreached == [] && without.coverage.branches == .init(total: 0, reached: 0))
    let with = try await MarkedProgram(body, compiler: "clang", defines: ["CONFIG_MORE"])
    #expect(with.unreached.contains("then of `if (a == 77)`"))
    #expect(with.coverage.branches == .init(total: 2, reached: 1))
  }

  @Test("are not in macros, and those macros that decide something are named")
  func macros() async throws {
    let program = try await MarkedProgram(
      "return twice(a) + larger(a, b) + both(a, b);",
      above: """
        #define twice(x) ((x) + (x))
        #define larger(x, y) \\
        \t((x) > (y) \\
        \t\t? (x) : (y))
        #define both(x, y) ((x) && (y))
        """, compiler: "clang")
    #expect(program.map.macros == ["both", "larger"])
    #expect(program.marked == program.plain)
  }

  @Test("refer to the user's lines") func lines() async throws {
    let program = try await MarkedProgram(
      "if (a > 77)\n\n\treturn 1;\nreturn 2;", compiler: "clang")
    let odd = try #require(program.coverage.functions.first { $0.function.name == "odd" })
    // The body begins on the fourth line.
    #expect(odd.unreached.map(\.line.number) == [4, 4, 6])
    #expect(odd.states[CoverageLine(file: "init.c", number: 7)] == .reached)
    #expect(odd.function.lines.map(\.line.number) == Array(2...8))
  }
}
