// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The expectations of the generic memory-hotplug code on the functions that it calls.
extension JudgedCall {
  /// The violations in the results and counters of a call that returned.
  func entryPointViolations(_ replay: StepReplay) -> [Violation] {
    switch function {
    case .archGetMappableRange: mappableRangeViolations + counterViolations
    case .archAddMemory, .archRemoveMemory: coreViolations(replay) + counterViolations
    default: counterViolations
    }
  }

  private var mappableRangeViolations: [Violation] {
    // The harness chooses the addresses of small machines, so they show nothing about a kernel.
    guard layout.indexBits == Architecture.riscv.indexBits, let returned else { return [] }
    let first = layout.physical(ofVirtual: layout.pageOffset)
    let window = min(layout.pageEnd, layout.pageOffset &+ layout.kernVirtSize)
    let last = window &- 1 &- layout.linearOffset
    if returned.b != first {
      return [
        violation(.mappableRange, .number("the first address", expected: first, actual: returned.b))
      ]
    }
    guard returned.c != last else { return [] }
    return [
      violation(.mappableRange, .number("the last address", expected: last, actual: returned.c))
    ]
  }

  private var counterViolations: [Violation] {
    // Memory ends at the last page of the added range, or where it ended before.
    func check(_ name: String, _ before: UInt64, _ after: UInt64) -> Violation? {
      let expected = hasAdded ? max(before, addedEnd) : before
      guard after != expected else { return nil }
      return violation(.maxPFN, .number(name, expected: expected, actual: after))
    }
    return [
      check("max_pfn", before.maxPFN, after.maxPFN)
        ?? check("max_low_pfn", before.maxLowPFN, after.maxLowPFN)
    ].compactMap { $0 }
  }

  private func coreViolations(_ replay: StepReplay) -> [Violation] {
    let isAdd = function == .archAddMemory
    let kind = isAdd ? EventKind.addPages : .removePages
    let calls = events.enumerated().filter { $0.element.kind == kind.rawValue }
    let name = isAdd ? "__add_pages" : "__remove_pages"
    // Without a linear map, nothing is added.
    if calls.isEmpty, handsUpNoMemory { return [] }
    guard let (time, call) = calls.first, calls.count == 1 else {
      return [violation(.coreCall, .call("\(name) is called \(calls.count) times"))]
    }
    var wrong: [String] = []
    if call.a != operation.start >> AddressLayout.pageShift { wrong.append("first page") }
    if call.b != operation.end >> AddressLayout.pageShift { wrong.append("number of pages") }
    if UInt32(truncatingIfNeeded: call.d) != operation.altmap { wrong.append("altmap") }
    // The call passes the pgmap on, or the kernel's signature has none.
    if call.d >> 32 != 0, call.d >> 32 != UInt64(operation.pgmap) { wrong.append("pgmap") }
    if isAdd {
      if call.detail != UInt32(bitPattern: operation.node) { wrong.append("node") }
      if call.c != operation.protection { wrong.append("protection") }
    }
    if !wrong.isEmpty {
      let what = wrong.list
      return [violation(.coreCall, .call("\(name) is called with a wrong \(what)"))]
    }
    return orderViolations(isAdd: isAdd, callAt: time, replay)
  }

  private func orderViolations(isAdd: Bool, callAt time: Int, _ replay: StepReplay) -> [Violation] {
    // A live core allocates the memory of the memmap.
    if isAdd, !image.hasLiveCore, replay.lastAllocation > time {
      return [violation(.coreCall, .call("__add_pages is called before the range is mapped"))]
    }
    if replay.clearTimes.values.contains(where: { $0 < time }) {
      return [
        violation(
          .coreCall,
          .call(
            isAdd
              ? "a mapping is removed before __add_pages fails"
              : "the linear map is removed before __remove_pages"))
      ]
    }
    guard isAdd, let returned else { return [] }
    if image.hasLiveCore, image.addPagesResult == 0 { return liveResultViolations(returned) }
    let result = UInt64(bitPattern: Int64(image.addPagesResult))
    guard returned.b != result else { return [] }
    return [
      violation(
        .coreCall, .number("the result of __add_pages", expected: result, actual: returned.b))
    ]
  }

  /// The sections show the result of a live core: the whole range was added, or the add failed.
  private func liveResultViolations(_ returned: Event) -> [Violation] {
    let range = operation.start >> AddressLayout.pageShift
    let end = range &+ operation.end >> AddressLayout.pageShift
    func present(_ pfn: UInt64, _ sections: [SectionState]) -> Bool {
      let bit = SectionState.bits(
        pfn: pfn & ~(SectionState.subsectionPages - 1), pages: SectionState.subsectionPages)
      return sections.contains {
        $0.number == pfn >> SectionState.pagesShift && $0.subsections & bit != 0
      }
    }
    let pfns = stride(from: range, to: end, by: Int(SectionState.subsectionPages))
    let hasCome = pfns.allSatisfy { present($0, after.sections) && !present($0, before.sections) }
    guard hasCome != (returned.b == 0) else { return [] }
    let what = hasCome ? "added the memory" : "did not add the memory"
    return [
      violation(
        .coreCall,
        .call("__add_pages \(what), but the call returns \(Int64(bitPattern: returned.b))"))
    ]
  }
}
