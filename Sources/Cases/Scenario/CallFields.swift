// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A parameter of a call, under its name in ``Scenario/Call`` and in JSON.
enum CallField: String, CaseIterable, Sendable {
  case table, parentTable, parentSlot, start, end, size, pfn, isVmemmap, altmap, pgmap, node
  case protection, physical, blockSize

  func isPresent(in call: Scenario.Call) -> Bool {
    switch self {
    case .table: call.table != nil
    case .parentTable: call.parentTable != nil
    case .parentSlot: call.parentSlot != nil
    case .start: call.start != nil
    case .end: call.end != nil
    case .size: call.size != nil
    case .pfn: call.pfn != nil
    case .isVmemmap: call.isVmemmap != nil
    case .altmap: call.altmap != nil
    case .pgmap: call.pgmap != nil
    case .node: call.node != nil
    case .protection: call.protection != nil
    case .physical: call.physical != nil
    case .blockSize: call.blockSize != nil
    }
  }
}

extension KernelFunction {
  /// The fields that a call of the function must have.
  var requiredFields: Set<CallField> {
    switch self {
    case .freePteTable, .freePmdTable, .freePudTable: [.table, .parentTable, .parentSlot]
    case .freeVmemmapStorage: [.pfn, .size]
    case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping:
      [.table, .start, .end]
    case .removePgdMapping, .vmemmapFree: [.start, .end]
    case .removeLinearMapping, .archRemoveMemory: [.start, .size]
    case .archGetMappableRange: []
    case .archAddMemory: [.start, .size, .protection]
    case .bestMapSize: [.physical, .start, .size]
    case .createPteMapping, .createPmdMapping, .createPudMapping, .createP4dMapping,
      .createPgdMapping:
      [.table, .start, .physical, .blockSize, .protection]
    case .pgprotFromVa: [.start]
    case .allocPteLate, .allocPmdLate, .allocPudLate, .allocP4dLate, .pgtableCacheInit: []
    case .getPteVirtLate, .getPmdVirtLate, .getPudVirtLate, .getP4dVirtLate: [.physical]
    case .vmemmapSetPmd: [.parentTable, .parentSlot, .physical]
    case .vmemmapCheckPmd: [.parentTable, .parentSlot]
    case .createLinearMappingRange, .preallocatePgdPagesRange, .vmemmapPopulate,
      .vmemmapPopulateHugepages:
      [.start, .end]
    }
  }

  /// The fields that a call of the function may have. An absent one means slot 0, false, NULL, node 0, the
  /// best size, or the protection of the address.
  var optionalFields: Set<CallField> {
    switch self {
    case .freePteTable, .freePudTable, .removeLinearMapping, .archGetMappableRange: []
    case .freePmdTable: [.isVmemmap]
    case .freeVmemmapStorage, .vmemmapFree: [.altmap]
    case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping:
      [.parentSlot, .isVmemmap, .altmap]
    case .removePgdMapping: [.isVmemmap, .altmap]
    case .archAddMemory: [.node, .altmap, .pgmap]
    case .archRemoveMemory: [.altmap, .pgmap]
    case .bestMapSize, .createPteMapping, .createPmdMapping, .createPudMapping,
      .createP4dMapping, .createPgdMapping, .pgprotFromVa, .getPteVirtLate, .getPmdVirtLate,
      .getPudVirtLate, .getP4dVirtLate, .preallocatePgdPagesRange, .pgtableCacheInit:
      []
    case .allocPteLate, .allocPmdLate, .allocPudLate, .allocP4dLate: [.start]
    case .createLinearMappingRange: [.blockSize, .protection]
    case .vmemmapSetPmd, .vmemmapCheckPmd: [.start, .end, .node]
    case .vmemmapPopulate, .vmemmapPopulateHugepages: [.node, .altmap]
    }
  }
}
