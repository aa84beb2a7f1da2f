// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

extension TableNames {
  /// A call in C syntax, with readable arguments.
  func call(_ call: Scenario.Call) -> String {
    "\(call.function.name)(\(arguments(of: call).joined(separator: ", ")))"
  }

  private func arguments(of call: Scenario.Call) -> [String] {
    var arguments: [String] = []
    if let pfn = call.pfn { arguments.append("page of pfn \(hex(pfn))") }
    if let node = call.node { arguments.append("node \(node)") }
    if let number = call.table {
      let slot = call.parentTable == nil ? call.parentSlot.map { "[\($0)]" } ?? "" : ""
      arguments.append("\(table(number))\(slot)")
    }
    if let parent = call.parentTable {
      let name = call.function.isOfHotplug ? "parent " : ""
      arguments.append("\(name)\(table(parent))[\(call.parentSlot ?? 0)]")
    }
    if let start = call.start { arguments.append(hex(start)) }
    if let end = call.end { arguments.append(hex(end)) }
    if let physical = call.physical { arguments.append("pa \(hex(physical))") }
    if let size = call.size ?? call.blockSize { arguments.append(Self.size(size)) }
    if let isVmemmap = call.isVmemmap { arguments.append(isVmemmap ? "vmemmap" : "not vmemmap") }
    if let protection = call.protection { arguments.append("prot \(hex(protection))") }
    if let altmap = call.altmap { arguments.append("altmap \(altmap)") }
    if let pgmap = call.pgmap { arguments.append("pgmap \(pgmap)") }
    return arguments
  }
}
