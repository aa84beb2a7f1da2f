// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension ShrinkPass {
  /// Replaces a call by one that it would make itself: one level down, on a part of the tables.
  static let innerCalls = ShrinkPass("inner calls") { scenario in
    scenario.operations.indices.lazy.flatMap { index in
      scenario.innerCalls(of: scenario.operations[index]).lazy.map { call in
        scenario.with { $0.operations[index] = call }
      }
    }
  }
}

extension Scenario {
  fileprivate func innerCalls(of call: Call) -> [Call] {
    guard let layout else { return [] }
    switch call.function {
    case .archAddMemory, .archRemoveMemory:
      var inner = Call(.removeLinearMapping)
      inner.start = call.start
      inner.size = call.size
      return [inner]
    case .removeLinearMapping:
      return [walk(.removePgdMapping, call, start: call.virtualStart(in: layout))]
    case .vmemmapFree:
      var inner = walk(.removePgdMapping, call, start: call.start)
      inner.isVmemmap = true
      return [inner]
    default: return call.function.purpose == .unmaps ? callsOfWalk(call, layout) : []
    }
  }

  /// A walk over the range of a call, with the parameters of that call.
  private func walk(
    _ function: KernelFunction, _ call: Call, start: UInt64?
  ) -> Call {
    var inner = Call(function)
    inner.start = start
    inner.end = start.map { $0 &+ call.length }
    inner.isVmemmap = call.isVmemmap
    inner.altmap = call.altmap
    return inner
  }

  /// The calls that a walk makes for each entry of its base in the range.
  private func callsOfWalk(_ call: Call, _ layout: AddressLayout) -> [Call] {
    let walked = call.function.baseLevel ?? .pgd
    let base = call.table ?? 0
    guard let start = call.start, call.length > 0, tables.indices.contains(base) else { return [] }
    let end = start &+ call.length
    guard let below = Level(rawValue: walked.rawValue &- 1),
      let function = KernelFunction.that(.unmaps, at: below)
    else { return storageCalls(of: call, table: base) }
    let level = tables[base].level
    let size = layout.size(of: level)
    func clamped(toSlot slot: Int, with change: (inout Call) -> Void) -> Call? {
      let distance = slot - layout.index(of: start, at: level)
      guard distance >= 0 else { return nil }
      let first = max(start, (start & ~(size - 1)) &+ UInt64(distance) &* size)
      let last = min(end, (first & ~(size - 1)) &+ size)
      guard first < last else { return nil }
      var inner = walk(function, call, start: first)
      inner.end = last
      change(&inner)
      return inner
    }
    if layout.mode.isFolded(below) {
      // The level below has no tables: its walk takes the same entry.
      let slots = tables[base].entries.map(\.slot) + [layout.index(of: start, at: level)]
      return slots.compactMap { slot in
        clamped(toSlot: slot) {
          $0.table = base
          $0.parentSlot = slot
        }
      }
    }
    return tables[base].entries.flatMap { run -> [Call] in
      guard case .table(let child) = run.value else { return [] }
      let walk = clamped(toSlot: run.slot) { $0.table = child }
      guard let walk else { return [] }
      return [walk, freeing(child, base, run.slot, call)].compactMap(\.self)
    } + storageCalls(of: call, table: base)
  }

  /// The call that frees a table once it is empty; nil for a level whose tables stay.
  private func freeing(_ table: Int, _ parent: Int, _ slot: Int, _ call: Call) -> Call? {
    guard let function = KernelFunction.that(.freesTable, at: tables[table].level), parent != 0
    else { return nil }
    var freeing = Call(function)
    freeing.table = table
    freeing.parentTable = parent
    freeing.parentSlot = slot
    if function.takes(.isVmemmap) { freeing.isVmemmap = call.isVmemmap }
    return freeing
  }

  /// In a walk of the vmemmap, the calls that free the pages which the leaves of a table map.
  private func storageCalls(of call: Call, table: Int) -> [Call] {
    guard call.isVmemmap == true else { return [] }
    return tables[table].entries.compactMap { run in
      guard case .leaf(let pfn, _) = run.value else { return nil }
      var storage = Call(.freeVmemmapStorage)
      storage.pfn = pfn
      storage.size = leafPages(in: table) << AddressLayout.pageShift
      storage.altmap = call.altmap
      return storage
    }
  }
}
