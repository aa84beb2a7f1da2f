// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Subjects

@Suite struct ExtractionTests {
  static let signature = """
    void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    """

  @Test(
    "a definition is found whatever its formatting",
    arguments: [
      "void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *a)\n{\n}",
      "void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *a) { ; }",
      "void\nvmemmap_free(unsigned long start,\n unsigned long end,\n struct vmem_altmap *a)\n{ }",
      "void __ref vmemmap_free(unsigned long start, unsigned long end) __attribute__((cold)) { }",
      "__attribute__((cold)) void vmemmap_free(unsigned long start, unsigned long end) { }",
      "void (vmemmap_free)(unsigned long start, unsigned long end) { }",
      "void vmemmap_free(u64 start, /* { */ u64 end) // {\n{ }",
      "void vmemmap_free(u64 start, u64 end) { const char *s = \"}{\"; char c = '}'; }",
      "void vmemmap_free(u64 start, u64 end) <% %>",
      "void vmemmap_\\\nfree(u64 start, u64 end)\\\n{ }",
      "void vmemmap_free(u64 start, u64 end)\r\n{\r\n\tflush_tlb_all(); \\\r\n}\r",
      "int x; void vmemmap_free(u64 start, u64 end) { } int y;",
      "module_init(x)\nvoid vmemmap_free(u64 start, u64 end) { }",
    ])
  func formatting(text: String) throws {
    let extraction = try extract(source(text))
    #expect(Array(extraction.functions.keys) == [.vmemmapFree])
    #expect(
      extraction.unit.contains(
        "#define MHP_CALL_vmemmap_free(op) mhp_entry_vmemmap_free(MHP_START(op)"))
  }

  @Test("an origin is the first and last line in the user's file")
  func origin() throws {
    let extraction = try extract(source("\n/* a\n b */\n\(Self.signature)\n{\n}\n", from: 10))
    #expect(
      extraction.functions[.vmemmapFree]
        == FunctionOrigin(displayName: "init.c", firstLine: 13, lastLine: 15))
    #expect(extraction.unit.contains("#line 13 \"init.c\"\nvoid vmemmap_free("))
  }

  @Test("helpers, macros, types and variables are extracted if they are needed, even indirectly")
  func closure() throws {
    let extraction = try extract(
      source(
        """
        #include <linux/mm.h>
        #define SHIFT 3
        #define SCALE(x) \\
        \t((x) << SHIFT)
        #define UNUSED 1
        enum mode { MODE_A, MODE_B = 4 };
        struct counter { unsigned long value; enum mode mode; };
        static struct counter counters[2] = { { 1, MODE_B } };
        static int unrelated(void) { return UNUSED; }
        static unsigned long deep(unsigned long x) { return SCALE(x) + counters[0].value; }
        static void near(unsigned long end) { if (deep(end)) flush_tlb_all(); }
        \(Self.signature)
        {
        \tunsigned long unrelated = start;
        \tnear(unrelated);
        }
        """))
    #expect(
      extraction.pulled
        == [
          "MODE_A", "MODE_B", "SCALE", "SHIFT", "counters", "deep", "near", "struct counter",
          "struct mode",
        ])
    #expect(!extraction.extractedText.contains("int unrelated(void)"))
    #expect(!extraction.extractedText.contains("#include"))
  }

  @Test("a definition in the subject's file takes precedence over the stub headers")
  func subjectWins() throws {
    let extraction = try extract(
      source("void flush_tlb_all(void) { oops(); }\n\(Self.signature) { flush_tlb_all(); }"))
    #expect(extraction.pulled == ["flush_tlb_all"])
    #expect(extraction.unit.contains("oops"))
  }

  @Test("the stub headers take precedence over definitions in the kernel's other files")
  func stubsWin() throws {
    let extraction = try extract(
      source("\(Self.signature) { flush_tlb_all(); }"),
      source("void flush_tlb_all(void) { oops(); }", name: "tlbflush.c"))
    #expect(extraction.pulled.isEmpty)
    #expect(!extraction.unit.contains("oops"))
  }

  @Test("a name comes from the most important file that defines it")
  func files() throws {
    let extraction = try extract(
      source("#define STEP 1\n\(Self.signature) { helper(STEP); }"),
      source("#define STEP 2\nstatic void helper(int x) { }", name: "other.c"))
    #expect(extraction.extractedText.contains("STEP 1"))
    #expect(!extraction.extractedText.contains("STEP 2"))
    #expect(extraction.pulled == ["STEP", "helper"])
  }

  @Test("functions in any order compile", arguments: ["clang", "gcc"])
  func reordered(compiler: String) async throws {
    let text = """
      \(Self.signature) { step(start); leap(end); }
      #ifdef CONFIG_MMU
      static void step(unsigned long x)
      {
      \tleap(x);
      }
      #else
      static void step(unsigned long x) { broken }
      #endif
      static int leap(unsigned long x) { return x > 1; }
      """
    _ = try await CompileTests.compile(text, compiler: compiler).get()
  }

  @Test("definitions under conditions keep their conditions", arguments: [[], ["ODD"]])
  func conditionals(defines: [String]) async throws {
    let text = """
      #ifndef GUARD_H
      #define GUARD_H
      #ifndef twice
      #define twice twice
      static int twice(int x) { return 2 * x; }
      #endif
      #if defined(ODD)
      #if 1
      static int pick(int x) { return twice(x) + 1; }
      #else
      static int pick(int x) { not C at all
      #endif
      #else
      static int pick(int x) { return twice(x); }
      #endif
      #if 0
      \(Self.signature) { { {
      #endif
      #ifdef ODD
      \(Self.signature) { if (pick(3) != 7) undeclared(); }
      #else
      \(Self.signature)
      {
      #ifdef ODD
      \tif (start) {
      #else
      \tif (pick(3) == 6) {
      #endif
      \t\tflush_tlb_all();
      \t}
      }
      #endif
      #endif
      """
    let result = try await CompileTests.compile(text, defines: defines)
    if defines.isEmpty {
      _ = try result.get()
    } else {
      #expect(try CompileTests.error(result).message.contains("undeclared"))
    }
  }

  @Test("a function whose header differs by a condition is taken whole")
  func straddling() async throws {
    let text = """
      #ifdef ODD
      void vmemmap_free(unsigned long start, unsigned long end)
      #else
      \(Self.signature)
      #endif
      {
      \tflush_tlb_all();
      }
      """
    let extraction = try extract(source(text))
    #expect(extraction.functions[.vmemmapFree]?.firstLine == 1)
  }

  @Test(
    "unbalanced text is an error with its line",
    arguments: [
      ("int a;\n/* never\n", "init.c:2: the comment is never closed"),
      ("int a;\nvoid f(void)\n{\n", "init.c:3: this '{' is never closed"),
      ("int a;\n}\n", "init.c:2: this '}' closes nothing"),
      ("int a;\n#ifdef X\n", "init.c:2: this #if has no #endif"),
      ("int a;\n#endif\n", "init.c:2: this #endif has no #if"),
      ("#else\n", "init.c:1: this #else has no #if"),
    ])
  func unbalanced(text: String, message: String) {
    #expect(failure { try extract(source(text)) }?.message == message)
  }

  @Test(
    "text that reads the host's files or needs RISC-V is refused with its line",
    arguments: [
      "#include \"/etc/passwd\"", "#include_next <x.h>", "#import <x.h>", "#embed \"/dev/zero\"",
      "%:include <x.h>", "#inc\\\nlude <x.h>", "#pragma GCC poison x", "# 1 \"/etc/passwd\"",
      "#line 3 \"x.c\"", "asm(\"nop\");", "__asm__ volatile (\"nop\");", "__asm(\"nop\");",
      "_Pragma(\"x\")", "#if __has_include(<stdio.h>)\n#endif",
      "#ifdef X\n#if __has_embed(<stdio.h>)\n#endif\n#endif",
      "#define hidden asm(\"nop\")", "char *s = R\"x(})x\";",
    ])
  func refused(line: String) {
    let error = failure { try extract(source("\(Self.signature)\n{\n\(line)\n}\n")) }
    #expect(error?.message.hasPrefix("init.c:") == true, "\(line): \(String(describing: error))")
    #expect(error?.message.contains("vmemmap_free") == true, "\(String(describing: error))")
    #expect(error?.advice != nil)
  }

  @Test("assembly in a helper is reported with the helper's name, and ignored elsewhere")
  func assembly() throws {
    let helper = "static void fence(void)\n{\n\tasm volatile (\"fence\");\n}\n"
    let error = failure { try extract(source("\(helper)\(Self.signature) { fence(); }")) }
    #expect(
      error?.message
        == "init.c:3: fence contains inline assembly (asm), which cannot run here")
    #expect(try extract(source("\(helper)\(Self.signature) { }")).pulled.isEmpty)
  }

  @Test("a kernel without the surface says what is missing")
  func nothing() {
    let error = failure { try extract(source("int unrelated(void) { return 0; }")) }
    #expect(error?.message.hasPrefix("init.c lacks the surface") == true)
    #expect(error?.advice?.contains("predates memory hotplug") == true)
  }

  @Test("garbage takes bounded time")
  func garbage() {
    let lines = ["((((((((", "#if x", "{ = {} {} {}", "a(b)c(d)", "}}}}", "\"'", "/*", "f(x)\ny"]
    for line in lines {
      let text = String(repeating: line + "\n", count: 20_000)
      let started = ContinuousClock.now
      _ = failure { try extract(source(text)) }
      #expect(ContinuousClock.now - started < .seconds(20), "\(line)")
    }
  }
}
