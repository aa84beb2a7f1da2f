// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import MachineModel
import Subjects
import Testing

@Suite struct KernelTreeTests {
  static let tree = ProcessInfo.processInfo.environment["MHPCHECK_KERNEL_TREE"]

  @Test(
    "a kernel's own init.c gives all functions of the surface, and quickly",
    .enabled(if: tree != nil, "MHPCHECK_KERNEL_TREE names no kernel tree"))
  func realText() throws {
    let path = "arch/riscv/mm/init.c"
    let text = try String(contentsOfFile: "\(try #require(Self.tree))/\(path)", encoding: .utf8)
    let file = source(text, name: path)
    let started = ContinuousClock.now
    let extraction = try extract(file)
    let elapsed = ContinuousClock.now - started
    #expect(Set(extraction.functions.keys) == Set(SurfaceFunction.allCases))
    #expect(elapsed < .milliseconds(500))
    for (function, origin) in extraction.functions {
      let line = file.lines[(origin.firstLine - 1)...(origin.lastLine - 1)].map(\.text)
      #expect(line.joined().contains("\(function.name)("), "\(function.name) at \(origin)")
      #expect(line.last == "}", "\(function.name) ends at \(origin.lastLine)")
    }
  }
}
