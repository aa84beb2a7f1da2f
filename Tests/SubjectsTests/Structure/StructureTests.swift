// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

/// The structure of a function with this body.
func structure(_ body: String, from first: Int = 1) throws -> FunctionStructure {
  let text = "void vmemmap_free(u64 start, u64 end, struct vmem_altmap *altmap)\n{\n\(body)\n}\n"
  return try #require(try extract(source(text, from: first)).structures().first)
}

extension FunctionStructure {
  /// The statements of the body.
  var statements: [Statement] {
    if case .block(let statements) = body.kind { statements } else { [] }
  }

  /// All statements in short form, e.g. "if(a b)", in the order of their starts.
  var outline: [String] {
    body.all.dropFirst().map { statement in
      let heads = statement.expressions.map { spelling($0.range) }.joined(separator: "; ")
      let word =
        switch statement.kind {
        case .expression: "do"
        case .declaration(let declared): declared.map { $0.name ?? "?" }.joined(separator: " ")
        case .block: "{}"
        case .branch(_, _, let otherwise, _): otherwise == nil ? "if" : "if-else"
        case .loop: "loop"
        case .doLoop: "do-while"
        case .selection: "switch"
        case .label: "label"
        case .exit: "return"
        case .breakAway: "break"
        case .goOn: "continue"
        case .jump(let label): "goto \(label)"
        case .empty: "empty"
        case .wrapped: "wrapped"
        case .opaque(let reason): "opaque: \(reason)"
        }
      return heads.isEmpty ? word : "\(word)(\(heads))"
    }
  }

  /// A condition, with brackets around its parts.
  func drawing(_ condition: Condition) -> String {
    switch condition.kind {
    case .operand: spelling(condition.range)
    case .not(let part, _): "![\(drawing(part))]"
    case .all(let parts, _): "all[\(parts.map(drawing).joined(separator: " | "))]"
    case .any(let parts, _): "any[\(parts.map(drawing).joined(separator: " | "))]"
    }
  }
}

@Suite("the structure of a function") struct StructureTests {
  @Test(
    "each kind of statement is recognised",
    arguments: [
      ("if (a) b(); else { c(); }", ["if-else(a)", "do(b ( ))", "{}", "do(c ( ))"]),
      ("if (a)\n\tif (b) c(); else d();", ["if(a)", "if-else(b)", "do(c ( ))", "do(d ( ))"]),
      (
        "for (i = 0; i < 9; i++) continue;",
        ["loop(i < 9; i ++)", "do(i = 0)", "continue"]
      ),
      ("for (;;) break;", ["loop", "break"]),
      ("for (int i = 1; i;) ;", ["loop(i)", "i(1)", "empty"]),
      ("while (*p++) { }", ["loop(* p ++)", "{}"]),
      ("do x--; while (x > 2); y();", ["do-while(x > 2)", "do(x --)", "do(y ( ))"]),
      (
        "switch (x) { case 1 ... 3: break; case A ? B : C: default: f(); }",
        ["switch(x)", "{}", "label", "break", "label", "label", "do(f ( ))"]
      ),
      ("out: return; goto out;", ["label", "return", "goto out"]),
      ("return (a, b);", ["return(( a , b ))"]),
      ("pte_t *a = f(1), b[2]; u64 c;", ["a b(f ( 1 ))", "c"]),
      ("struct page *p; const int q = 1, *r; foo_t s;", ["p", "q r(1)", "s"]),
      ("a * b; a(b); (void)c; *d = 1;", ["b", "do(a ( b ))", "do(( void ) c)", "do(* d = 1)"]),
      ("for_each_entry(a, b) { c(); }", ["wrapped(for_each_entry ( a , b ))", "{}", "do(c ( ))"]),
      (
        "x = ({ int y = f(); y; });",
        ["do(x = ( { int y = f ( ) ; y ; } ))", "{}", "y(f ( ))", "do(y)"]
      ),
      ("f(\"}\", '{'); <% %>", ["do(f ( \"}\" , '{' ))", "{}"]),
    ])
  func statements(body: String, outline: [String]) throws {
    let found = try structure(body)
    #expect(found.outline == outline)
    #expect(found.opaque.isEmpty)
  }

