// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Chooses the argument for a parameter of a function of the surface: a macro of `mhp/arguments.h`, by type,
/// then by name, then by position.
struct CallRoles {
  private static let tableTypes: Set<String> = ["pte_t", "pmd_t", "pud_t", "p4d_t", "pgd_t"]
  private static let integerTypes: Set<String> = [
    "unsigned long", "unsigned long int", "long", "unsigned long long", "long long", "u64", "s64",
    "__u64", "uint64_t", "size_t", "phys_addr_t", "resource_size_t", "uintptr_t", "ulong",
  ]
  private static let smallTypes: Set<String> = ["int", "signed int", "unsigned int", "unsigned"]

  let function: KernelFunction

  /// The role of a parameter that follows those with `roles`; nil if no era's signature has it.
  func role(of parameter: Parameter, after roles: [String]) -> String? {
    let role: String? =
      switch (parameter.type, parameter.pointers) {
      case (let type, 1) where Self.tableTypes.contains(type): tableRole(roles)
      case ("struct vmem_altmap", 1): "MHP_ALTMAP"
      case ("struct dev_pagemap", 1): "MHP_PGMAP"
      case ("struct mhp_params", 1): "MHP_PARAMS"
      case ("struct page", 1): "MHP_PAGE"
      case ("bool", 0), ("_Bool", 0): "MHP_IS_VMEMMAP"
      case ("pgprot_t", 0): "MHP_PROTECTION"
      case ("pgprot_t", 1): "MHP_PROTECTION_POINTER"
      case ("char", 1) where function == .preallocatePgdPagesRange: "MHP_AREA"
      case ("void", 1) where function == .vmemmapSetPmd: "MHP_POINTER"
      case (let type, 0) where Self.smallTypes.contains(type): smallRole(parameter)
      case (let type, 0) where Self.integerTypes.contains(type): integerRole(parameter, roles)
      // The subject's own typedef of an integer, for example __ptraddr_t. The compiler resolves it.
      case (let type, 0) where !type.contains(" ") && !Self.tableTypes.contains(type):
        integerRole(parameter, roles)
      default: nil
      }
    guard let role, !roles.contains(role) else { return nil }
    return role == "MHP_END" && roles.contains("MHP_SIZE") ? nil : role
  }

  private func tableRole(_ roles: [String]) -> String? {
    switch function {
    case .freePteTable, .freePmdTable, .freePudTable:
      roles.contains("MHP_TABLE") ? "MHP_PARENT" : "MHP_TABLE"
    case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping,
      .removePgdMapping:
      "MHP_BASE"
    case .createPteMapping, .createPmdMapping, .createPudMapping, .createP4dMapping,
      .createPgdMapping:
      "MHP_TABLE"
    case .vmemmapSetPmd, .vmemmapCheckPmd: "MHP_PARENT"
    default: nil
    }
  }

  private func smallRole(_ parameter: Parameter) -> String? {
    switch function {
    case .archAddMemory, .archRemoveMemory, .vmemmapPopulate, .vmemmapPopulateHugepages,
      .vmemmapSetPmd, .vmemmapCheckPmd:
      "MHP_NODE"
    case .freeVmemmapStorage: "MHP_SIZE"
    default: parameter.name?.contains("vmemmap") == true ? "MHP_IS_VMEMMAP" : nil
    }
  }

  private func integerRole(_ parameter: Parameter, _ roles: [String]) -> String? {
    switch function {
    case .freeVmemmapStorage: return "MHP_SIZE"
    case .createPteMapping, .createPmdMapping, .createPudMapping, .createP4dMapping,
      .createPgdMapping, .bestMapSize:
      return mappingRole(parameter, roles)
    case .getPteVirtLate, .getPmdVirtLate, .getPudVirtLate, .getP4dVirtLate: return "MHP_PHYSICAL"
    case .createLinearMappingRange where roles.contains("MHP_END"): return "MHP_BLOCK"
    default: break
    }
    switch parameter.name {
    case "start", "addr", "address", "va", "pa", "phys", "base", "begin": return "MHP_START"
    case "end", "stop", "limit", "next": return "MHP_END"
    case "size", "len", "length", "bytes": return "MHP_SIZE"
    default: break
    }
    guard roles.contains("MHP_START") else { return "MHP_START" }
    switch function {
    case .removeLinearMapping, .archAddMemory, .archRemoveMemory: return "MHP_SIZE"
    default: return "MHP_END"
    }
  }

  /// The order is (va, pa, size) for functions that create one mapping, and (pa, va, size) for
  /// `best_map_size`, which has no virtual address before 6.4.
  private func mappingRole(_ parameter: Parameter, _ roles: [String]) -> String? {
    let size = function == .bestMapSize ? "MHP_SIZE" : "MHP_BLOCK"
    switch parameter.name {
    case "va", "vaddr", "virt", "addr", "address": return "MHP_START"
    case "pa", "phys", "paddr", "base": return "MHP_PHYSICAL"
    case "sz", "size", "len", "length": return size
    default: break
    }
    let order =
      function == .bestMapSize
      ? ["MHP_PHYSICAL", "MHP_START", size] : ["MHP_START", "MHP_PHYSICAL", size]
    return order.first { !roles.contains($0) }
  }

  /// The roles that every era's signature has, with their meanings.
  var required: [(role: String, meaning: String)] {
    let start = (role: "MHP_START", meaning: "the start of the range")
    let end = (role: "MHP_END", meaning: "the end of the range")
    let size = (role: "MHP_SIZE", meaning: "the size")
    let address = (role: "MHP_START", meaning: "the virtual address")
    switch function {
    case .freePteTable, .freePmdTable, .freePudTable:
      return [("MHP_TABLE", "the table's first entry"), ("MHP_PARENT", "the parent entry")]
    case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping:
      return [("MHP_BASE", "the table"), start, end]
    case .removePgdMapping, .vmemmapFree, .createLinearMappingRange, .preallocatePgdPagesRange,
      .vmemmapPopulate, .vmemmapPopulateHugepages:
      return [start, end]
    case .freeVmemmapStorage: return [("MHP_PAGE", "the page"), size]
    case .removeLinearMapping, .archRemoveMemory: return [start, size]
    case .archAddMemory: return [start, size, ("MHP_PARAMS", "the hotplug parameters")]
    case .createPteMapping, .createPmdMapping, .createPudMapping, .createP4dMapping,
      .createPgdMapping:
      return [
        ("MHP_TABLE", "the table"), address, ("MHP_PHYSICAL", "the physical address"),
        ("MHP_BLOCK", "the size"), ("MHP_PROTECTION", "the protection"),
      ]
    case .bestMapSize: return [("MHP_PHYSICAL", "the physical address"), size]
    case .pgprotFromVa: return [address]
    case .getPteVirtLate, .getPmdVirtLate, .getPudVirtLate, .getP4dVirtLate:
      return [("MHP_PHYSICAL", "the physical address")]
    case .vmemmapSetPmd:
      return [("MHP_PARENT", "the entry"), ("MHP_POINTER", "the block")]
    case .vmemmapCheckPmd: return [("MHP_PARENT", "the entry")]
    case .archGetMappableRange, .allocPteLate, .allocPmdLate, .allocPudLate, .allocP4dLate,
      .pgtableCacheInit:
      return []
    }
  }
}
