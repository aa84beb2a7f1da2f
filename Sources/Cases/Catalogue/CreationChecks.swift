// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Limits on calls of the creation side, so that none runs long.
struct CreationChecks {
  let layout: AddressLayout
  let cost: WalkCost
  let globals: Scenario.Globals
  /// The JSON path of the call, for errors.
  let path: String

  func check(_ operation: Operation, _ function: KernelFunction) throws(ScenarioError) {
    switch function.purpose {
    case .maps where function.hasPhysicalRange: try checkMapping(operation)
    case .preallocates where function.hasVirtualRange: try checkPreallocation(operation)
    case .preallocates:
      // Without a range it fills the slots of fixed areas.
      guard layout.indexBits == 9 else {
        throw ScenarioError(path, "\(function.name) needs tables of 512 entries")
      }
    case .populates: try checkPopulation(operation)
    default: return
    }
  }

  private func checkMapping(_ operation: Operation) throws(ScenarioError) {
    guard operation.start < operation.end else { return }
    var add = Operation(.archAddMemory)
    add.start = operation.start
    add.end = operation.end - operation.start
    var steps = cost.mappingSteps(of: add, in: globals)
    // A size that no level has is a BUG at the first page.
    if operation.blockSize != 0 { steps = (add.end - 1) / operation.blockSize + 1 }
    if operation.blockSize != 0, operation.blockSize < AddressLayout.pageSize { steps = 1 }
    guard steps <= WalkCost.maximumSteps else {
      throw ScenarioError("\(path).end", "the range is too large to map")
    }
    // The last step must not wrap round.
    guard operation.end <= 0 &- max(operation.blockSize, layout.size(of: .pgd)) else {
      throw ScenarioError("\(path).end", "no such physical address")
    }
  }

  private func checkPreallocation(_ operation: Operation) throws(ScenarioError) {
    // With a start of 0 the loop does not end: the wrapped address 0 is not below the start.
    guard operation.start > 0 else {
      throw ScenarioError(
        "\(path).start", "0 is not allowed: the loop would not end when the address wraps")
    }
    guard operation.start < operation.end else { return }
    let slots = (operation.end - operation.start) >> layout.shift(of: .pgd)
    guard slots <= WalkCost.maximumSteps else {
      throw ScenarioError("\(path).end", "the range is too large to walk")
    }
  }

  private func checkPopulation(_ operation: Operation) throws(ScenarioError) {
    guard operation.start < operation.end else { return }
    guard operation.end <= 0 &- AddressLayout.pageSize else {
      throw ScenarioError(path, "the range reaches into the last page of the address space")
    }
    guard (operation.end - operation.start) >> AddressLayout.pageShift <= WalkCost.maximumSteps
    else { throw ScenarioError("\(path).end", "the range is too large to populate") }
  }
}
