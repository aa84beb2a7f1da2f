// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// One call of a case: what it was asked, the states around it, and what happened.
struct JudgedCall {
  let image: MachineImage
  /// The place of the call in the case.
  let number: Int
  let operation: Operation
  let function: KernelFunction
  let before: MachineState
  /// Meaningless where the call did not come back.
  let after: MachineState
  /// What it did, in order.
  let events: ArraySlice<Event>
  /// How it ended; nil when it came back.
  let ending: Ending?
  /// Allocations that succeeded since the case began, those of this call included.
  let allocations: Int
  /// What the kernel is like.
  var kernel = KernelOptions.standard

  var layout: AddressLayout { image.layout }
  var span: AddressSpan { AddressSpan(layout) }

  /// What it returned; nil when it did not come back.
  var returned: Event? { events.last { $0.kind == EventKind.returned.rawValue } }

  /// A violation that this call is.
  func violation(
    _ rule: OracleRule, _ evidence: Violation.Evidence, isVmemmap isAboutMemmap: Bool = false
  ) -> Violation {
    var violation = Violation(
      rule: rule, operation: number, function: function, isVmemmap: isVmemmap || isAboutMemmap,
      evidence: evidence)
    violation.hazard = Hazard.known(violation, in: self)
    return violation
  }
}

/// A range that a call is to unmap.
struct Removal {
  /// Virtual.
  var range: AddressRange
  var isVmemmap: Bool
  /// A number from 1; 0 is none.
  var altmap: Int
}

extension JudgedCall {
  /// What the call is to unmap; nil for calls that remove no range.
  var removal: Removal? {
    switch function {
    case .vmemmapFree:
      Removal(
        range: pages(operation.start, operation.end), isVmemmap: true,
        altmap: Int(operation.altmap))
    case .removePgdMapping, .removeP4dMapping, .removePudMapping, .removePmdMapping,
      .removePteMapping:
      Removal(
        range: pages(operation.start, operation.end),
        isVmemmap: operation.isVmemmap == 1, altmap: Int(operation.altmap))
    case .removeLinearMapping, .archRemoveMemory:
      Removal(range: linearRange, isVmemmap: false, altmap: 0)
    default: nil
    }
  }

  /// The linear map of a physical range from `start` on, `end` bytes long.
  var linearRange: AddressRange {
    pages(
      layout.virtual(ofPhysical: operation.start),
      layout.virtual(ofPhysical: operation.start &+ operation.end))
  }

  /// The pages that a range has an address of: less than one cannot be mapped.
  func pages(_ start: UInt64, _ end: UInt64) -> AddressRange {
    let mask = AddressLayout.pageSize - 1
    let first = start & ~mask
    return AddressRange(first, end > start ? (end &+ mask) & ~mask : first, in: span)
  }

  /// Whether the call is about the memmap, and not the linear map.
  var isVmemmap: Bool {
    function == .vmemmapFree || function.populates || operation.isVmemmap == 1
  }

  /// Whether an add came back without an error.
  var hasAdded: Bool { function == .archAddMemory && returned?.b == 0 }

  /// Whether the call is to leave the TLB clean: it walks from the root. What it calls is flushed for.
  var flushes: Bool {
    switch function {
    case .removePgdMapping, .removeLinearMapping, .archAddMemory, .archRemoveMemory, .vmemmapFree:
      true
    default: false
    }
  }

  /// The table that a call is handed to take entries from, and does not free.
  var walkedTable: Int? {
    function.walkedLevel.map { _ in Int(operation.table) }
  }

  /// Whether a walk is handed the table that translates its range: one that is not, or whose range goes
  /// on behind it, finds entries of other addresses, and is no caller's.
  var isAimed: Bool {
    guard let table = walkedTable, let level = function.walkedLevel, let removal,
      removal.range.length > 0
    else { return true }
    guard let place = before.translations.places[table] else { return false }
    let isFolded = layout.mode.isFolded(level)
    guard place.level == (isFolded ? .pgd : level) else { return false }
    let entry = layout.size(of: place.level)
    let first = UInt64(operation.parentSlot) * entry
    guard isFolded || first == 0 else { return false }
    return removal.range.isWithin(
      place.address &+ first, size: isFolded ? entry : entry << layout.indexBits)
  }

  /// Whether the call is to free one table, if nothing is in it.
  var freesOneTable: Bool {
    [.freePteTable, .freePmdTable, .freePudTable].contains(function)
  }
}