  @Test(
    "a condition is split at the operators of logic, through parentheses, negations and hints",
    arguments: [
      ("a", "a"),
      ("a && b || c", "any[all[a | b] | c]"),
      ("a && (b || !c)", "all[a | any[b | ![c]]]"),
      ("!(a || b)", "![any[a | b]]"),
      ("!f(a)->b[1] && !x", "all[![f ( a ) -> b [ 1 ]] | ![x]]"),
      ("!a == b", "! a == b"),
      ("unlikely(a && b)", "all[a | b]"),
      ("((a))", "a"),
      ("(a) && (b)", "all[a | b]"),
      ("x = a && b", "x = a && b"),
      ("a ? b : c", "a ? b : c"),
      ("a & b", "a & b"),
      ("a &&", "a &&"),
    ])
  func conditions(text: String, drawing: String) throws {
    let found = try structure("if (\(text)) f();")
    guard case .branch(let condition, _, _, _) = found.statements.first?.kind else {
      Issue.record("no if")
      return
    }
    #expect(found.drawing(condition.condition) == drawing)
  }

  @Test("conditions, ternaries and calls are found wherever they stand, each once")
  func parts() throws {
    let found = try structure(
      "x = f(a && b, g((c || d) && e), h() ? p && q : r ?: s), unlikely(t) + k[u && v];")
    guard case .expression(let expression) = found.statements.first?.kind else {
      Issue.record("no expression")
      return
    }
    #expect(
      expression.conditions.map(found.drawing)
        == ["all[a | b]", "all[any[c | d] | e]", "all[p | q]", "all[u | v]"])
    #expect(
      expression.ternaries.map {
        [found.drawing($0.condition), found.spelling($0.then), found.spelling($0.otherwise)]
      } == [["h ( )", "p && q", "r ? : s"], ["r", "", "s"]])
    #expect(expression.calls.map(\.name) == ["f", "g", "h", "unlikely"])
    #expect(
      expression.calls[0].arguments.map(found.spelling)
        == ["a && b", "g ( ( c || d ) && e )", "h ( ) ? p && q : r ? : s"])
    #expect(expression.calls[2].arguments.isEmpty)
  }

  @Test("tokens know their bytes in the unit and their line in the user's file")
  func positions() throws {
    let text = """
      void vmemmap_free(u64 start, u64 end)
      {
      \tif (start \\
      \t    <= end) /* a
      \t comment */ flush_tlb_all();
      }
      """
    let extraction = try extract(source(text, from: 40))
    let found = try #require(extraction.structures().first)
    let bytes = Array(extraction.unit.utf8)
    for token in found.tokens {
      #expect(String(decoding: bytes[token.unitRange], as: UTF8.self) == token.text)
    }
    let lines = Dictionary(found.tokens.map { ($0.text, $0.position.line) }) { first, _ in first }
    #expect(lines["if"] == 42)
    #expect(lines["<="] == 43)
    #expect(lines["flush_tlb_all"] == 44)
    #expect(found.tokens.allSatisfy { $0.position.displayName == "init.c" })
    #expect(found.parameters == ["start", "end"])
  }

  @Test("in a patch, lines are those of the patch, even across removed lines")
  func patchPositions() throws {
    let extraction = try extract(
      patch("@@\n+void vmemmap_free(u64 start, u64 end)\n+{\n-\told();\n+\tflush_tlb_all();\n+}\n"))
    let found = try #require(extraction.structures().first)
    let call = try #require(found.tokens.first { $0.text == "flush_tlb_all" })
    #expect(call.position == SourcePosition(displayName: "fix.patch", line: 8))
    #expect(found.outline == ["do(flush_tlb_all ( ))"])
  }
}
