// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Engine
@testable import Machine
@testable import Port

@Suite("A difference is attributed to")
struct AttributionTests {
  private func innermost(_ findings: [CaseFinding], mode: String = "sv39") -> KernelFunction {
    Attribution(findings: findings, reference: .latest).innermost(
      below: .vmemmapFree, mode: mode, signature: SampleFindings.clear.signature)
  }

  @Test("the function itself if none below it shows the difference") func itself() {
    #expect(innermost([SampleFindings.finding(0, [.vmemmapFree], agreesWith: [])]) == .vmemmapFree)
  }

  @Test("the innermost function that shows the same kind") func inner() {
    let findings = [KernelFunction.vmemmapFree, .removePudMapping, .removePteMapping].map {
      SampleFindings.finding(0, [$0], agreesWith: [])
    }
    #expect(innermost(findings) == .removePteMapping)
  }

  @Test("no function that shows another kind, or shows it in another mode") func others() {
    #expect(
      innermost([
        SampleFindings.finding(
          0, [.removePteMapping], agreesWith: [], difference: SampleFindings.flush),
        SampleFindings.finding(1, [.removePmdMapping], mode: "sv48", agreesWith: []),
      ]) == .vmemmapFree)
  }

  @Test("the call where the sides diverge, or the last call if only the end differs")
  func sequence() {
    let calls: [KernelFunction] = [.archAddMemory, .archRemoveMemory]
    let first = SampleFindings.finding(0, calls, agreesWith: [], operation: 0)
    #expect(first.differingFunction(from: .latest) == .archAddMemory)
    let end = SampleFindings.finding(0, calls, agreesWith: [], operation: nil)
    #expect(end.differingFunction(from: .latest) == .archRemoveMemory)
    let none = SampleFindings.finding(0, [], agreesWith: [], operation: nil)
    #expect(none.differingFunction(from: .latest) == nil)
  }

  @Test("the call that shows the same alone, if only the end of a sequence differs")
  func end() {
    let calls: [KernelFunction] = [.archAddMemory, .archRemoveMemory]
    let sequence = SampleFindings.finding(0, calls, agreesWith: [], operation: nil)
    func called(_ others: [CaseFinding]) -> KernelFunction? {
      Attribution(findings: [sequence] + others, reference: .latest).called(in: sequence)
    }
    let add = SampleFindings.finding(1, [.archAddMemory], agreesWith: [])
    #expect(called([]) == .archRemoveMemory)
    #expect(called([add]) == .archAddMemory)
    #expect(
      called([add, SampleFindings.finding(2, [.archRemoveMemory], agreesWith: [])])
        == .archRemoveMemory)
    // A case with another kind of difference does not count.
    #expect(
      called([
        SampleFindings.finding(
          1, [.archAddMemory], agreesWith: [], difference: SampleFindings.flush)
      ])
        == .archRemoveMemory)
  }
}
