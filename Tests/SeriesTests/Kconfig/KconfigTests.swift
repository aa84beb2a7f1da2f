// SPDX-License-Identifier: GPL-2.0-only

import Subjects
import Testing

@testable import Series

/// Lines of a file of the configuration language.
func configuration(_ text: String, at path: String = "Kconfig") -> SourceFile {
  SourceFile(
    path: path, displayName: path,
    lines: text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map {
      SourceLine(text: String($1), displayName: path, number: $0 + 1, isAdded: true)
    })
}

@Suite("The configuration language")
struct KconfigTests {
  private func value(
    of name: String, in text: String, wishes: [String: Tristate] = [:]
  ) throws -> Tristate {
    let model = try KconfigReader.model(of: ["Kconfig"], in: [configuration(text)])
    return try KconfigEvaluator(model, wishes: wishes).value(of: name)
  }

  @Test("A select counts under its condition, and the dependencies of what selects")
  func select() throws {
    let text = """
      config A
      \tdef_bool y
      \tselect X if B
      \tselect Y
      config B
      \tbool "b"
      config C
      \tdef_bool y
      \tdepends on B
      \tselect Z
      config X
      \tbool
      config Y
      \tbool
      config Z
      \tbool
      """
    #expect(try value(of: "X", in: text) == .no)
    #expect(try value(of: "X", in: text, wishes: ["B": .yes]) == .yes)
    #expect(try value(of: "Y", in: text) == .yes)
    #expect(try value(of: "Z", in: text) == .no)
    #expect(try value(of: "Z", in: text, wishes: ["B": .yes]) == .yes)
  }

  @Test("A wish counts as far as the prompt's condition and the dependencies let it")
  func wishes() throws {
    let text = """
      config MODULES
      \tdef_bool y
      config M
      \ttristate "m"
      \tdefault m
      config T
      \ttristate "t"
      \tdepends on M
      config P
      \tbool "p" if !M
      """
    #expect(try value(of: "T", in: text, wishes: ["T": .yes]) == .module)
    #expect(try value(of: "T", in: text, wishes: ["T": .yes, "M": .yes]) == .yes)
    #expect(try value(of: "P", in: text, wishes: ["P": .yes]) == .yes)
    #expect(try value(of: "P", in: text, wishes: ["P": .yes, "M": .yes]) == .no)
  }

  static let operations: [(String, Tristate)] = [
    ("y || n && n", Tristate.yes), ("(y || n) && n", .no), ("!n && y", .yes), ("!(y && n)", .yes),
    ("m && y", .no), ("\"a\" = \"a\"", .yes), ("\"a\" != \"a\"", .no), ("10 > 9", .yes),
    ("0x10 = 16", .yes), ("UNDEFINED >= 140000", .yes), ("UNDEFINED", .no),
    ("$(shell,true) || n", .no), ("!$(cc-option,-x)", .yes),
  ]

  @Test(
    "Operators bind as the language has it", arguments: operations)
  func operators(expression: String, expected: Tristate) throws {
    #expect(try value(of: "A", in: "config A\n\tdef_tristate \(expression)\n") == expected)
  }

  @Test("Of a choice one member is chosen: the wish, else the first default that holds")
  func choice() throws {
    let text = """
      choice
      \tprompt "which"
      \tdefault B if N
      \tdefault C
      config A
      \tbool "a"
      config B
      \tbool "b"
      config C
      \tbool "c"
      endchoice
      config N
      \tbool
      """
    let values = try ["A", "B", "C"].map { try value(of: $0, in: text) }
    #expect(values == [.no, .no, .yes])
    let wished = try ["A", "B", "C"].map { try value(of: $0, in: text, wishes: ["A": .yes]) }
    #expect(wished == [.yes, .no, .no])
  }

