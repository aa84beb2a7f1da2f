// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import TestSupport
import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

// The lines between the marks also appear in Sources/Engine/Documentation.docc/AddARule.md.
// tutorial: begin
extension JudgedCall {
  /// Whether the TLB is flushed though no entry was cleared and no translation is new.
  func flushesForNothing(_ changes: TranslationChanges) -> Bool {
    let kinds = events.compactMap { EventKind(rawValue: $0.kind) }
    return kinds.contains(.flush) && !kinds.contains(.clear) && changes.new.isEmpty
  }
}
// tutorial: end

@Suite("The tutorial")
struct TutorialRuleTests {
  private func step(_ build: (inout ScenarioBuilder) -> Void) throws -> JudgedCall {
    var builder = ScenarioBuilder(mode: try #require(Architecture.riscv.mode(named: "sv39")))
    build(&builder)
    let image = try builder.build(id: "tutorial/rule", purpose: "One call.").lowered()
    let observation = HotplugPort(fixes: .latest).observe(image)
    return JudgedCall(
      image: image, number: 0, operation: image.operations[0],
      function: try #require(KernelFunction(rawValue: image.operations[0].function)),
      before: MachineState(image), after: MachineState(observation, layout: image.layout),
      events: observation.events[...], ending: nil, allocations: 0)
  }

  private func flushesForNothing(_ step: JudgedCall) -> Bool {
    step.flushesForNothing(step.before.translations.changes(to: step.after.translations))
  }

  @Test("has a rule that distinguishes a necessary flush from an unnecessary one")
  func rule() throws {
    let hole = try step { $0.remove(.linear, from: $0.address(.linear), bytes: 0x20_0000) }
    #expect(flushesForNothing(hole))
    let leaf = try step {
      let start = $0.layout.canonical($0.address(.linear)) & ~0x1f_ffff
      $0.map(.linear, .pmd, at: start)
      $0.remove(.linear, from: start, bytes: 0x20_0000)
    }
    #expect(!flushesForNothing(leaf))
  }

  @Test("shows the same lines that this file compiles") func article() throws {
    let article = try Repository.text("Sources/Engine/Documentation.docc/AddARule.md")
    let code = try String(contentsOfFile: #filePath, encoding: .utf8)
    let compiled = try #require(
      code.firstMatch(of: /\/\/ tutorial: begin\n([\s\S]*?)\/\/ tutorial: end/))
    #expect(article.contains("```swift\n\(compiled.output.1)```\n"))
  }
}
