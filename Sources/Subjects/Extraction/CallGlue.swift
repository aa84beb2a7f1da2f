// SPDX-License-Identifier: GPL-2.0-only

import MachineModel

/// Writes the macro by which `mhp/dispatch.h` calls a function of the surface, with an argument for
/// each parameter that the subject's own signature has.
struct CallGlue {
  private static let tableTypes: Set<String> = ["pte_t", "pmd_t", "pud_t", "p4d_t", "pgd_t"]
  private static let integerTypes: Set<String> = [
    "unsigned long", "unsigned long int", "long", "unsigned long long", "long long", "u64", "s64",
    "__u64", "uint64_t", "size_t", "phys_addr_t", "resource_size_t", "uintptr_t", "ulong",
  ]
  private static let smallTypes: Set<String> = ["int", "signed int", "unsigned int", "unsigned"]

  private let text: SplicedText
  private let function: SurfaceFunction

  init(_ text: SplicedText, _ function: SurfaceFunction) {
    self.text = text
    self.function = function
  }

  /// The lines of glue for a definition.
  ///
  /// - Throws: for a parameter that no era's signature has, and for a signature that lacks one of
  ///   those that every era's has.
  func lines(for item: SourceItem) throws(SubjectError) -> [String] {
    guard item.hasDirectiveInHeader, let headers = ConditionalHeaders(text, item) else {
      let header = item.range.lowerBound..<(item.body ?? item.range.upperBound)
      return try lines(CLexer.tokens(text, header), item)
    }
    var lines: [String] = []
    for branch in headers.branches {
      lines.append(branch.directive)
      lines += try self.lines(branch.header, item)
    }
    return lines + ["#endif"]
  }

  private func lines(_ tokens: [CToken], _ item: SourceItem) throws(SubjectError) -> [String] {
    let list = DeclarationReader(text, tokens).header()?.parameters ?? []
    var parameters = Parameter.split(list).map { Parameter(text, $0) }
    if parameters.count == 1, parameters[0].isVoid { parameters = [] }
    var roles: [String] = []
    var arguments: [String] = []
    for parameter in parameters {
      guard let role = role(of: parameter, after: roles) else {
        throw SubjectError(
          message: "\(text.location(parameter.offset)): \(function.name) has a parameter "
            + "'\(parameter.spelling)' that no known version of it has",
          advice: "give it the parameters of commit c75a74f4ba19 or of a later kernel")
      }
      roles.append(role)
      let needsType = ["MHP_TABLE", "MHP_BASE", "MHP_PARENT"].contains(role)
      arguments.append(needsType ? "\(role)(\(parameter.type), op)" : "\(role)(op)")
    }
    if let missing = required.first(where: { !roles.contains($0.role) }) {
      throw SubjectError(
        message: "\(text.location(item.range.lowerBound)): \(function.name) has no parameter "
          + "for \(missing.meaning)",
        advice: "give it the parameters of commit c75a74f4ba19 or of a later kernel")
    }
    var lines = [
      "#define MHP_HAVE_\(function.name) 1",
      "#define MHP_CALL_\(function.name)(op) "
        + "\(function.name)(\(arguments.joined(separator: ", ")))",
    ]
    if function == .archRemoveMemory, !roles.contains("MHP_PGMAP") {
      lines.append("#define MHP_NO_PGMAP_PARAMETER 1")
    }
    return lines
  }

  private func role(of parameter: Parameter, after roles: [String]) -> String? {
    let role: String? =
      switch (parameter.type, parameter.pointers) {
      case (let type, 1) where Self.tableTypes.contains(type): tableRole(roles)
      case ("struct vmem_altmap", 1): "MHP_ALTMAP"
      case ("struct dev_pagemap", 1): "MHP_PGMAP"
      case ("struct mhp_params", 1): "MHP_PARAMS"
      case ("struct page", 1): "MHP_PAGE"
      case ("bool", 0), ("_Bool", 0): "MHP_IS_VMEMMAP"
      case (let type, 0) where Self.smallTypes.contains(type): smallRole(parameter)
      case (let type, 0) where Self.integerTypes.contains(type): integerRole(parameter, roles)
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
    default: nil
    }
  }

  private func smallRole(_ parameter: Parameter) -> String? {
    switch function {
    case .archAddMemory, .archRemoveMemory: "MHP_NODE"
    case .freeVmemmapStorage: "MHP_SIZE"
    default: parameter.name?.contains("vmemmap") == true ? "MHP_IS_VMEMMAP" : nil
    }
  }

  /// By name where the name says it, else by position.
  private func integerRole(_ parameter: Parameter, _ roles: [String]) -> String? {
    if function == .freeVmemmapStorage { return "MHP_SIZE" }
    switch parameter.name {
    case "start", "addr", "address", "va", "pa", "phys", "base", "begin": return "MHP_START"
    case "end", "stop", "limit": return "MHP_END"
    case "size", "len", "length", "bytes": return "MHP_SIZE"
    default: break
    }
    guard roles.contains("MHP_START") else { return "MHP_START" }
    switch function {
    case .removeLinearMapping, .archAddMemory, .archRemoveMemory: return "MHP_SIZE"
    default: return "MHP_END"
    }
  }

  private var required: [(role: String, meaning: String)] {
    let start = (role: "MHP_START", meaning: "the start of the range")
    let end = (role: "MHP_END", meaning: "the end of the range")
    let size = (role: "MHP_SIZE", meaning: "the size")
    switch function {
    case .freePteTable, .freePmdTable, .freePudTable:
      return [("MHP_TABLE", "the table's first entry"), ("MHP_PARENT", "the parent entry")]
    case .removePteMapping, .removePmdMapping, .removePudMapping, .removeP4dMapping:
      return [("MHP_BASE", "the table"), start, end]
    case .removePgdMapping, .vmemmapFree: return [start, end]
    case .freeVmemmapStorage: return [("MHP_PAGE", "the page"), size]
    case .removeLinearMapping, .archRemoveMemory: return [start, size]
    case .archAddMemory: return [start, size, ("MHP_PARAMS", "the hotplug parameters")]
    case .archGetMappableRange: return []
    }
  }
}
