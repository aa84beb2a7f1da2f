// SPDX-License-Identifier: GPL-2.0-only

import FoundationEssentials
import Machine

extension Scenario {
  /// Reads the JSON form strictly: an unknown member, a wrong type or a missing member is an error of one
  /// line. `lowered` checks whether the scenario is valid for a machine.
  public init(jsonText: String) throws(ScenarioError) {
    let value: JSONValue
    do {
      value = try JSONDecoder().decode(JSONValue.self, from: Data(jsonText.utf8))
    } catch {
      throw ScenarioError("", "not JSON")
    }
    try self.init(jsonValue: value)
  }

  init(jsonValue: JSONValue) throws(ScenarioError) {
    let keys: Set = [
      "schema", "id", "purpose", "mode", "indexBits", "tables", "frames", "altmaps", "pgmaps",
      "core", "sections", "globals", "injected", "operations",
    ]
    let reader = try ObjectReader(jsonValue, path: "", keys: keys)
    let schema = try reader.require("schema", reader.string("schema"))
    guard schema == scenarioSchema else {
      throw ScenarioError(
        "schema", "\(ScenarioError.quoted(schema)) is not \"\(scenarioSchema)\"")
    }
    self.init(
      id: try reader.require("id", reader.string("id")),
      purpose: try reader.string("purpose") ?? "",
      mode: try reader.require("mode", reader.string("mode")),
      indexBits: try reader.integer("indexBits") ?? 9, tables: [], operations: [])
    guard reader.has("tables") else { throw ScenarioError("tables", "missing") }
    for (value, path) in try reader.list("tables") { tables.append(try Table(value, path)) }
    for (value, path) in try reader.list("frames") { frames.append(try Frames(value, path)) }
    for (value, path) in try reader.list("altmaps") { altmaps.append(try Altmap(value, path)) }
    for (value, path) in try reader.list("pgmaps") { pgmaps.append(try Pgmap(value, path)) }
    if let name = try reader.string("core") {
      guard let core = Core(rawValue: name) else {
        throw ScenarioError(
          "core", "\(ScenarioError.quoted(name)) is neither \"recorded\" nor \"live\"")
      }
      self.core = core
    }
    for (value, path) in try reader.list("sections") { sections.append(try Section(value, path)) }
    if let value = reader.value("globals") { globals = try Globals(value, "globals") }
    if let value = reader.value("injected") {
      injected = try InjectedFailures(value, "injected")
    }
    guard reader.has("operations") else { throw ScenarioError("operations", "missing") }
    for (value, path) in try reader.list("operations") {
      operations.append(try Call(value, path))
    }
  }
}

/// `Codable` with the same schema, for types that hold scenarios.
extension Scenario: Codable {
  /// Reads the JSON form from a decoder, as strictly as from text.
  public init(from decoder: any Decoder) throws {
    try self.init(jsonValue: JSONValue(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws { try jsonValue.encode(to: encoder) }
}

extension ObjectReader {
  fileprivate func owner(_ key: String) throws(ScenarioError) -> PageOwner? {
    guard let name = try string(key) else { return nil }
    guard let owner = PageOwner(scenarioName: name) else {
      throw ScenarioError(
        path(of: key),
        "\(ScenarioError.quoted(name)) is none of \"allocator\", \"reserved\" and \"altmap\"")
    }
    return owner
  }
}

extension Scenario.Table {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(
      value, path: path, keys: ["level", "owner", "constructed", "entries"])
    let name = try reader.require("level", reader.string("level"))
    guard let level = Level(scenarioName: name) else {
      throw ScenarioError("\(path).level", "there is no level \(ScenarioError.quoted(name))")
    }
    self.init(
      level: level, owner: try reader.owner("owner") ?? .allocator,
      isConstructed: try reader.bool("constructed") ?? false)
    for (value, path) in try reader.list("entries") {
      entries.append(try Scenario.EntryRun(value, path))
    }
  }
}

extension Scenario.EntryRun {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(
      value, path: path, keys: ["slot", "count", "leaf", "protection", "table", "word"])
    let kinds = ["leaf", "table", "word"].filter { reader.has($0) }
    guard kinds.count == 1 else {
      throw ScenarioError(path, "needs one of \"leaf\", \"table\" and \"word\"")
    }
    guard reader.has("leaf") || !reader.has("protection") else {
      throw ScenarioError("\(path).protection", "only a leaf has one")
    }
    let entry: Scenario.EntryValue
    if let number = try reader.integer("table", as: Int.self) {
      entry = .table(number)
    } else if let word = try reader.hex("word") {
      entry = .raw(word)
    } else {
      entry = .leaf(
        pfn: try reader.require("leaf", reader.hex("leaf")),
        protection: try reader.require("protection", reader.hex("protection")))
    }
    self.init(
      slot: try reader.require("slot", reader.integer("slot")),
      count: try reader.integer("count") ?? 1, value: entry)
  }
}

extension Scenario.Frames {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(value, path: path, keys: ["pfn", "count", "owner"])
    self.init(
      pfn: try reader.require("pfn", reader.hex("pfn")),
      count: try reader.require("count", reader.hex("count")),
      owner: try reader.require("owner", reader.owner("owner")))
  }
}

