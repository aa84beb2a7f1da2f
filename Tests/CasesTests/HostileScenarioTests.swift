// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases

@Suite("A wrong scenario")
struct HostileScenarioTests {
  @Test("is refused with one line that names the place", arguments: Fault.all)
  func refusals(fault: Fault) {
    let error = #expect(throws: ScenarioError.self) {
      try Scenario(jsonText: fault.text).lowered()
    }
    #expect(error?.description == fault.message)
  }
}

/// A text that is not a valid scenario, and the line that rejects it.
struct Fault: CustomTestStringConvertible, Sendable {
  var text: String
  var message: String
  var testDescription: String { message }

  init(_ message: String, text: String) {
    self.text = text
    self.message = message
  }

  /// A valid scenario with one part replaced.
  private init(
    _ message: String, head: String = #""id": "x", "mode": "sv39""#,
    tables: String = #"[{ "level": "pgd" }, { "level": "pmd" }, { "level": "pte" }]"#,
    operations: String = "[]", more: String = ""
  ) {
    self.init(
      message,
      text: #"{ "schema": "mhpcheck.scenario/1", \#(head), "tables": \#(tables), "#
        + #""operations": \#(operations) \#(more) }"#)
  }

  private static func entry(_ message: String, _ entry: String) -> Fault {
    Fault(
      message,
      tables:
        #"[{ "level": "pgd", "entries": [\#(entry)] }, { "level": "pmd" }, { "level": "pte" }]"#
    )
  }

  private static func call(_ message: String, _ call: String) -> Fault {
    Fault(message, operations: "[{ \(call) }]")
  }

  private static func many(_ element: String, _ count: Int) -> String {
    Array(repeating: element, count: count).joined(separator: ", ")
  }

  static var all: [Fault] { shapes + tables + entries + pages + calls }

  private static let shapes: [Fault] = [
    Fault("not JSON", text: ""),
    Fault("not JSON", text: "{"),
    Fault("not JSON", text: many("[", 100_000)),
    Fault("not an object", text: "[]"),
    Fault("schema: missing", text: "{}"),
    Fault(
      #"schema: "mhpcheck.scenario/2" is not "mhpcheck.scenario/1""#,
      text: #"{ "schema": "mhpcheck.scenario/2" }"#),
    Fault("mode: missing", head: #""id": "x""#),
    Fault("id: not a string", head: #""id": 7, "mode": "sv39""#),
    Fault(#"unknown member "new?line""#, head: #""id": "x", "mode": "sv39", "new\nline": 1"#),
    Fault(#"mode: no paging mode is called "sv64""#, head: #""id": "x", "mode": "sv64""#),
    Fault(
      "indexBits: 3 is none of 1, 2 and 9", head: #""id": "x", "mode": "sv39", "indexBits": 3"#),
    Fault(
      "indexBits: -1 is out of range", head: #""id": "x", "mode": "sv39", "indexBits": -1"#),
  ]

  private static let tables: [Fault] = [
    Fault("tables: not an array", tables: "{}"),
    Fault(#"tables: table 0 must be the root, of level "pgd""#, tables: "[]"),
    Fault(#"tables[0].level: there is no level "pdg""#, tables: #"[{ "level": "pdg" }]"#),
    Fault(
      "tables[1].level: pud is folded in sv39", tables: #"[{ "level": "pgd" }, { "level": "pud" }]"#
    ),
    Fault(
      "tables[1].level: only table 0 is the root",
      tables: #"[{ "level": "pgd" }, { "level": "pgd" }]"#),
    Fault(
      "tables[1].owner: a table is the allocator's or reserved",
      tables: #"[{ "level": "pgd" }, { "level": "pmd", "owner": "altmap" }]"#),
    Fault(
      "tables: more than 2048",
      tables: #"[{ "level": "pgd" }, \#(many(pteTable, 2048))]"#),
  ]

  private static let entries: [Fault] = [
    entry("tables[0].entries[0].slot: missing", #"{ "table": 1 }"#),
    entry("tables[0].entries[0].slot: 512 is not in 0...511", #"{ "slot": 512, "table": 1 }"#),
    entry("tables[0].entries[0].slot: -1 is not in 0...511", #"{ "slot": -1, "table": 1 }"#),
    entry("tables[0].entries[0].slot: not a whole number", #"{ "slot": 1.5, "table": 1 }"#),
    entry(
      "tables[0].entries[0].count: 9223372036854775807 is not in 1...511",
      #"{ "slot": 1, "count": 9223372036854775807, "word": "0x1" }"#),
    entry(
      "tables[0].entries[1].slot: not sorted, or overlaps the run before",
      #"{ "slot": 5, "count": 2, "word": "0x1" }, { "slot": 6, "word": "0x1" }"#),
    entry("tables[0].entries[0].table: there is no table 9", #"{ "slot": 1, "table": 9 }"#),
    entry(
      "tables[0].entries[0].table: a pgd table cannot point to a pgd table in sv39",
      #"{ "slot": 1, "table": 0 }"#),
    entry(
      "tables[0].entries[0].table: a pgd table cannot point to a pte table in sv39",
      #"{ "slot": 1, "table": 2 }"#),
    entry(
      #"tables[0].entries[0]: needs one of "leaf", "table" and "word""#,
      #"{ "slot": 1, "table": 1, "word": "0x1" }"#),
    entry("tables[0].entries[0].protection: missing", #"{ "slot": 1, "leaf": "0x1" }"#),
    entry(
      "tables[0].entries[0].protection: only a leaf has one",
      #"{ "slot": 1, "table": 1, "protection": "0xe7" }"#),
    entry(
      #"tables[0].entries[0].word: "17" is not a hex string like "0x80000""#,
      #"{ "slot": 1, "word": "17" }"#),
    entry(
      #"tables[0].entries[0].word: "0x10000000000000000" is not a hex string like "0x80000""#,
      #"{ "slot": 1, "word": "0x10000000000000000" }"#),
    entry(
      #"tables[0].entries[0].word: "0x+1" is not a hex string like "0x80000""#,
      #"{ "slot": 1, "word": "0x+1" }"#),
    entry(
      "tables[0].entries[0].word: a zero word is no entry: leave the slot out",
      #"{ "slot": 1, "word": "0x0" }"#),
    entry(
      "tables[0].entries[0].leaf: no such page frames",
      #"{ "slot": 1, "leaf": "0x100000000000", "protection": "0xe7" }"#),
    entry(
      "tables[0].entries[0].protection: a leaf can be read, written or executed",
      #"{ "slot": 1, "leaf": "0x1", "protection": "0x1" }"#),
    entry(
      "tables[0].entries[0].protection: has bits of the page frame number",
      #"{ "slot": 1, "leaf": "0x1", "protection": "0x4e7" }"#),
  ]

  private static let altmap =
    #"{ "basePFN": "0x0", "endPFN": "0x1", "free": "0x1", "alloc": "0x0" }"#
  private static let reserved = #""owner": "reserved""#

  private static let pages: [Fault] = [
    Fault(
      "frames[1]: not sorted by pfn, or overlaps the one before",
      more: #", "frames": [{ "pfn": "0x10", "count": "0x10", \#(reserved) }, "#
        + #"{ "pfn": "0x1f", "count": "0x1", \#(reserved) }]"#),
    Fault(
      "frames[0]: no such page frames",
      more: #", "frames": [{ "pfn": "0x2", "count": "0xffffffffffffffff", \#(reserved) }]"#),
    Fault(
      "frames[0]: overlaps the pages of tables",
      more: #", "frames": [{ "pfn": "0x1", "count": "0xfffffffffff", \#(reserved) }]"#),
    Fault(
      "pgmaps[0].vmemmapShift: 19 is not in 0...18",
      more: #", "pgmaps": [{ "vmemmapShift": 19 }]"#),
    Fault(
      "pgmaps[1].vmemmapShift: -1 is not in 0...18",
      more: #", "pgmaps": [{}, { "vmemmapShift": -1 }]"#),
    Fault("pgmaps: more than 4", more: #", "pgmaps": [\#(many("{}", 5))]"#),
    Fault(
      "altmaps: more than 8",
      more: #", "altmaps": [\#(many(altmap, 9))]"#),
    Fault(
      "injected.addPagesResult: 1 is neither 0 nor a negative errno",
      more: #", "injected": { "addPagesResult": 1 }"#),
    Fault(
      "injected.allocationBudget: 4294967296 is out of range",
      more: #", "injected": { "allocationBudget": 4294967296 }"#),
  ]

  private static let pteTable = #"{ "level": "pte" }"#
  private static let rangeCall = #"{ "function": "arch_get_mappable_range" }"#

  private static let calls: [Fault] = [
    Fault("operations[0]: not an object", operations: "[null]"),
    Fault(
      "operations: more than 1024",
      operations: "[\(many(rangeCall, 1025))]"),
    call(#"operations[0].function: the surface has no function "main""#, #""function": "main""#),
    call("operations[0].table: free_pte_table needs it", #""function": "free_pte_table""#),
    call(
      "operations[0].node: vmemmap_free does not take it",
      #""function": "vmemmap_free", "start": "0x0", "end": "0x0", "node": 0"#),
    call(
      "operations[0].altmap: there is no altmap 1",
      #""function": "vmemmap_free", "start": "0x0", "end": "0x0", "altmap": 1"#),
    call(
      "operations[0].pgmap: there is no pgmap 5",
      #""function": "arch_remove_memory", "start": "0x0", "size": "0x0", "pgmap": 5"#),
    call(
      "operations[0].parentTable: there is no table -1",
      #""function": "free_pte_table", "table": 1, "parentTable": -1, "parentSlot": 0"#),
    call(
      "operations[0].parentSlot: 512 is not in 0...511",
      #""function": "free_pte_table", "table": 1, "parentTable": 0, "parentSlot": 512"#),
    call(
      "operations[0].isVmemmap: neither true nor false",
      #""function": "remove_pgd_mapping", "start": "0x0", "end": "0x0", "isVmemmap": 1"#),
    call(
      "operations[0].size: not in 1...17179869184 bytes",
      #""function": "free_vmemmap_storage", "pfn": "0x1", "size": "0x0""#),
    call(
      "operations[0]: the range reaches into the last page of the address space",
      #""function": "remove_pte_mapping", "table": 1, "start": "0x0", "end": "0xffffffffffffffff""#),
    call(
      "operations[0]: the range is too large to walk",
      #""function": "remove_pte_mapping", "table": 1, "start": "0x0", "end": "0x1000000000000""#),
    call(
      "operations[0].size: too large: the call would take too many steps",
      #""function": "arch_add_memory", "start": "0x1", "size": "0xffffffffffff", "#
        + #""protection": "0xe7""#),
  ]
}
