// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Machine
@testable import Subjects

/// What decides the behaviour of calls, in objects that compilers make of the reference and of edits of it.
@Suite("The code that calls can run", .timeLimit(.minutes(10)))
struct RunnableCodeTests {
  private typealias Reached = [KernelFunction: [UInt8]]

  private static let stubs = Repository.url("CKernelShim/stubs").path
  private static let opening =
    "static uintptr_t __meminit best_map_size(phys_addr_t pa, uintptr_t va, phys_addr_t size)\n{\n"

  /// The reference with a piece of text in place of another one that stands in it once.
  private static func edited(_ old: String, _ new: String) throws -> String {
    let text = try Repository.text("CKernelShim/subject/reference.inc")
    try #require(text.ranges(of: old).count == 1, "\(old)")
    return text.replacing(old, with: new)
  }

  /// The reference with declarations before `best_map_size`, and statements at its beginning.
  private static func mapSize(
    behind declarations: String, _ statements: String
  ) throws -> String {
    try edited(opening, "\(declarations)\n\(opening)\(statements)\n")
  }

  /// The bytes of the object file that a text's shared object is linked from.
  private static func object(_ text: String, _ compiler: String) async throws -> [UInt8] {
    let folder = try PrivateFolder()
    let subject = SubjectText(kind: "file", origin: "init.c", files: [source(text)])
    let extraction = try Extraction.extract(from: subject, stubs: stubs)
    let path = try await SubjectCompiler(stubs: stubs, compiler: compiler)
      .compile(extraction, indexBits: 1, into: folder.path, keepsObject: true)
    let object = try #require(
      FileManager.default.contents(atPath: SubjectCompiler.object(of: path)))
    withExtendedLifetime(folder) {}
    return Array(object)
  }

  /// What calls of each function of the surface reach; nil if the object is not plain.
  private static func reached(_ text: String, _ compiler: String) async throws -> Reached? {
    guard let code = RunnableCode(try await object(text, compiler)) else { return nil }
    return Dictionary(
      uniqueKeysWithValues: KernelFunction.allCases.map { ($0, code.reached(from: [$0])) })
  }

  private static func reference(_ compiler: String) async throws -> Reached {
    let text = try Repository.text("CKernelShim/subject/reference.inc")
    return try #require(try await reached(text, compiler))
  }

  /// The functions for which two texts differ.
  private static func changed(_ one: Reached, _ other: Reached) -> Set<KernelFunction> {
    Set(KernelFunction.allCases.filter { one[$0] != other[$0] })
  }

  @Test("changes with a function for those that reach it alone", arguments: ["clang", "gcc"])
  func function(compiler: String) async throws {
    let before = try await Self.reference(compiler)
    let text = try Self.edited("if (debug_pagealloc_enabled())", "if (!debug_pagealloc_enabled())")
    let after = try #require(try await Self.reached(text, compiler))
    #expect(
      Self.changed(before, after) == [.bestMapSize, .createLinearMappingRange, .archAddMemory])
  }

  @Test("does not change with a comment", arguments: ["clang", "gcc"])
  func comment(compiler: String) async throws {
    let before = try await Self.reference(compiler)
    let text = try Self.mapSize(behind: "/* One more\n\n comment */", "\t/* here */")
    let after = try #require(try await Self.reached(text, compiler))
    #expect(Self.changed(before, after).isEmpty)
  }

  @Test(
    "changes for all functions with any data, and with what data lead to",
    arguments: ["clang", "gcc"])
  func data(compiler: String) async throws {
    let use = "\tif (hook(pa) == 7)\n\t\treturn PAGE_SIZE;"
    func hooked(_ number: Int) throws -> String {
      try Self.mapSize(
        behind: """
          static unsigned long other(unsigned long number)
          {
          \treturn number + \(number);
          }
          static unsigned long (*volatile hook)(unsigned long) = other;
          """, use)
    }
    func tabled(_ number: Int) throws -> String {
      try Self.mapSize(
        behind: "static volatile unsigned long sizes[2] = { 1, \(number) };",
        "\tif (sizes[pa & 1] == size)\n\t\treturn PAGE_SIZE;")
    }
    for variants in [try [1, 2].map(hooked), try [1, 2].map(tabled)] {
      let first = try #require(try await Self.reached(variants[0], compiler))
      let second = try #require(try await Self.reached(variants[1], compiler))
      #expect(Self.changed(first, second) == Set(KernelFunction.allCases))
    }
  }

  @Test(
    "is unknown for an object with more than code and data",
    arguments: ["clang", "gcc"],
    [
      "static __attribute__((constructor)) void more(void) { number++; }",
      "void _init(void) { number++; }\n#define more _init",
      "static __attribute__((section(\"other\"))) volatile int odd; static void more(void) { odd++; }",
    ])
  func notPlain(compiler: String, declaration: String) async throws {
    let text = try Self.mapSize(
      behind: "static volatile int number;\n\(declaration)", "\tif (pa == 12345)\n\t\tmore();")
    #expect(try await Self.reached(text, compiler) == nil)
  }

  @Test("comes from the object of the same shared object", arguments: ["clang", "gcc"])
  func sameObject(compiler: String) async throws {
    let text = try Repository.text("CKernelShim/subject/reference.inc")
    let subject = SubjectText(kind: "file", origin: "init.c", files: [source(text)])
    let extraction = try Extraction.extract(from: subject, stubs: Self.stubs)
    let folder = try PrivateFolder()
    var objects: [Data?] = []
    for keeps in [false, true] {
      let path = try await SubjectCompiler(stubs: Self.stubs, compiler: compiler)
        .compile(extraction, indexBits: 2, into: folder.path, keepsObject: keeps)
      objects.append(FileManager.default.contents(atPath: path))
    }
    #expect(objects[0] != nil && objects[0] == objects[1])
    withExtendedLifetime(folder) {}
  }

  @Test("A truncated or damaged object is refused or read, without a crash")
  func damaged() async throws {
    let text = try Repository.text("CKernelShim/subject/reference.inc")
    let bytes = try await Self.object(text, "clang")
    for place in stride(from: 0, to: bytes.count, by: 211) {
      _ = RunnableCode(Array(bytes.prefix(place)))?.reached(from: [.vmemmapFree])
      var changed = bytes
      changed[place] ^= 0xff
      _ = RunnableCode(changed)?.reached(from: [.vmemmapFree])
    }
  }
}
