// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Collects the members of a JSON object, and omits default values.
private struct ObjectWriter {
  private(set) var members: [JSONValue.Member] = []

  mutating func put(_ key: String, _ value: JSONValue) {
    members.append(JSONValue.Member(key: key, value: value))
  }

  mutating func put(_ key: String, hex value: UInt64?, unless standard: UInt64? = nil) {
    guard let value, value != standard else { return }
    put(key, .string("0x" + String(value, radix: 16)))
  }

  mutating func put(_ key: String, integer value: Int?, unless standard: Int? = nil) {
    guard let value, value != standard else { return }
    put(key, .integer(Int64(value)))
  }

  mutating func put(_ key: String, list: [JSONValue]) {
    if !list.isEmpty { put(key, .array(list)) }
  }

  var value: JSONValue { .object(members) }
}

extension Scenario {
  /// The JSON form, schema "mhpcheck.scenario/1". Members have a fixed order, 64-bit quantities are hex
  /// strings, names are those of the kernel, and default values are omitted.
  public func jsonText() -> String { jsonValue.text() + "\n" }

  var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("schema", .string(scenarioSchema))
    writer.put("id", .string(id))
    writer.put("purpose", .string(purpose))
    writer.put("mode", .string(mode))
    writer.put("indexBits", integer: Int(clamping: indexBits), unless: 9)
    writer.put("tables", .array(tables.map(\.jsonValue)))
    writer.put("frames", list: frames.map(\.jsonValue))
    writer.put("altmaps", list: altmaps.map(\.jsonValue))
    writer.put("pgmaps", list: pgmaps.map(\.jsonValue))
    if core != .recorded { writer.put("core", .string(core.rawValue)) }
    writer.put("sections", list: sections.map(\.jsonValue))
    if globals != Globals() { writer.put("globals", globals.jsonValue) }
    if injected != InjectedFailures() { writer.put("injected", injected.jsonValue) }
    writer.put("operations", .array(operations.map(\.jsonValue)))
    return writer.value
  }
}

extension Scenario.Table {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("level", .string(level.name))
    if owner != .allocator { writer.put("owner", .string(owner.scenarioName)) }
    if isConstructed { writer.put("constructed", .bool(true)) }
    writer.put("entries", list: entries.map(\.jsonValue))
    return writer.value
  }
}

extension Scenario.EntryRun {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("slot", integer: slot)
    writer.put("count", integer: count, unless: 1)
    switch value {
    case .leaf(let pfn, let protection):
      writer.put("leaf", hex: pfn)
      writer.put("protection", hex: protection)
    case .table(let number): writer.put("table", integer: number)
    case .raw(let word): writer.put("word", hex: word)
    }
    return writer.value
  }
}

extension Scenario.Frames {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("pfn", hex: pfn)
    writer.put("count", hex: count)
    writer.put("owner", .string(owner.scenarioName))
    return writer.value
  }
}

extension Scenario.Altmap {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("basePFN", hex: basePFN)
    writer.put("endPFN", hex: endPFN)
    writer.put("reserve", hex: reserve, unless: 0)
    writer.put("free", hex: free)
    writer.put("align", hex: align, unless: 0)
    writer.put("alloc", hex: alloc)
    return writer.value
  }
}

extension Scenario.Pgmap {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("vmemmapShift", integer: vmemmapShift, unless: 0)
    return writer.value
  }
}

extension Scenario.Section {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("number", hex: number)
    writer.put("subsections", hex: subsections, unless: .max)
    if isEarly { writer.put("early", .bool(true)) }
    return writer.value
  }
}

extension Scenario.Globals {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("maxPFN", hex: maxPFN, unless: 0)
    writer.put("maxLowPFN", hex: maxLowPFN, unless: 0)
    if isDebugPagealloc { writer.put("debugPagealloc", .bool(true)) }
    if isUniprocessor { writer.put("uniprocessor", .bool(true)) }
    return writer.value
  }
}

extension Scenario.InjectedFailures {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("addPagesResult", integer: Int(addPagesResult), unless: 0)
    writer.put("allocationBudget", integer: allocationBudget.map { Int($0) })
    writer.put("failingAllocation", integer: failingAllocation.map(Int.init))
    return writer.value
  }
}

extension Scenario.Call {
  fileprivate var jsonValue: JSONValue {
    var writer = ObjectWriter()
    writer.put("function", .string(function.name))
    writer.put("table", integer: table)
    writer.put("parentTable", integer: parentTable)
    writer.put("parentSlot", integer: parentSlot)
    writer.put("start", hex: start)
    writer.put("end", hex: end)
    writer.put("size", hex: size)
    writer.put("pfn", hex: pfn)
    if let isVmemmap { writer.put("isVmemmap", .bool(isVmemmap)) }
    writer.put("altmap", integer: altmap)
    writer.put("pgmap", integer: pgmap)
    writer.put("node", integer: node.map { Int($0) })
    writer.put("protection", hex: protection)
    writer.put("physical", hex: physical)
    writer.put("blockSize", hex: blockSize)
    return writer.value
  }
}
