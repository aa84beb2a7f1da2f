// SPDX-License-Identifier: GPL-2.0-only

extension KernelFunction {
  /// The functions of the surface that this one calls directly, according to the contract. Calls through
  /// the generic core and `pt_ops` count, too.
  public var callees: [KernelFunction] {
    switch self {
    case .freePteTable, .freePmdTable, .freePudTable, .freeVmemmapStorage, .archGetMappableRange:
      []
    case .removePteMapping: [.freeVmemmapStorage]
    case .removePmdMapping: [.removePteMapping, .freePteTable, .freeVmemmapStorage]
    case .removePudMapping: [.removePmdMapping, .freePmdTable, .freeVmemmapStorage]
    case .removeP4dMapping: [.removePudMapping, .freePudTable, .freeVmemmapStorage]
    case .removePgdMapping: [.removeP4dMapping]
    case .removeLinearMapping, .vmemmapFree: [.removePgdMapping]
    case .archAddMemory: [.createLinearMappingRange, .removeLinearMapping, .vmemmapPopulate]
    case .archRemoveMemory: [.removeLinearMapping, .vmemmapFree]
    case .bestMapSize, .pgprotFromVa, .createPteMapping, .vmemmapSetPmd, .vmemmapCheckPmd,
      .allocPteLate, .allocPmdLate, .allocPudLate, .allocP4dLate, .getPteVirtLate,
      .getPmdVirtLate, .getPudVirtLate, .getP4dVirtLate, .preallocatePgdPagesRange:
      []
    case .createPmdMapping: [.createPteMapping, .allocPteLate, .getPteVirtLate]
    case .createPudMapping: [.createPmdMapping, .allocPmdLate, .getPmdVirtLate]
    case .createP4dMapping: [.createPudMapping, .allocPudLate, .getPudVirtLate]
    case .createPgdMapping:
      [
        .createP4dMapping, .createPudMapping, .createPmdMapping, .allocP4dLate, .allocPudLate,
        .allocPmdLate, .getP4dVirtLate, .getPudVirtLate, .getPmdVirtLate,
      ]
    case .createLinearMappingRange: [.createPgdMapping, .bestMapSize, .pgprotFromVa]
    case .pgtableCacheInit: [.preallocatePgdPagesRange]
    case .vmemmapPopulate: [.vmemmapPopulateHugepages]
    case .vmemmapPopulateHugepages: [.vmemmapSetPmd, .vmemmapCheckPmd]
    }
  }
}

extension KernelFunction {
  /// This function and all functions that it calls, directly or indirectly.
  public var reach: Set<KernelFunction> {
    var found: Set<KernelFunction> = [self]
    var work = [self]
    while let next = work.popLast() {
      for callee in next.callees where found.insert(callee).inserted { work.append(callee) }
    }
    return found
  }
}
