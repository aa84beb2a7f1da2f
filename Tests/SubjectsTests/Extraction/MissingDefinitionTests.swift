// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Subjects

@Suite("The missing definitions of a subject") struct MissingDefinitionTests {
  /// A function with the body of a test.
  private func text(_ body: String, attribute: String = "") -> String {
    """
    void \(attribute) vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    {
    \(body)
    }
    """
  }

  private func advice(_ text: String, compiler: String) async throws -> String {
    let error = try CompileTests.error(try await CompileTests.compile(text, compiler: compiler))
    return try #require(error.advice)
  }

  /// The options that an advice contains.
  private func defines(in advice: String) -> [String] {
    advice.split(separator: "'").enumerated().filter { $0.offset % 2 == 1 }.map {
      String($0.element)
    }
  }

  @Test(
    "are all named at once, with options that make it compile", arguments: ["clang", "gcc"])
  func allAtOnce(compiler: String) async throws {
    let text = text(
      """
      \ttrace_hotplug(start, end);
      \tif (vendor_policy(start) > VENDOR_LIMIT)
      \t\tstart = vendor_next(start);
      \tvendor_t seen = start;
      \tVENDOR_NOTE(seen);
      """, attribute: "__vendor_section __vendor_marks(1, 2)")
    let advice = try await advice(text, compiler: compiler)
    for name in [
      "trace_hotplug", "vendor_policy", "VENDOR_LIMIT", "vendor_next", "vendor_t", "VENDOR_NOTE",
      "__vendor_section", "__vendor_marks",
    ] {
      #expect(advice.contains(name), "\(name) in \(advice)")
    }
    let options = defines(in: advice)
    #expect(options.contains("__vendor_marks(...)="), "\(options)")
    _ = try await CompileTests.compile(text, compiler: compiler, defines: options).get()
  }

  @Test("are not suggested for a mistake that no definition mends", arguments: ["clang", "gcc"])
  func noDefinition(compiler: String) async throws {
    let error = try CompileTests.error(
      try await CompileTests.compile(text("\tstart = ;"), compiler: compiler))
    #expect(error.advice?.contains("-D '") != true, "\(error)")
  }

  @Test("can come from another file")
  func including() async throws {
    let folder = try PrivateFolder()
    let stubs = try TinyStubs.write(to: folder)
    try folder.write(
      "#define VENDOR_LIMIT 4\nstatic inline int vendor_policy(u64 x) { return 1; }\n", to: "v.h")
    let subject = SubjectText(
      kind: "file", origin: "init.c",
      files: [source(text("\tif (vendor_policy(start) > VENDOR_LIMIT)\n\t\tflush_tlb_all();"))])
    let extraction = try Extraction.extract(
      from: try subject.including(["\(folder.path)/v.h"]), stubs: stubs)
    #expect(extraction.pulled == ["VENDOR_LIMIT", "vendor_policy"])
    _ = try await SubjectCompiler(stubs: stubs).compile(extraction, indexBits: 9, into: folder.path)
  }

  @Test(
    "do not include a parameter's type that the subject defines itself",
    arguments: ["clang", "gcc"])
  func renamedType(compiler: String) async throws {
    let text = """
      typedef unsigned long __ptraddr_t;
      void vmemmap_free(__ptraddr_t start, __ptraddr_t end, struct vmem_altmap *altmap)
      {
      \tflush_tlb_all();
      }
      """
    _ = try await CompileTests.compile(text, compiler: compiler).get()
  }
}
