// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Limits on scenarios with a live core: the linear map must cover the memory, and the sections must be few
/// enough that no call runs long.
struct LiveCoreChecks {
  let scenario: Scenario
  let layout: AddressLayout
  let cost: WalkCost

  private static let sectionBytes = SectionState.pages << AddressLayout.pageShift

  func check() throws(ScenarioError) {
    guard scenario.core == .live else {
      guard scenario.sections.isEmpty else {
        throw ScenarioError("sections", "only a live core has sections")
      }
      return
    }
    guard layout.indexBits == 9 else {
      throw ScenarioError("core", "only tables of 512 entries have a live core")
    }
    try checkSections()
    var count = UInt64(scenario.sections.count)
    for (index, call) in scenario.operations.enumerated() where call.isOfCore {
      let path = "operations[\(index)]"
      try checkRange(of: call, path: path)
      count += (call.size ?? 0) / Self.sectionBytes + 2
      guard count <= UInt64(SectionState.capacity) else {
        throw ScenarioError(
          "\(path).size", "more than \(SectionState.capacity) sections in all calls together")
      }
      try checkWalks(of: call, path: path)
    }
  }

  private func checkSections() throws(ScenarioError) {
    let first = layout.ramBase / Self.sectionBytes
    let end = (layout.ramBase + layout.linearSize) / Self.sectionBytes
    var next = first
    for (index, section) in scenario.sections.enumerated() {
      guard section.number >= first, section.number < end else {
        throw ScenarioError("sections[\(index)].number", "the linear map does not reach it")
      }
      guard section.number >= next else {
        throw ScenarioError("sections[\(index)].number", "not sorted, or a duplicate")
      }
      guard section.subsections != 0 else {
        throw ScenarioError("sections[\(index)].subsections", "no sub-section is present")
      }
      next = section.number + 1
    }
  }

  private func checkRange(of call: Scenario.Call, path: String) throws(ScenarioError) {
    let (start, size) = (call.start ?? 0, call.size ?? 0)
    guard start >= layout.ramBase, start - layout.ramBase <= layout.linearSize,
      size <= layout.linearSize - (start - layout.ramBase)
    else { throw ScenarioError("\(path).start", "the linear map does not reach all of it") }
    // The result of __add_pages for zero pages is undefined.
    guard size >= AddressLayout.pageSize else {
      throw ScenarioError("\(path).size", "less than a page, which a live core does not support")
    }
    let blocks = Blocks.pfns(in: layout)
    let end = start + size
    guard
      end <= blocks.lowerBound << AddressLayout.pageShift
        || start >= blocks.upperBound << AddressLayout.pageShift
    else { throw ScenarioError(path, "overlaps the pages that blocks are allocated from") }
  }

  /// A call walks the memmap of each section from the root, at most twice.
  private func checkWalks(of call: Scenario.Call, path: String) throws(ScenarioError) {
    guard cost.isShared else { return }
    let (start, size) = (call.start ?? 0, call.size ?? 0)
    let memmap = layout.structPage(ofPFN: start >> AddressLayout.pageShift)
    let step = SectionState.pages * AddressLayout.structPageSize
    let each = cost.steps(from: memmap, to: memmap &+ step, level: .pgd, table: 0)
    let (steps, overflows) = each.multipliedReportingOverflow(
      by: 2 * (size / Self.sectionBytes + 2))
    guard !overflows, steps <= WalkCost.maximumSteps else {
      throw ScenarioError(path, "the memmap is too large to walk")
    }
  }
}
