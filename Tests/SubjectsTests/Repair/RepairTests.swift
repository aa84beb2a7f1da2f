// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

/// The small edits that may make a function right.
@Suite("The repairs of a function")
struct RepairTests {
  /// The repairs of a body, with the reference's body beside it.
  private func repairs(_ body: String, _ reference: String) throws -> [Repair] {
    let function = try structure(body)
    let model = try structure(reference)
    return RepairMaker.repairs(
      of: function, own: function.tokens,
      material: ReferenceMaterial(model, helpers: [], for: LocalVariables(function)))
  }

  /// The repairs that make the function of a body that of another one, in tokens.
  private func mending(
    _ body: String, as right: String, with reference: String = "flush_tlb_all();"
  ) throws -> [Repair] {
    let function = try structure(body)
    let wanted = try structure(right).tokens.map(\.text)
    let unit = Array(try extract(source(Self.text(of: body))).unit.utf8)
    return try repairs(body, reference).filter { repair in
      let range = function.unitRange(function.tokens.indices)
      let edited =
        Array(unit[range.lowerBound..<repair.edit.range.lowerBound])
        + Array(repair.edit.text.utf8)
        + Array(unit[repair.edit.range.upperBound..<range.upperBound])
      return FunctionTokens(edited, edited.indices).tokens.map(\.text) == wanted
    }
  }

  private static func text(of body: String) -> String {
    "void vmemmap_free(u64 start, u64 end, struct vmem_altmap *altmap)\n{\n\(body)\n}\n"
  }

  @Test(
    "undo a slip of a few tokens",
    arguments: [
      ("for (u64 i = 1; i < end; i++) f(i);", "for (u64 i = 0; i < end; i++) f(i);"),
      ("while (start <= end) start++;", "while (start < end) start++;"),
      ("f(pud_addr_end(start, end));", "f(pmd_addr_end(start, end));"),
      ("if (start < end - 1) f();", "if (start < end) f();"),
      ("f(size / 2);", "f(size);"),
      ("f(start, end);", "f(end, start);"),
      ("if (f(start)) return;", "if (! ( f(start) )) return;"),
      ("f(altmap); return; g();", "f(altmap); ; g();"),
    ])
  func tokens(slip: String, right: String) throws {
    #expect(try !mending(slip, as: right).isEmpty)
  }

  @Test("put a piece of the reference in, with the subject's names")
  func pieces() throws {
    let reference = """
      struct page *table = pud_page(*pud);
      u64 slot;
      if (!pud_present(table))
      free_table(table, slot);
      flush_tlb_all();
      """
    let head = "struct page *page = "
    let rest = "\nu64 i;\nif (!pud_present(page))\nfree_table(page, i);\nflush_tlb_all();"
    #expect(
      try !mending(
        head + "virt_to_page(pud);" + rest, as: head + "pud_page(*pud);" + rest, with: reference
      ).isEmpty)
    let missing = try mending(
      head + "pud_page(*pud);" + rest.replacing("\nflush_tlb_all();", with: ""),
      as: head + "pud_page(*pud);" + rest, with: reference)
    #expect(missing.contains { $0.isOmission && $0.other == "flush_tlb_all ( ) ;" })
  }

  @Test("name the line of the first token that changes, or the gap's")
  func lines() throws {
    let changed = try mending("f(start,\n1);", as: "f(start,\n0);")
    #expect(changed.first?.position.line == 4)
    let gap = try mending(
      "f(start);\n\n/* A comment. */\n/* Another. */\ng();", as: "f(start); flush_tlb_all(); g();")
    #expect(gap.first?.position.line == 7)
    #expect(gap.first?.line.line == 5)
  }

  @Test("differ from one another and from the text itself")
  func different() throws {
    let all = try repairs("f(start);", "f(end);")
    #expect(!all.isEmpty)
    #expect(Set(all.map(\.edit)).count == all.count)
    #expect(try mending("f(start);", as: "f(start);").isEmpty)
  }

  @Test("Variants have names of their own, so no edit may reach over the name")
  func name() throws {
    let function = try structure("f(start);")
    let name = function.tokens[try #require(function.nameAt)].unitRange
    let (first, end) = (name.lowerBound, name.upperBound)
    for (range, isAllowed) in [
      (first - 3..<first, true), (first..<first, true), (end..<end + 2, true),
      (first..<end, false), (first - 3..<first + 1, false), (first - 3..<end + 3, false),
    ] {
      #expect(
        VariedUnit.allows(UnitEdit(range: range, text: "x"), in: function) == isAllowed,
        "\(range)")
    }
  }

  @Test("The compiler's complaints name the variants that it refuses")
  func refused() {
    let errors = """
      mhp-variant-12:5:3: error: use of undeclared identifier 'x'
      /stubs/linux/mm.h:3:1: note: passing argument here
      mhp-variant-7:1:1: error: invalid operands
      """
    #expect(VariedUnit.refused(in: errors) == [7, 12])
  }
}
