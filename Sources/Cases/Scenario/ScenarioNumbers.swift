// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A scenario as a list of numbers, in which the simpler of two scenarios of the same shape comes first in
/// lexicographic order. Counts precede the counted values. Addresses and PFNs are distances from the start of
/// their area or of RAM. A protection is the set of bits in which it differs from `PAGE_KERNEL`.
///
/// Every value maps to its number one to one, and a list follows its length. So scenarios with the same
/// numbers are equal, except for id and purpose.
struct ScenarioNumbers {
  private(set) var numbers: [UInt64] = []
  private let layout: AddressLayout?

  init(_ scenario: Scenario, layout: AddressLayout?) {
    self.layout = layout
    numbers.append(scenario.indexBits)
    write(text: scenario.mode)
    numbers.append(UInt64(scenario.operations.count))
    for call in scenario.operations { write(call) }
    write(scenario.globals, scenario.injected)
    numbers.append(UInt64(scenario.tables.count))
    for table in scenario.tables { write(table) }
    numbers.append(UInt64(scenario.frames.count))
    for run in scenario.frames {
      numbers += [run.count, simple(pfn: run.pfn), UInt64(run.owner.rawValue)]
    }
    numbers.append(UInt64(scenario.altmaps.count))
    for altmap in scenario.altmaps {
      numbers += [
        altmap.alloc, altmap.free, altmap.reserve, altmap.align, altmap.basePFN,
        altmap.endPFN &- altmap.basePFN,
      ]
    }
    numbers += [scenario.core == .live ? 1 : 0, UInt64(scenario.sections.count)]
    for section in scenario.sections {
      numbers += [section.isEarly ? 1 : 0, ~section.subsections, section.number]
    }
    numbers.append(UInt64(scenario.pgmaps.count))
    for pgmap in scenario.pgmaps { numbers.append(simple(number: pgmap.vmemmapShift)) }
  }

  private mutating func write(text: String) {
    numbers.append(UInt64(text.utf8.count))
    numbers += text.utf8.map(UInt64.init)
  }

  private mutating func write(_ call: Scenario.Call) {
    numbers.append(UInt64(call.function.rawValue))
    write(optional: call.size)
    numbers.append(call.start == nil ? 0 : 1)
    if let start = call.start {
      numbers += call.function.hasPhysicalRange ? simple(physical: start) : simple(virtual: start)
    }
    // As a distance, so that a range which moves as a whole becomes simpler by its start alone.
    write(optional: call.end.map { $0 &- (call.start ?? 0) })
    write(optional: call.pfn.map(simple(pfn:)))
    write(optional: call.table.map(simple(number:)))
    write(optional: call.parentTable.map(simple(number:)))
    write(optional: call.parentSlot.map(simple(number:)))
    write(optional: call.isVmemmap.map { $0 ? 1 : 0 })
    write(optional: call.altmap.map(simple(number:)))
    write(optional: call.pgmap.map(simple(number:)))
    write(optional: call.node.map { simple(number: Int($0)) })
    write(optional: call.protection.map(simple(protection:)))
    numbers.append(call.physical == nil ? 0 : 1)
    if let physical = call.physical { numbers += simple(physical: physical) }
    write(optional: call.blockSize)
  }

  private mutating func write(
    _ globals: Scenario.Globals, _ injected: Scenario.InjectedFailures
  ) {
    numbers += [
      globals.isDebugPagealloc ? 1 : 0, globals.isUniprocessor ? 1 : 0, globals.maxPFN,
      globals.maxLowPFN,
    ]
    // The plainest failure is ENOMEM.
    numbers.append(UInt64(UInt32(bitPattern: injected.addPagesResult ^ -12)))
    write(optional: injected.allocationBudget.map(UInt64.init))
    write(optional: injected.failingAllocation.map(UInt64.init))
  }

  private mutating func write(_ table: Scenario.Table) {
    numbers += [
      UInt64(table.level.rawValue), UInt64(table.owner.rawValue), table.isConstructed ? 1 : 0,
      UInt64(table.entries.count),
    ]
    for run in table.entries {
      numbers += [simple(number: run.count), simple(number: run.slot)]
      switch run.value {
      case .table(let number): numbers += [0, simple(number: number)]
      case .leaf(let pfn, let protection):
        numbers += [1, simple(protection: protection), simple(pfn: pfn)]
      case .raw(let word): numbers += [2, UInt64(word.nonzeroBitCount), word]
      }
    }
  }

  private mutating func write(optional number: UInt64?) {
    numbers.append(number == nil ? 0 : 1)
    if let number { numbers.append(number) }
  }

  /// 0, 1, 2, ..., then the negative numbers, closest to 0 first.
  private func simple(number: Int) -> UInt64 {
    number >= 0 ? UInt64(number) : 1 << 63 | UInt64(-1 - number)
  }

  private func simple(protection: UInt64) -> UInt64 {
    protection ^ Architecture.riscv.entryBits.kernel
  }

  private func simple(pfn: UInt64) -> UInt64 {
    pfn &- (layout?.ramBase ?? 0) >> AddressLayout.pageShift
  }

  /// The area, and the distance from its start.
  private func simple(virtual address: UInt64) -> [UInt64] {
    guard let layout else { return [2, address] }
    return switch address {
    case layout.pageOffset..<layout.pageOffset &+ layout.kernVirtSize:
      [0, address - layout.pageOffset]
    case layout.vmemmapStart..<layout.vmemmapEnd: [1, address - layout.vmemmapStart]
    default: [2, address]
    }
  }

  private func simple(physical address: UInt64) -> [UInt64] {
    guard let layout, address >= layout.ramBase,
      address - layout.ramBase < layout.kernVirtSize
    else { return [2, address] }
    return [0, address - layout.ramBase]
  }
}
