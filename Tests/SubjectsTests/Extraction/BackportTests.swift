// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Subjects

/// Texts in the form of vendors' kernels and of hostile files.
@Suite struct BackportTests {
  private static let long = "void vmemmap_free(u64 start, u64 end, struct vmem_altmap *altmap)"
  private static let short = "void vmemmap_free(u64 start, u64 end)"
  private static let longCall = "vmemmap_free(MHP_START(op), MHP_END(op), MHP_ALTMAP(op))"
  private static let shortCall = "vmemmap_free(MHP_START(op), MHP_END(op))"

  @Test(
    "each of several headers over one body has its own call",
    arguments: [
      "#ifdef A\n\(long)\n#else\n\(short)\n#endif\n{ }",
      "#ifdef A\n\(long) {\n#else\n\(short) {\n#endif\n }",
      "void vmemmap_free(u64 start, u64 end\n#ifdef A\n, struct vmem_altmap *a\n#endif\n)\n{ }",
    ])
  func headers(text: String) throws {
    let unit = try extract(source(text)).unit
    let glue = try #require(unit.firstRange(of: "#line 1 \"mhpcheck-glue\"\n#ifdef A\n"))
    let call =
      "#define MHP_HAVE_vmemmap_free 1\n"
      + "static __typeof__(vmemmap_free) *const mhp_entry_vmemmap_free = vmemmap_free;\n"
      + "#define MHP_CALL_vmemmap_free(op) mhp_entry_"
    #expect(
      unit[glue.upperBound...].hasPrefix(
        "\(call)\(Self.longCall)\n#else\n\(call)\(Self.shortCall)\n#endif\n"))
  }

  @Test(
    "a definition by a macro like DEFINE_MUTEX is extracted",
    arguments: [
      "static DEFINE_MUTEX(used);", "DEFINE_SPINLOCK(used);", "static LIST_HEAD(used);",
      "static DEFINE_PER_CPU(u64, used);", "static DECLARE_BITMAP(used, 64);",
    ])
  func definingMacros(line: String) throws {
    let extraction = try extract(
      source("#define UNUSED 1\n\(line)\n\(Self.short) { use(&used); }"))
    #expect(extraction.pulled.contains("used"), "\(line)")
    #expect(extraction.extractedText.contains(line))
  }

  @Test("lines that register something are left out, with or without a semicolon")
  func registrations() throws {
    let extraction = try extract(
      source(
        """
        module_param(debug, bool, 0644);
        early_param("debug", setup)
        EXPORT_SYMBOL_GPL(vmemmap_free);
        ALLOW_ERROR_INJECTION(vmemmap_free, ERRNO);
        \(Self.short) { }
        """))
    #expect(extraction.extractedText == "\(Self.short) { }\n")
  }

  @Test(
    "text with too many branches, definitions or levels is refused",
    arguments: [
      ("#if A\n" + String(repeating: "#elif B\n", count: 1001) + "#endif\n", "branches"),
      (
        (0..<5000).map { "static void f\($0)(void) { f\($0 + 1)(); }\n" }.joined()
          + "\(short) { f0(); }\n", "definitions"
      ),
      (String(repeating: "#if A\n", count: 201), "nested deeper"),
      ("int x = " + String(repeating: "(", count: 600_000), "no end"),
    ])
  func bounds(text: String, reason: String) throws {
    let error = try #require(failure { try extract(source(text)) })
    #expect(error.message.contains(reason), "\(error.message)")
  }

  @Test("apostrophes and quotes in dead text, and braces in strings, change nothing")
  func quotes() throws {
    let extraction = try extract(
      source(
        """
        #if 0
        it isn't "so { { (
        #endif
        \(Self.short)
        {
        \tint a = '"' + '\\\\' + '\\'' + '{';
        \tconst char *s = "/* \\" // {" "\\\\";
        #if 0
        \twon't } }
        #endif
        }
        """))
    #expect(extraction.functions.count == 1)
  }
}
