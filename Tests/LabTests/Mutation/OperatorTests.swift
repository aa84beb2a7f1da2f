// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab

@Suite("Each kind of mistake is made") struct OperatorTests {
  @Test(
    "in every place where it is possible, and nowhere else",
    arguments: [
      (
        "drop", "a(); if (b) c(); else d(); for (x = 0; x; x++) continue;",
        [
          "; if (b) c(); else d(); for (x = 0; x; x++) continue;",
          "a(); ; for (x = 0; x; x++) continue;",
          "a(); if (b) ; else d(); for (x = 0; x; x++) continue;",
          "a(); if (b) c(); for (x = 0; x; x++) continue;",
          "a(); if (b) c(); else ; for (x = 0; x; x++) continue;",
          "a(); if (b) c(); else d(); ;",
          "a(); if (b) c(); else d(); for (; x; x++) continue;",
          "a(); if (b) c(); else d(); for (x = 0; x; ) continue;",
          "a(); if (b) c(); else d(); for (x = 0; x; x++) ;",
        ]
      ),
      (
        "negate", "if (a && !b) c(d ? 1 : 2);",
        [
          "if (!(a && !b)) c(d ? 1 : 2);", "if (!(a) && !b) c(d ? 1 : 2);",
          "if (a && !!(b)) c(d ? 1 : 2);",
          "if (a && !b) c(!(d) ? 1 : 2);",
        ]
      ),
      ("logic", "if (a && b || c) d();", ["if (a || b || c) d();", "if (a && b && c) d();"]),
      ("jump", "while (a) { break; }", ["while (a) { continue; }", "while (a) { return; }"]),
      (
        "comparison", "if (a <= b) c();",
        [
          "if (a < b) c();", "if (a > b) c();", "if (a >= b) c();", "if (a == b) c();",
          "if (a != b) c();",
        ]
      ),
      (
        "arithmetic", "a = -b + *c - (u64 *)d; e <<= f; g = h << ~i;",
        [
          "a = -b - *c - (u64 *)d; e <<= f; g = h << ~i;",
          "a = -b + *c + (u64 *)d; e <<= f; g = h << ~i;",
          "a = -b + *c - (u64 *)d; e >>= f; g = h << ~i;",
          "a = -b + *c - (u64 *)d; e <<= f; g = h >> ~i;",
          "a = -b + *c - (u64 *)d; e <<= f; g = h << i;",
        ]
      ),
      (
        "constant", "a = 0x10; b = true; c = 0;",
        [
          "a = 0; b = true; c = 0;", "a = (0x10 + 1); b = true; c = 0;",
          "a = (0x10 - 1); b = true; c = 0;", "a = 0x10; b = false; c = 0;",
          "a = 0x10; b = true; c = (0 + 1);", "a = 0x10; b = true; c = (0 - 1);",
        ]
      ),
      (
        "name", "a = max_pfn; b->max_pfn = __va(c);",
        [
          "a = max_low_pfn; b->max_pfn = __va(c);", "a = max_pfn; b->max_pfn = __pa(c);",
        ]
      ),
      ("swap", "a(1, x + y, x);", ["a(x + y, 1, x);", "a(1, x, x + y);"]),
      (
        "argument", "int x; a(x, \"s\");",
        [
          "int x; a(0, \"s\");", "int x; a(start, \"s\");", "int x; a(end, \"s\");",
          "int x; a(altmap, \"s\");",
        ]
      ),
      (
        "result", "return a;",
        ["return 0;", "return 1;", "return !(a);", "return -(a);"]
      ),
      (
        "order", "int a; b(); if (c) d(); return;",
        ["int a; if (c) d(); b(); return;"]
      ),
    ])
  func places(operation: String, body: String, expected: [String]) throws {
    let mutants = try Subject.mutants(body)
    let found = mutants.filter { $0.key.hasPrefix("\(operation)/") }.values.sorted()
    // A mutant that another kind of mistake makes, too, belongs to that kind.
    let others = Set(mutants.filter { !$0.key.hasPrefix("\(operation)/") }.values)
    #expect(found == expected.filter { !others.contains($0) }.sorted())
    #expect(!found.isEmpty)
    #expect(Set(expected).isSubset(of: Set(mutants.values)))
  }

  @Test("A name is replaced by those of other levels and quantities")
  func twins() throws {
    let found = try Subject.mutants("a = PMD_SIZE; pmdp_get(b); c = pud_index(start);")
    let names = Set(
      found.keys.filter { $0.hasPrefix("name/") }.compactMap { $0.split(separator: "/").last })
    #expect(
      names == [
        "PAGE_SIZE", "PUD_SIZE", "P4D_SIZE", "PGDIR_SIZE", "PMD_SHIFT", "PMD_MASK", "ptep_get",
        "pudp_get", "p4dp_get", "pgdp_get", "pte_index", "pmd_index", "p4d_index", "pgd_index",
      ])
  }

  @Test("Declarations, labels, types and unread code stay unchanged")
  func untouched() throws {
    let found = try Subject.mutants("struct page *p; out: ;\n#if 0\na(1);\n#endif\n")
    #expect(found.isEmpty, "\(found)")
  }
}
