// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Checks the calls of a scenario and lowers them to operations.
struct CallLowering {
  let scenario: Scenario
  let layout: AddressLayout
  let cost: WalkCost

  func operation(at index: Int) throws(ScenarioError) -> Operation {
    let call = scenario.operations[index]
    let path = "operations[\(index)]"
    let function = call.function
    let (required, optional) = (function.requiredFields, function.optionalFields)
    for field in CallField.allCases {
      let isThere = field.isPresent(in: call)
      if !isThere, required.contains(field) {
        throw ScenarioError("\(path).\(field.rawValue)", "\(function.name) needs it")
      }
      if isThere, !required.contains(field), !optional.contains(field) {
        throw ScenarioError("\(path).\(field.rawValue)", "\(function.name) does not take it")
      }
    }
    var operation = Operation(function)
    operation.isVmemmap = call.isVmemmap == true ? 1 : 0
    operation.node = call.node ?? 0
    operation.altmap = try number(
      call.altmap, upTo: scenario.altmaps.count, what: "altmap", path: path)
    operation.pgmap = try number(
      call.pgmap, upTo: Scenario.maximumPgmaps, what: "pgmap", path: path)
    operation.table = try table(call.table, path: "\(path).table")
    operation.parentTable = try table(call.parentTable, path: "\(path).parentTable")
    let slot = call.parentSlot ?? 0
    guard (0..<layout.entriesPerTable).contains(slot) else {
      throw ScenarioError(
        "\(path).parentSlot", "\(slot) is not in 0...\(layout.entriesPerTable - 1)")
    }
    operation.parentSlot = UInt32(slot)
    operation.start = call.start ?? call.pfn ?? 0
    operation.end = call.end ?? call.size ?? 0
    operation.protection = call.protection ?? 0
    operation.physical = call.physical ?? 0
    operation.blockSize = call.blockSize ?? 0
    if function.purpose == .freesStorage {
      try checkStorage(operation, path: path)
    } else if function.isOfHotplug {
      try checkRange(of: operation, function: function, path: path)
    } else {
      let checks = CreationChecks(layout: layout, cost: cost, globals: scenario.globals, path: path)
      try checks.check(operation, function)
    }
    return operation
  }

  private func number(
    _ number: Int?, upTo last: Int, what: String, path: String
  ) throws(ScenarioError) -> UInt32 {
    guard let number else { return 0 }
    guard number >= 1, number <= last else {
      throw ScenarioError("\(path).\(what)", "there is no \(what) \(number)")
    }
    return UInt32(number)
  }

  private func table(_ number: Int?, path: String) throws(ScenarioError) -> UInt32 {
    let number = number ?? 0
    guard scenario.tables.indices.contains(number) else {
      throw ScenarioError(path, "there is no table \(number)")
    }
    return UInt32(number)
  }

  private func checkStorage(_ operation: Operation, path: String) throws(ScenarioError) {
    guard operation.start < 1 << 44 else {
      throw ScenarioError("\(path).pfn", "no such page frame")
    }
    // get_order() of 0 is undefined. The upper limit holds because a reserved block is released page by page.
    let most = WalkCost.maximumSteps << AddressLayout.pageShift
    guard operation.end > 0, operation.end <= most else {
      throw ScenarioError("\(path).size", "not in 1...\(most) bytes")
    }
  }

  private func checkRange(
    of operation: Operation, function: KernelFunction, path: String
  ) throws(ScenarioError) {
    var start = operation.start
    var end = operation.end
    if function.hasPhysicalRange {
      guard cost.mappingSteps(of: operation, in: scenario.globals) <= WalkCost.maximumSteps
      else { throw ScenarioError("\(path).size", "too large: the call would take too many steps") }
      start = layout.virtual(ofPhysical: operation.start)
      end = layout.virtual(ofPhysical: operation.start &+ operation.end)
    }
    guard start < end else { return }
    // get_order() of 0 is undefined. The upper limit exists because a reserved block is released page by
    // page.
    guard end <= 0 &- AddressLayout.pageSize else {
      throw ScenarioError(path, "the range reaches into the last page of the address space")
    }
    let level = function.walkedLevel ?? .pgd
    let table = function.walkedLevel == nil ? 0 : Int(operation.table)
    guard cost.steps(from: start, to: end, level: level, table: table) <= WalkCost.maximumSteps
    else { throw ScenarioError(path, "the range is too large to walk") }
  }
}
