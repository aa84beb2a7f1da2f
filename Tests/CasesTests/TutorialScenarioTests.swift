// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port

// The lines between the marks also appear in Sources/Engine/Documentation.docc/AddAScenario.md.
private func addTutorial(to maker: inout CatalogueBuilder) {
  // tutorial: begin
  maker.add(
    "tutorial/second-leaf-behind-a-hole",
    "A leaf behind a hole is removed, and the leaf before the hole stays."
  ) {
    let start = $0.address(.linear)
    $0.map(.linear, .pmd, at: start)
    $0.map(.linear, .pmd, at: start + 2 * $0.bytes(.pmd))
    $0.remove(.linear, from: start + 2 * $0.bytes(.pmd), bytes: $0.bytes(.pmd))
  }
  // tutorial: end
}

@Suite("The tutorial")
struct TutorialScenarioTests {
  @Test(
    "has a scenario that removes one leaf and keeps another, in each mode",
    arguments: Architecture.riscv.modes)
  func scenario(mode: PagingMode) throws {
    var maker = CatalogueBuilder(mode: mode)
    addTutorial(to: &maker)
    let image = try #require(maker.scenarios.first).lowered()
    let observation = HotplugPort(fixes: .latest).observe(image)
    func leaves(_ tables: [[UInt64]]) -> Int {
      PageTableWalk(tables, layout: image.layout).entries.count { $0.kind == .leaf }
    }
    #expect(leaves(observation.tables) == 1)
    #expect(observation.ending.kind == EndingKind.finished.rawValue)
  }

  @Test("shows the same lines that this file compiles") func article() throws {
    let article = try Repository.text("Sources/Engine/Documentation.docc/AddAScenario.md")
    let code = try String(contentsOfFile: #filePath, encoding: .utf8)
    let compiled = try #require(
      code.firstMatch(of: /\/\/ tutorial: begin\n([\s\S]*?)\n *\/\/ tutorial: end/))
    // The formatter indents the lines in this file.
    let lines = compiled.output.1.split(separator: "\n").map {
      $0.hasPrefix("  ") ? $0.dropFirst(2) : $0
    }
    #expect(article.contains("```swift\n\(lines.joined(separator: "\n"))\n```\n"))
  }
}
