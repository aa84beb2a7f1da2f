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

  private let row: SurfaceRow
  /// The roles of its tables and entries, in C's order.
  private let tables: [String]
  /// The roles of its integers, in C's order.
  private let integers: [String]

  init(function: KernelFunction) {
    row = function.row
    let roles = row.parameters.map(\.role)
    tables = roles.filter(Self.areTables.contains).map(Self.macro)
    integers = roles.filter(Self.areIntegers.contains).map(Self.macro)
  }

  private static let areTables: Set<SurfaceParameter.Role> = [
    .freedTable, .parentEntry, .base, .table, .entry,
  ]
  private static let areIntegers: Set<SurfaceParameter.Role> = [
    .start, .memmapStart, .physicalStart, .end, .size, .address, .physical, .blockSize,
  ]

  /// Whether some era's signature has a parameter of the role.
  private func has(_ role: SurfaceParameter.Role) -> Bool {
    row.parameters.contains { $0.role == role }
  }

  /// The role of a parameter that follows those with `roles`; nil if no era's signature has it.
  func role(of parameter: Parameter, after roles: [String]) -> String? {
    let role: String? =
      switch (parameter.type, parameter.pointers) {
      case (let type, 1) where Self.tableTypes.contains(type): tableRole(type, roles)
      case ("struct vmem_altmap", 1): "MHP_ALTMAP"
      case ("struct dev_pagemap", 1): "MHP_PGMAP"
      case ("struct mhp_params", 1): "MHP_PARAMS"
      case ("struct page", 1): "MHP_PAGE"
      case ("bool", 0), ("_Bool", 0): "MHP_IS_VMEMMAP"
      case ("pgprot_t", 0): "MHP_PROTECTION"
      case ("pgprot_t", 1): "MHP_PROTECTION_POINTER"
      case ("char", 1) where has(.area): "MHP_AREA"
      case ("void", 1) where has(.block): "MHP_POINTER"
      case (let type, 0) where Self.smallTypes.contains(type): smallRole(parameter)
      case (let type, 0) where Self.integerTypes.contains(type): integerRole(parameter, roles)
      // The subject's own typedef of an integer, for example __ptraddr_t. The compiler resolves it.
      case (let type, 0) where !type.contains(" ") && !Self.tableTypes.contains(type):
        integerRole(parameter, roles)
      default: nil
      }
    guard let role, !roles.contains(role), !leavesOpen(parameter) else { return nil }
    return role == "MHP_END" && roles.contains("MHP_SIZE") ? nil : role
  }

  /// Whether a parameter may count bytes, pages or an order, as far as its type and name say. Callers know.
  func leavesOpen(_ parameter: Parameter) -> Bool {
    guard integers == ["MHP_SIZE"], parameter.pointers == 0,
      Self.smallTypes.contains(parameter.type) || Self.integerTypes.contains(parameter.type)
    else { return false }
    let name = parameter.name?.lowercased() ?? ""
    if Self.wordsOfBytes.contains(where: { name.contains($0) }) { return false }
    if Self.wordsOfCounts.contains(where: { name.contains($0) }) { return true }
    return parameter.type != "size_t" && parameter.name != nil
  }

  private static let wordsOfBytes = ["size", "sz", "len", "byte"]
  private static let wordsOfCounts = ["nr", "num", "page", "count", "order"]

  /// A table that is freed and the entry above it have different types, so their order does not matter.
  private func tableRole(_ type: String, _ roles: [String]) -> String? {
    guard row.purpose == .freesTable, let level = row.level else {
      return tables.first { !roles.contains($0) }
    }
    return type == "\(level.name)_t" ? "MHP_TABLE" : "MHP_PARENT"
  }

  private func smallRole(_ parameter: Parameter) -> String? {
    if has(.node) { return "MHP_NODE" }
    if integers == ["MHP_SIZE"] { return "MHP_SIZE" }
    return parameter.name?.contains("vmemmap") == true ? "MHP_IS_VMEMMAP" : nil
  }

  private func integerRole(_ parameter: Parameter, _ roles: [String]) -> String? {
    if integers == ["MHP_SIZE"] || integers == ["MHP_PHYSICAL"] { return integers[0] }
    if has(.address), has(.physical) { return mappingRole(parameter, roles) }
    if has(.blockSize), roles.contains("MHP_END") { return "MHP_BLOCK" }
    switch parameter.name {
    case "start", "addr", "address", "va", "pa", "phys", "base", "begin": return "MHP_START"
    case "end", "stop", "limit", "next": return "MHP_END"
    case "size", "len", "length", "bytes": return "MHP_SIZE"
    default: break
    }
    guard roles.contains("MHP_START") else { return "MHP_START" }
    return has(.size) ? "MHP_SIZE" : "MHP_END"
  }

  /// For functions of a virtual and a physical address. Without a known name, the order decides.
  private func mappingRole(_ parameter: Parameter, _ roles: [String]) -> String? {
    switch parameter.name {
    case "va", "vaddr", "virt", "addr", "address": return "MHP_START"
    case "pa", "phys", "paddr", "base": return "MHP_PHYSICAL"
    case "sz", "size", "len", "length": return has(.size) ? "MHP_SIZE" : "MHP_BLOCK"
    default: return integers.first { !roles.contains($0) }
    }
  }

  /// The arguments of a call with every parameter that some era has, in C's order. Tables and entries are not
  /// among them: their macros need a type.
  var arguments: [String] {
    row.parameters.filter { !Self.areTables.contains($0.role) }.map { "\(Self.macro($0.role))(op)" }
  }

  /// The roles that every era's signature has, with their meanings.
  var required: [(role: String, meaning: String)] {
    row.parameters.filter(\.isOfEveryEra).map {
      (role: Self.macro($0.role), meaning: Self.meaning($0.role))
    }
  }

  /// The macro of `mhp/arguments.h`.
  private static func macro(_ role: SurfaceParameter.Role) -> String {
    switch role {
    case .freedTable, .table: "MHP_TABLE"
    case .base: "MHP_BASE"
    case .parentEntry, .entry: "MHP_PARENT"
    case .start, .memmapStart, .physicalStart, .address: "MHP_START"
    case .end: "MHP_END"
    case .size: "MHP_SIZE"
    case .physical: "MHP_PHYSICAL"
    case .block: "MHP_POINTER"
    case .blockSize: "MHP_BLOCK"
    case .pageFrame: "MHP_PAGE"
    case .isVmemmap: "MHP_IS_VMEMMAP"
    case .altmap: "MHP_ALTMAP"
    case .pgmap: "MHP_PGMAP"
    case .hotplugParameters: "MHP_PARAMS"
    case .node: "MHP_NODE"
    case .protection: "MHP_PROTECTION"
    case .protectionPointer: "MHP_PROTECTION_POINTER"
    case .area: "MHP_AREA"
    }
  }

  /// The parameter in words.
  private static func meaning(_ role: SurfaceParameter.Role) -> String {
    switch role {
    case .freedTable: "the table's first entry"
    case .table, .base: "the table"
    case .parentEntry: "the parent entry"
    case .entry: "the entry"
    case .start, .memmapStart, .physicalStart: "the start of the range"
    case .end: "the end of the range"
    case .size, .blockSize: "the size"
    case .address: "the virtual address"
    case .physical: "the physical address"
    case .block: "the block"
    case .pageFrame: "the page"
    case .isVmemmap: "the memmap's flag"
    case .altmap: "the altmap"
    case .pgmap: "the pgmap"
    case .hotplugParameters: "the hotplug parameters"
    case .node: "the node"
    case .protection, .protectionPointer: "the protection"
    case .area: "the area's name"
    }
  }
}
