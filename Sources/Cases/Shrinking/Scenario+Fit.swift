// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Scenario {
  /// The number of calls whose table or parent entry no caller in the kernel would pass: a table of another
  /// level, a parent entry that points elsewhere, a range beyond the table.
  ///
  /// Such a call can show a difference in less context, but its reader would have to ask how the kernel comes
  /// to make it. So shrinking never increases this count.
  var misfitCount: Int {
    guard let layout else { return 0 }
    return operations.count { isMisfit($0, layout) }
  }

  private func isMisfit(_ call: Call, _ layout: AddressLayout) -> Bool {
    let table = call.table ?? 0
    guard let level = call.function.baseLevel else { return false }
    guard tables.indices.contains(table) else { return true }
    guard call.function.takes(.base) else {
      let parent = call.parentTable ?? 0
      return tables[table].level != level || !tables.indices.contains(parent)
        || !tables[parent].entries.contains {
          $0.slot == call.parentSlot && $0.value == .table(table)
        }
    }
    guard let start = call.start else { return true }
    let isFolded = layout.mode.isFolded(level)
    let slot = isFolded ? layout.index(of: start, at: .pgd) : 0
    guard tables[table].level == (isFolded ? .pgd : level), call.parentSlot ?? 0 == slot else {
      return true
    }
    // The base is one table; at a folded level it is one entry of the root.
    let span = isFolded ? layout.shift(of: level) : layout.shift(of: level) + layout.indexBits
    let last = start &+ (call.length == 0 ? 0 : call.length - 1)
    return start >> span != last >> span
  }
}

extension Scenario.Call {
  /// The start of the range as a virtual address; nil for a call without a start.
  func virtualStart(in layout: AddressLayout) -> UInt64? {
    start.map { function.hasPhysicalRange ? layout.virtual(ofPhysical: $0) : $0 }
  }

  /// The same call over another range: `start` is virtual or physical, as the function takes it; `length` is
  /// in bytes.
  func over(_ start: UInt64, length: UInt64) -> Self {
    var call = self
    call.start = start
    if call.size != nil { call.size = length } else { call.end = start &+ length }
    return call
  }
}
