// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// RISC-V's memory-hotplug code: one method per C function, with its name, on a machine that represents
/// the kernel around it. It follows `docs/develop/contract.md`, and upstream's hazards, too.
/// `UpstreamFixes` selects later fixes of upstream.
///
/// Names are the kernel's: a parameter `pmdBase` is a pointer to an entry, `pmd` the word in it.
/// Addresses are virtual unless called physical.
enum MemoryHotplug<Width: Geometry> {
  /// Runs the operations of the loaded image in turn and stops at the first that does not return.
  static func run(on machine: inout Machine) -> Ending {
    do throws(Halt) {
      for index in 0..<machine.operations.count {
        machine.runningOperation = index
        machine.stepsLeft = machine.stepLimit
        let result = try call(machine.operations[index], on: &machine)
        try machine.record(
          Event(.returned, a: UInt64(truncatingIfNeeded: index), b: result.first, c: result.second))
      }
      machine.ending = Ending(.finished)
    } catch {
      // The machine holds the ending.
    }
    return machine.ending
  }

  /// Calls an operation's function of the surface with its arguments and returns the values of the event
  /// `returned`. An unknown function number does nothing.
  private static func call(
    _ operation: Operation, on machine: inout Machine
  ) throws(Halt) -> (first: UInt64, second: UInt64) {
    guard let function = KernelFunction(rawValue: operation.function) else { return (0, 0) }
    let table = EntryPointer(table: UInt64(operation.table), slot: 0)
    let base = table + UInt64(operation.parentSlot)
    let parent = EntryPointer(
      table: UInt64(operation.parentTable), slot: UInt64(operation.parentSlot))
    let (start, end) = (operation.start, operation.end)
    let isVmemmap = operation.isVmemmap != 0
    let altmap = operation.altmap

    switch function {
    case .freePteTable: try freePteTable(table, parent, on: &machine)
    case .freePmdTable: try freePmdTable(table, parent, isVmemmap, on: &machine)
    case .freePudTable: try freePudTable(table, parent, on: &machine)
    case .freeVmemmapStorage: try freeVmemmapStorage(start, end, altmap, on: &machine)
    case .removePteMapping: try removePteMapping(base, start, end, isVmemmap, altmap, on: &machine)
    case .removePmdMapping: try removePmdMapping(base, start, end, isVmemmap, altmap, on: &machine)
    case .removePudMapping: try removePudMapping(base, start, end, isVmemmap, altmap, on: &machine)
    case .removeP4dMapping: try removeP4dMapping(base, start, end, isVmemmap, altmap, on: &machine)
    case .removePgdMapping: try removePgdMapping(start, end, isVmemmap, altmap, on: &machine)
    case .removeLinearMapping: try removeLinearMapping(start, end, on: &machine)
    case .archGetMappableRange:
      let range = archGetMappableRange(on: machine)
      return (range.start, range.end)
    case .archAddMemory:
      let parameters = HotplugParameters(
        protection: operation.protection, altmap: altmap, pgmap: operation.pgmap)
      let result = try archAddMemory(operation.node, start, end, parameters, on: &machine)
      return (UInt64(bitPattern: Int64(result)), 0)
    case .archRemoveMemory:
      try archRemoveMemory(start, end, altmap, operation.pgmap, on: &machine)
    case .vmemmapFree: try vmemmapFree(start, end, altmap, on: &machine)
    default: return (try create(function, operation, on: &machine), 0)
    }
    return (0, 0)
  }

  /// The same for the creation functions.
  private static func create(
    _ function: KernelFunction, _ operation: Operation, on machine: inout Machine
  ) throws(Halt) -> UInt64 {
    let table = EntryPointer(table: UInt64(operation.table), slot: 0)
    let entry = EntryPointer(
      table: UInt64(operation.parentTable), slot: UInt64(operation.parentSlot))
    let (start, end, pa) = (operation.start, operation.end, operation.physical)
    let (size, protection) = (operation.blockSize, operation.protection)
    let shift = AddressLayout.pageShift
    switch function {
    case .bestMapSize: return bestMapSize(pa, start, end, on: machine)
    case .createPteMapping:
      _ = try createPteMapping(table, start, pa, size, protection, on: &machine)
    case .createPmdMapping:
      _ = try createPmdMapping(table, start, pa, size, protection, on: &machine)
    case .createPudMapping:
      _ = try createPudMapping(table, start, pa, size, protection, on: &machine)
    case .createP4dMapping:
      _ = try createP4dMapping(table, start, pa, size, protection, on: &machine)
    case .createPgdMapping:
      _ = try createPgdMapping(table, start, pa, size, protection, on: &machine)
    case .createLinearMappingRange:
      _ = try createLinearMappingRange(
        start, end, size, protection == 0 ? nil : protection, on: &machine)
    case .pgprotFromVa: return pgprotFromVa(start, on: machine)
    case .allocPteLate: return try allocPteLate(on: &machine) << shift
    case .allocPmdLate: return try allocPmdLate(on: &machine) << shift
    case .allocPudLate: return try allocPudLate(on: &machine) << shift
    case .allocP4dLate: return try allocP4dLate(on: &machine) << shift
    case .getPteVirtLate, .getPmdVirtLate, .getPudVirtLate, .getP4dVirtLate:
      return getVirtLate(pa, on: machine)
    case .preallocatePgdPagesRange: try preallocatePgdPagesRange(start, end, on: &machine)
    case .pgtableCacheInit: try pgtableCacheInit(on: &machine)
    case .vmemmapSetPmd: try vmemmapSetPmd(entry, pa >> shift, on: &machine)
    case .vmemmapCheckPmd: return errno(try vmemmapCheckPmd(entry, on: &machine))
    case .vmemmapPopulate:
      return errno(
        try vmemmapPopulate(start, end, operation.node, operation.altmap, on: &machine))
    case .vmemmapPopulateHugepages:
      return errno(
        try vmemmapPopulateHugepages(
          start, end, operation.node, operation.altmap, on: &machine))
    default: break
    }
    return 0
  }

  /// The result of a function of type `int`, as in the event.
  private static func errno(_ result: Int32) -> UInt64 { UInt64(bitPattern: Int64(result)) }
}