  @Test("Blocks, menus and files around an entry are among its dependencies")
  func blocks() throws {
    let files = [
      configuration(
        """
        if A
        menu "m"
        \tdepends on B
        source "mm/$(SRCARCH)/Kconfig"
        source "not/there/Kconfig"
        endmenu
        endif
        config A
        \tbool "a"
        config B
        \tbool "b"
        """),
      configuration(
        "config C\n\tdef_bool y\n\thelp\n\t  config D\n\nconfig E\n\tbool\n", at: "mm/riscv/Kconfig"
      ),
    ]
    let model = try KconfigReader.model(of: ["Kconfig"], in: files)
    #expect(model.names.sorted() == ["A", "B", "C", "E"])
    #expect(try KconfigEvaluator(model, wishes: ["A": .yes]).value(of: "C") == .no)
    #expect(try KconfigEvaluator(model, wishes: ["A": .yes, "B": .yes]).value(of: "C") == .yes)
  }

  @Test("imply gives a default that a wish can refuse")
  func imply() throws {
    let text = "config A\n\tdef_bool y\n\timply X\nconfig X\n\tbool \"x\"\n"
    #expect(try value(of: "X", in: text) == .yes)
    #expect(try value(of: "X", in: text, wishes: ["X": .no]) == .no)
  }

  static let refusals: [(String, String)] = [
    ("config\n", "Kconfig:1: config needs a name"),
    ("config A\n\tbool \"a\n", "Kconfig:2: this quote is never closed"),
    ("config A\n\tfrobnicate\n", "Kconfig:2: \"frobnicate\" is no attribute"),
    ("if A\n", "Kconfig:1: this block is never closed"),
    ("endmenu\n", "Kconfig:1: this endmenu closes nothing"),
    ("config A\n\tdepends on (B\n", "Kconfig:2: this parenthesis is never closed"),
    ("config A\n\tdepends on B &&\n", "Kconfig:2: an expression is missing"),
    ("source \"Kconfig\"\n", "Kconfig:1: Kconfig is read from within itself"),
    ("int main(void) {\n", "Kconfig:1: \"{\" means nothing here"),
  ]

  @Test(
    "What is no configuration is refused in one line with its place", arguments: refusals)
  func refused(text: String, message: String) {
    let error = #expect(throws: KconfigError.self) {
      _ = try KconfigReader.model(of: ["Kconfig"], in: [configuration(text)])
    }
    #expect(error?.message == message)
  }

  @Test(
    "What hangs on itself is refused, not worked out for ever",
    arguments: [
      "config A\n\tbool\n\tdefault B\nconfig B\n\tbool\n\tdefault A\n",
      "config A\n\tdef_bool y\n\tselect B if A\n\tdepends on B\nconfig B\n\tbool\n",
    ])
  func loops(text: String) {
    let error = #expect(throws: KconfigError.self) { _ = try value(of: "A", in: text) }
    #expect(error?.message.hasSuffix("hangs on itself") == true)
  }

  @Test("Long chains, deep nesting and endless repetition end soon", .timeLimit(.minutes(1)))
  func bombs() throws {
    let chain = (0..<100_000).map { "config A\($0)\n\tdef_bool A\($0 + 1)\n" }.joined()
    #expect(throws: KconfigError.self) { _ = try value(of: "A0", in: chain) }
    let nested = "config A\n\tdef_bool " + String(repeating: "(", count: 100_000)
    #expect(throws: KconfigError.self) { _ = try value(of: "A", in: nested) }
    let blocks = String(repeating: "if A\n", count: 100_000)
    #expect(throws: KconfigError.self) { _ = try value(of: "A", in: blocks) }
    let wide = "config A\n\tdef_bool " + String(repeating: "B || ", count: 200_000) + "y\n"
    #expect(try value(of: "A", in: wide) == .yes)
    let files = (0..<40).map { level in
      configuration(
        String(repeating: "source \"f\(level + 1)\"\n", count: 20),
        at: level == 0 ? "Kconfig" : "f\(level)")
    }
    #expect(throws: KconfigError.self) { _ = try KconfigReader.model(of: ["Kconfig"], in: files) }
  }
}
