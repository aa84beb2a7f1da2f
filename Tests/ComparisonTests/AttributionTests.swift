// SPDX-License-Identifier: GPL-2.0-only

import HotplugPort
import MachineModel
import Testing

@testable import Comparison

@Suite("A difference is put down to")
struct AttributionTests {
  private func innermost(_ findings: [CaseFinding], mode: String = "sv39") -> SurfaceFunction {
    Attribution(findings: findings, reference: .latest).innermost(
      below: .vmemmapFree, mode: mode, signature: MadeUp.clear.signature)
  }

  @Test("the function itself when none below shows it") func itself() {
    #expect(innermost([MadeUp.finding(0, [.vmemmapFree], agreesWith: [])]) == .vmemmapFree)
  }

  @Test("the innermost function that shows the same kind") func inner() {
    let findings = [SurfaceFunction.vmemmapFree, .removePudMapping, .removePteMapping].map {
      MadeUp.finding(0, [$0], agreesWith: [])
    }
    #expect(innermost(findings) == .removePteMapping)
  }

  @Test("no function that shows another kind, or shows it in another mode") func others() {
    #expect(
      innermost([
        MadeUp.finding(0, [.removePteMapping], agreesWith: [], difference: MadeUp.flush),
        MadeUp.finding(1, [.removePmdMapping], mode: "sv48", agreesWith: []),
      ]) == .vmemmapFree)
  }

  @Test("the call of a sequence in which the sides part, the last one when only the end differs")
  func sequence() {
    let calls: [SurfaceFunction] = [.archAddMemory, .archRemoveMemory]
    let first = MadeUp.finding(0, calls, agreesWith: [], operation: 0)
    #expect(first.differingFunction(from: .latest) == .archAddMemory)
    let end = MadeUp.finding(0, calls, agreesWith: [], operation: nil)
    #expect(end.differingFunction(from: .latest) == .archRemoveMemory)
  }

  @Test("the call that shows the same by itself, when only the end of a sequence differs")
  func end() {
    let calls: [SurfaceFunction] = [.archAddMemory, .archRemoveMemory]
    let sequence = MadeUp.finding(0, calls, agreesWith: [], operation: nil)
    func called(_ others: [CaseFinding]) -> SurfaceFunction? {
      Attribution(findings: [sequence] + others, reference: .latest).called(in: sequence)
    }
    let add = MadeUp.finding(1, [.archAddMemory], agreesWith: [])
    #expect(called([]) == .archRemoveMemory)
    #expect(called([add]) == .archAddMemory)
    #expect(
      called([add, MadeUp.finding(2, [.archRemoveMemory], agreesWith: [])]) == .archRemoveMemory)
    // Another kind of difference says nothing.
    #expect(
      called([MadeUp.finding(1, [.archAddMemory], agreesWith: [], difference: MadeUp.flush)])
        == .archRemoveMemory)
  }
}
