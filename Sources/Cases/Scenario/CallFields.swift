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
  var requiredFields: Set<CallField> { CallFields.byFunction[Int(rawValue)].required }

  /// The fields that a call of the function may have. An absent one means slot 0, false, NULL, node 0, the
  /// best size, or the protection of the address.
  var optionalFields: Set<CallField> { CallFields.byFunction[Int(rawValue)].optional }
}

/// The fields of a call, from the parameters of its function.
private struct CallFields: Sendable {
  var required: Set<CallField> = []
  var optional: Set<CallField> = []

  /// By raw value.
  static let byFunction = KernelFunction.allCases.map { CallFields($0.row) }

  private init(_ row: SurfaceRow) {
    for parameter in row.parameters {
      let fields = Self.fields(of: parameter.role)
      switch parameter.use {
      case .required:
        required.formUnion(fields.required)
        optional.formUnion(fields.optional)
      case .optional: optional.formUnion(fields.required + fields.optional)
      case .none: break
      }
    }
  }

  private static func fields(
    of role: SurfaceParameter.Role
  ) -> (required: [CallField], optional: [CallField]) {
    switch role {
    case .freedTable, .table: ([.table], [])
    case .base: ([.table], [.parentSlot])
    case .parentEntry, .entry: ([.parentTable, .parentSlot], [])
    case .start, .memmapStart, .physicalStart, .address: ([.start], [])
    case .end: ([.end], [])
    case .size: ([.size], [])
    case .physical, .block: ([.physical], [])
    case .blockSize: ([.blockSize], [])
    case .pageFrame: ([.pfn], [])
    case .isVmemmap: ([.isVmemmap], [])
    case .altmap: ([.altmap], [])
    case .pgmap: ([.pgmap], [])
    case .hotplugParameters: ([.protection], [.altmap, .pgmap])
    case .node: ([.node], [])
    case .protection, .protectionPointer: ([.protection], [])
    case .area: ([], [])
    }
  }
}
