// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Subprocess
import TestSupport
import Testing

@testable import Subjects

/// A made-up helper of a subject, `int odd(int a, int b)`, as a program that calls it with all pairs of small
/// numbers, without marks and with marks.
struct MarkedProgram {
  /// The return values of the helper, call by call, without marks.
  let plain: String
  /// The same return values with marks.
  let marked: String
  /// The coverage according to the marks.
  let coverage: Coverage
  /// The points that can be reached.
  let map: CoverageMap

  /// The unreached points of the helper, in the words of a report.
  var unreached: [String] {
    coverage.functions.first { $0.function.name == "odd" }?.unreached.map(\.text) ?? ["no odd"]
  }

  /// Compiles and runs a helper with this body, with `above` before it.
  init(_ body: String, above: String = "", compiler: String, defines: [String] = []) async throws {
    let folder = try PrivateFolder()
    let stubs = try Self.stubs(in: folder)
    let text = """
      \(above)
      static int odd(int a, int b)
      {
      \(body)
      }
      void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
      {
      \todd(start, end);
      }
      """
    let subject = SubjectText(kind: "file", origin: "init.c", files: [source(text)])
    let extraction = try Extraction.extract(from: subject, stubs: stubs)
    let tool = SubjectCompiler(stubs: stubs, compiler: compiler, defines: defines)
    let compiled = try await tool.compileMarked(extraction, into: folder.path)
    map = compiled.marked.map
    let options = ["-I", stubs] + defines.map { "-D\($0)" }
    plain = try await Self.run(extraction.unit, compiler, options, folder.path)
    let output = try await Self.run(
      compiled.marked.extraction.unit, compiler, options + ["-DPRINTS_MARKS"], folder.path)
    let parts = output.split(separator: "marks", omittingEmptySubsequences: false)
    marked = String(parts[0])
    var reached = MarkSet(count: map.markCount)
    reached.formUnion(bytes: (parts.last ?? "").utf8.filter { $0 > 32 }.map { $0 - 48 })
    coverage = Coverage(map, reached: reached)
  }

  /// The tiny stubs, with the marks as real subjects have them.
  private static func stubs(in folder: borrowing PrivateFolder) throws -> String {
    let stubs = try TinyStubs.write(to: folder)
    let header = Repository.url("CKernelShim/stubs/mhp/coverage.h")
    try folder.write(
      TinyStubs.prelude + "\n#include <linux/compiler.h>\n", to: "stubs/mhp/prelude.h")
    try folder.write(try String(contentsOf: header, encoding: .utf8), to: "stubs/mhp/coverage.h")
    try folder.write(
      "#define __always_inline inline __attribute__((always_inline))\n"
        + "#define fallthrough __attribute__((fallthrough))\n", to: "stubs/linux/compiler.h")
    try folder.write(
      "typedef unsigned char mhp_u8;\n#define MHP_MAX_MARKS 65536\n", to: "stubs/linux/types.h")
    return stubs
  }

  private static func run(
    _ unit: String, _ compiler: String, _ options: [String], _ folder: String
  ) async throws -> String {
    let main = """
      int printf(const char *, ...);
      int main(void)
      {
        for (int a = -3; a < 6; a++)
          for (int b = -3; b < 6; b++)
            printf("%d ", odd(a, b));
      #ifdef PRINTS_MARKS
        printf("marks");
        for (int i = 0; i < MHP_MARKS; i++)
          printf("%d", mhp_marks[i]);
      #endif
        return 0;
      }
      """
    let program = "\(folder)/program"
    let built = try await Subprocess.run(
      .name(compiler),
      arguments: Arguments(
        ["-x", "c", "-std=gnu11", "-O1", "-w", "-o", program] + options + ["-"]),
      input: .string("\(unit)\n\(main)\n"), output: .discarded, error: .string(limit: 1 << 16))
    try #require(built.terminationStatus.isSuccess, "\(built.standardError)")
    return try await Subprocess.run(
      .path(.init(program)), output: .string(limit: 1 << 20), error: .discarded
    ).standardOutput
  }
}