extension Scenario.Altmap {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(
      value, path: path, keys: ["basePFN", "endPFN", "reserve", "free", "align", "alloc"])
    self.init(
      basePFN: try reader.require("basePFN", reader.hex("basePFN")),
      endPFN: try reader.require("endPFN", reader.hex("endPFN")),
      reserve: try reader.hex("reserve") ?? 0,
      free: try reader.require("free", reader.hex("free")),
      align: try reader.hex("align") ?? 0,
      alloc: try reader.require("alloc", reader.hex("alloc")))
  }
}

extension Scenario.Pgmap {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(value, path: path, keys: ["vmemmapShift"])
    self.init(vmemmapShift: try reader.integer("vmemmapShift") ?? 0)
  }
}

extension Scenario.Section {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(value, path: path, keys: ["number", "subsections", "early"])
    self.init(
      number: try reader.require("number", reader.hex("number")),
      subsections: try reader.hex("subsections") ?? .max,
      isEarly: try reader.bool("early") ?? false)
  }
}

extension Scenario.Globals {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(
      value, path: path, keys: ["maxPFN", "maxLowPFN", "debugPagealloc", "uniprocessor"])
    self.init(
      maxPFN: try reader.hex("maxPFN") ?? 0, maxLowPFN: try reader.hex("maxLowPFN") ?? 0,
      isDebugPagealloc: try reader.bool("debugPagealloc") ?? false,
      isUniprocessor: try reader.bool("uniprocessor") ?? false)
  }
}

extension Scenario.InjectedFailures {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(
      value, path: path, keys: ["addPagesResult", "allocationBudget", "failingAllocation"])
    self.init(
      addPagesResult: try reader.integer("addPagesResult") ?? 0,
      allocationBudget: try reader.integer("allocationBudget"),
      failingAllocation: try reader.integer("failingAllocation"))
  }
}

extension Scenario.Call {
  fileprivate init(_ value: JSONValue, _ path: String) throws(ScenarioError) {
    let reader = try ObjectReader(
      value, path: path, keys: Set(CallField.allCases.map(\.rawValue) + ["function"]))
    let name = try reader.require("function", reader.string("function"))
    guard let function = KernelFunction(name: name) else {
      throw ScenarioError(
        "\(path).function", "the surface has no function \(ScenarioError.quoted(name))")
    }
    self.init(function)
    table = try reader.integer("table")
    parentTable = try reader.integer("parentTable")
    parentSlot = try reader.integer("parentSlot")
    start = try reader.hex("start")
    end = try reader.hex("end")
    size = try reader.hex("size")
    pfn = try reader.hex("pfn")
    isVmemmap = try reader.bool("isVmemmap")
    altmap = try reader.integer("altmap")
    pgmap = try reader.integer("pgmap")
    node = try reader.integer("node")
    protection = try reader.hex("protection")
    physical = try reader.hex("physical")
    blockSize = try reader.hex("blockSize")
  }
}
