// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// One call of a case: its arguments, the states around it, and its events.
struct JudgedCall {
  let image: MachineImage
  /// The index of the call in the case.
  let number: Int
  let operation: Operation
  let function: KernelFunction
  let before: MachineState
  /// Meaningless if the call did not return.
  let after: MachineState
  /// The events of the call, in order.
  let events: ArraySlice<Event>
  /// Nil if the call returned.
  let ending: Ending?
  /// Successful allocations since the start of the case, including those of this call.
  let allocations: Int
  var kernel = KernelOptions.standard

  var layout: AddressLayout { image.layout }
  var span: AddressSpan { AddressSpan(layout) }

  /// The event of its return; nil if it did not return.
  var returned: Event? { events.last { $0.kind == EventKind.returned.rawValue } }

  /// A violation by this call, with its hazard.
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

/// A range that a call must unmap.
struct Removal {
  /// Virtual.
  var range: AddressRange
  var isVmemmap: Bool
  /// The altmap's number, from 1; 0 is none.
  var altmap: Int
}

extension JudgedCall {
  /// The range that the call must unmap; nil for calls that remove no range.
  var removal: Removal? {
    switch function.purpose {
    // The altmap of a removal of memory is that of its memmap.
    case .unmaps where function.hasPhysicalRange, .removesMemory:
      Removal(range: linearRange, isVmemmap: false, altmap: 0)
    case .unmaps:
      Removal(
        range: pages(operation.start, operation.end), isVmemmap: isVmemmap,
        altmap: Int(operation.altmap))
    default: nil
    }
  }

  /// The linear map of the physical range that starts at `start` and is `end` bytes long.
  var linearRange: AddressRange {
    pages(
      layout.virtual(ofPhysical: operation.start),
      layout.virtual(ofPhysical: operation.start &+ operation.end))
  }

  /// All pages that a range touches, because nothing smaller can be mapped.
  func pages(_ start: UInt64, _ end: UInt64) -> AddressRange {
    let mask = AddressLayout.pageSize - 1
    let first = start & ~mask
    return AddressRange(first, end > start ? (end &+ mask) & ~mask : first, in: span)
  }

  /// Whether the call is about the memmap, not the linear map.
  var isVmemmap: Bool {
    function.hasMemmapRange || operation.isVmemmap == 1
  }

  /// Whether an add returned without an error.
  var hasAdded: Bool { function == .archAddMemory && returned?.b == 0 }

  /// Whether the call must leave the TLB clean, because it walks from the root. Its callees rely on its
  /// flush.
  var flushes: Bool {
    switch function.purpose {
    case .unmaps: !function.takes(.base)
    case .addsMemory, .removesMemory: true
    default: false
    }
  }

  /// The table that a walk gets as its base and does not free.
  var walkedTable: Int? {
    function.walkedLevel.map { _ in Int(operation.table) }
  }

  /// Whether a walk gets the table that translates its range. With another table, or a range that
  /// extends beyond the table, it would find entries of other addresses, and no caller does that.
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

  /// Whether the call must free one table if it is empty.
  var freesOneTable: Bool { function.purpose == .freesTable }
}
