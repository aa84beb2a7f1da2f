// SPDX-License-Identifier: GPL-2.0-only

/// The C functions that the harness runs and judges: those that commit c75a74f4ba19 adds, innermost
/// first, then the creation functions that they build on. Raw values are the numbers of `enum
/// mhp_function` in the shim. ``SurfaceRow`` says what each function is.
public enum KernelFunction: UInt32, CaseIterable, Sendable, Codable, Comparable {
  case freePteTable = 0
  case freePmdTable = 1
  case freePudTable = 2
  case freeVmemmapStorage = 3
  case removePteMapping = 4
  case removePmdMapping = 5
  case removePudMapping = 6
  case removeP4dMapping = 7
  case removePgdMapping = 8
  case removeLinearMapping = 9
  case archGetMappableRange = 10
  case archAddMemory = 11
  case archRemoveMemory = 12
  case vmemmapFree = 13
  case bestMapSize = 14
  case createPteMapping = 15
  case createPmdMapping = 16
  case createPudMapping = 17
  case createP4dMapping = 18
  case createPgdMapping = 19
  case createLinearMappingRange = 20
  case pgprotFromVa = 21
  case allocPteLate = 22
  case allocPmdLate = 23
  case allocPudLate = 24
  case allocP4dLate = 25
  case getPteVirtLate = 26
  case getPmdVirtLate = 27
  case getPudVirtLate = 28
  case getP4dVirtLate = 29
  case preallocatePgdPagesRange = 30
  case pgtableCacheInit = 31
  case vmemmapSetPmd = 32
  case vmemmapCheckPmd = 33
  case vmemmapPopulate = 34
  case vmemmapPopulateHugepages = 35

  public init?(name: String) {
    guard let found = SurfaceTable.functionsByName[name] else { return nil }
    self = found
  }

  public static func < (left: KernelFunction, right: KernelFunction) -> Bool {
    left.rawValue < right.rawValue
  }
}
