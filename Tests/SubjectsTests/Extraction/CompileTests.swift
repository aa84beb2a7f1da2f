// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Machine
@testable import Subjects

@Suite struct CompileTests {
  static let vmemmapFree = """
    void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
    {
    \tflush_tlb_all();
    }
    """

  /// Compiles a file with the tiny stubs; returns the size of the shared object in bytes, or the error.
  static func compile(
    _ text: String, compiler: String? = nil, defines: [String] = [], undefines: [String] = [],
    searchPath: [String]? = nil
  ) async throws -> Result<Int, Failure> {
    let folder = try PrivateFolder()
    let stubs = try TinyStubs.write(to: folder)
    let subject = SubjectText(kind: "file", origin: "init.c", files: [source(text)])
    let extraction = try Extraction.extract(from: subject, stubs: stubs)
    let subjectCompiler = SubjectCompiler(
      stubs: stubs, compiler: compiler, defines: defines, undefines: undefines,
      searchPath: searchPath)
    do throws(Failure) {
      let path = try await subjectCompiler.compile(extraction, indexBits: 9, into: folder.path)
      return .success(FileManager.default.contents(atPath: path)?.count ?? 0)
    } catch {
      return .failure(error)
    }
  }

  static func error(_ result: Result<Int, Failure>) throws -> Failure {
    switch result {
    case .success: throw Failure(.unreadable, "it compiled")
    case .failure(let error): return error
    }
  }

  @Test("a subject becomes a shared object", arguments: ["clang", "gcc"])
  func compiles(compiler: String) async throws {
    let size = try await Self.compile(Self.vmemmapFree, compiler: compiler).get()
    #expect(size > 0)
  }

  @Test(
    "an unknown name gives file, line, function and advice",
    arguments: ["clang", "gcc"],
    [
      ("frobnicate(start);", "frobnicate"), ("start = UNKNOWN_LIMIT;", "UNKNOWN_LIMIT"),
      ("unknown_t x;", "unknown_t"),
    ])
  func unknownName(compiler: String, use: (line: String, name: String)) async throws {
    let text = """
      /* first line */
      void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      {
      \t\(use.line)
      }
      """
    let error = try Self.error(await Self.compile(text, compiler: compiler))
    #expect(error.message.hasPrefix("init.c:4: "), "\(error)")
    #expect(error.message.hasSuffix("(in vmemmap_free)"), "\(error)")
    #expect(
      error.advice?.contains("stub headers define \(use.name)")
        == true, "\(error)")
  }

  @Test("a function that is declared but defined nowhere is an error", arguments: ["clang", "gcc"])
  func undefined(compiler: String) async throws {
    let text = """
      void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      {
      \textern int system(const char *);
      \tsystem("true");
      }
      """
    let error = try Self.error(await Self.compile(text, compiler: compiler))
    #expect(error.message.contains("'system'"), "\(error)")
    #expect(error.advice?.contains("stub headers define system") == true, "\(error)")
  }

  @Test("copies and fills of structures need no library", arguments: ["clang", "gcc"])
  func memory(compiler: String) async throws {
    let text = """
      struct big { unsigned long words[512]; };
      static struct big saved;
      void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      {
      \tstruct big *from = (struct big *)start;
      \tsaved = *from;
      \t*from = (struct big){};
      }
      """
    _ = try await Self.compile(text, compiler: compiler).get()
  }

  @Test("assembly that is pasted together does not reach the assembler")
  func pastedAssembly() async throws {
    let text = """
      #define PASTE(a, b) a##b
      void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      {
      \tPASTE(__as, m__)(".incbin \\"/dev/null\\"");
      }
      """
    let error = try Self.error(await Self.compile(text))
    #expect(error.message.contains("mhp_inline_assembly_is_refused"), "\(error)")
  }

  @Test("the configuration can be overridden")
  func configuration() async throws {
    let text = """
      #ifdef CONFIG_MEMORY_HOTPLUG
      #if CONFIG_ODD != 3
      #error odd
      #endif
      #else
      #error off
      #endif
      """
    let body = Self.vmemmapFree.replacing("{", with: "{\n" + text, maxReplacements: 1)
    _ = try await Self.compile(body, defines: ["CONFIG_ODD=3"]).get()
    let odd = try Self.error(await Self.compile(body))
    #expect(odd.message == "init.c:5: odd (in vmemmap_free)", "\(odd)")
    let off = try Self.error(await Self.compile(body, undefines: ["CONFIG_MEMORY_HOTPLUG"]))
    #expect(off.message == "init.c:8: off (in vmemmap_free)", "\(off)")
  }

  @Test("without a compiler the error says what to install")
  func noCompiler() async throws {
    let error = try Self.error(
      await Self.compile(Self.vmemmapFree, searchPath: ["/nonexistent"]))
    #expect(error.message == "no C compiler found")
    #expect(error.advice?.contains("apt-get install clang") == true)
  }

  @Test("a compiler that does not return is stopped")
  func timeout() async throws {
    let folder = try PrivateFolder()
    let stubs = try TinyStubs.write(to: folder)
    try folder.write("#!/bin/sh\nexec sleep 60\n", to: "slow")
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: folder.path + "/slow")
    let subject = SubjectText(kind: "file", origin: "init.c", files: [source(Self.vmemmapFree)])
    let extraction = try Extraction.extract(from: subject, stubs: stubs)
    let compiler = SubjectCompiler(
      stubs: stubs, compiler: folder.path + "/slow", limit: .seconds(1))
    do throws(Failure) {
      _ = try await compiler.compile(extraction, indexBits: 9, into: folder.path)
      Issue.record("it compiled")
    } catch {
      #expect(error.message == "slow did not finish within 1 s")
    }
  }

  @Test("the digest covers only the extracted text")
  func digest() async throws {
    let first = try extract(source(Self.vmemmapFree))
    let moved = try extract(source("\n\n" + Self.vmemmapFree, name: "other.c"))
    let changed = try extract(source(Self.vmemmapFree.replacing("altmap)", with: "map)")))
    #expect(try await first.sha256().count == 64)
    #expect(try await first.sha256() == moved.sha256())
    #expect(try await first.sha256() != changed.sha256())
  }
}
