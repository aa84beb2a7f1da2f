// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Machine
@testable import Subjects

@Suite struct KernelTreeTests {
  static let tree = ProcessInfo.processInfo.environment["MHPCHECK_KERNEL_TREE"]

  /// The harness's own stub headers.
  static let stubs = Repository.url("CKernelShim/stubs").path

  @Test(
    "a kernel's own init.c compiles against the stub headers",
    .enabled(if: tree != nil, "MHPCHECK_KERNEL_TREE names no kernel tree"),
    arguments: ["clang", "gcc"], [1, 2, 9])
  func compiles(compiler: String, indexBits: Int) async throws {
    let path = "arch/riscv/mm/init.c"
    let text = try String(contentsOfFile: "\(try #require(Self.tree))/\(path)", encoding: .utf8)
    let folder = try PrivateFolder()
    let subject = SubjectText(kind: "file", origin: path, files: [source(text, name: path)])
    let extraction = try Extraction.extract(from: subject, stubs: Self.stubs)
    let object = try await SubjectCompiler(stubs: Self.stubs, compiler: compiler)
      .compile(extraction, indexBits: indexBits, into: folder.path)
    let bytes = try #require(FileManager.default.contents(atPath: object))
    #expect(String(decoding: bytes, as: Unicode.ASCII.self).contains("mhp_subject"))
  }

  @Test(
    "a kernel's own init.c gives all functions of the surface in bounded time",
    .enabled(if: tree != nil, "MHPCHECK_KERNEL_TREE names no kernel tree"))
  func realText() throws {
    let path = "arch/riscv/mm/init.c"
    let text = try String(contentsOfFile: "\(try #require(Self.tree))/\(path)", encoding: .utf8)
    let file = source(text, name: path)
    let started = ContinuousClock.now
    let extraction = try extract(file)
    let elapsed = ContinuousClock.now - started
    let own = Set(KernelFunction.allCases.filter { !$0.isOfGenericCode })
    #expect(Set(extraction.functions.keys) == own)
    #expect(elapsed < .seconds(5))
    for (function, origin) in extraction.functions {
      let line = file.lines[(origin.firstLine - 1)...(origin.lastLine - 1)].map(\.text)
      #expect(line.joined().contains("\(function.name)("), "\(function.name) at \(origin)")
      #expect(line.last == "}", "\(function.name) ends at \(origin.lastLine)")
    }
  }
}
