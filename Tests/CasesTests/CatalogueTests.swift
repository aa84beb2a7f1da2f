// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Port

private let modes = Architecture.riscv.modes

@Suite("The catalogue")
struct CatalogueTests {
  @Test("has unique ids of one form in each mode", arguments: modes)
  func ids(mode: PagingMode) {
    let ids = Catalogue.scenarios(mode: mode).map(\.id)
    let repeated = Dictionary(grouping: ids) { $0 }.filter { $0.value.count > 1 }.keys.sorted()
    #expect(repeated == [])
    for id in ids {
      let parts = id.split(separator: "/", omittingEmptySubsequences: false)
      #expect(parts.count == 2, "\(id)")
      for word in parts.flatMap({ $0.split(separator: "-", omittingEmptySubsequences: false) }) {
        let isPlain = word.utf8.allSatisfy {
          (97...122).contains($0) || (48...57).contains($0)
        }
        #expect(isPlain && !word.isEmpty, "\(id)")
      }
    }
  }

  @Test("states the purpose of each case in a sentence", arguments: modes)
  func purposes(mode: PagingMode) {
    for scenario in Catalogue.scenarios(mode: mode) {
      #expect(scenario.purpose.hasSuffix(".") && scenario.purpose.count > 15, "\(scenario.id)")
    }
  }

  @Test("has neither too few nor too many cases, tables and calls", arguments: modes)
  func size(mode: PagingMode) {
    let scenarios = Catalogue.scenarios(mode: mode)
    #expect((150...1300).contains(scenarios.count), "\(scenarios.count)")
    for scenario in scenarios {
      #expect(scenario.tables.count <= 12, "\(scenario.id)")
      let runs = scenario.tables.reduce(0) { $0 + $1.entries.count }
      #expect(runs <= 24, "\(scenario.id)")
      #expect((1...5).contains(scenario.operations.count), "\(scenario.id)")
    }
  }

  @Test("lowers without error in each mode", arguments: modes)
  func lowers(mode: PagingMode) {
    for scenario in Catalogue.scenarios(mode: mode) {
      #expect(throws: Never.self, "\(scenario.id)") { try scenario.lowered() }
    }
  }

  @Test("contains no case twice under two ids", arguments: modes)
  func distinct(mode: PagingMode) {
    var seen: [Scenario: String] = [:]
    for scenario in Catalogue.scenarios(mode: mode) {
      var bare = scenario
      bare.id = ""
      bare.purpose = ""
      #expect(seen[bare] == nil, "\(scenario.id) is \(seen[bare] ?? "")")
      seen[bare] = scenario.id
    }
  }

  @Test("calls every function directly, and each walk for both areas", arguments: modes)
  func functions(mode: PagingMode) {
    let calls = Catalogue.scenarios(mode: mode).flatMap(\.operations)
    for function in KernelFunction.allCases {
      let own = calls.filter { $0.function == function }
      #expect(!own.isEmpty, "\(function.name)")
      guard function.optionalFields.contains(.isVmemmap) else { continue }
      #expect(own.contains { $0.isVmemmap == true }, "\(function.name) for vmemmap")
      #expect(own.contains { $0.isVmemmap != true }, "\(function.name) for the linear map")
    }
  }

  @Test("has a leaf, a swap word, both owners and slot 511 at every level", arguments: modes)
  func levels(mode: PagingMode) {
    let tables = Catalogue.scenarios(mode: mode).flatMap(\.tables)
    for level in mode.levels {
      let own = tables.filter { $0.level == level }
      let entries = own.flatMap(\.entries)
      let hasLeaf = entries.contains { if case .leaf = $0.value { true } else { false } }
      #expect(hasLeaf, "a leaf in a \(level.name) table")
      #expect(entries.contains { $0.value == .raw(Bits.swap) }, "a word in a \(level.name) table")
      guard level != .pgd else { continue }
      #expect(entries.contains { $0.slot + $0.count == 512 }, "slot 511 of a \(level.name) table")
      for owner in [PageOwner.allocator, .reserved] {
        #expect(own.contains { $0.owner == owner }, "a \(level.name) table, \(owner)")
      }
    }
  }

  @Test("makes __add_pages return each error, and makes memory run out", arguments: modes)
  func failures(mode: PagingMode) {
    let scenarios = Catalogue.scenarios(mode: mode)
    for code: Int32 in [0, -12, -17, -22] {
      #expect(scenarios.contains { $0.injected.addPagesResult == code }, "\(code)")
    }
    for budget: UInt32 in [0, 1, 2] {
      #expect(scenarios.contains { $0.injected.allocationBudget == budget }, "\(budget)")
    }
    #expect(scenarios.contains { $0.globals.isDebugPagealloc })
    for function in KernelFunction.allCases {
      let own = scenarios.filter { $0.operations.map(\.function) == [function] }
      #expect(own.contains { $0.globals.isUniprocessor }, "\(function.name) with one CPU")
      #expect(own.contains { !$0.globals.isUniprocessor }, "\(function.name) with several CPUs")
    }
    let nodes = Set(scenarios.flatMap(\.operations).compactMap(\.node))
    #expect(nodes == [-1, 0, 1, 2, 3, 300])
  }

  @Test("uses a different slot at each level, so that a wrong shift shows", arguments: modes)
  func slotsDiffer(mode: PagingMode) throws {
    let id = "remove-pgd-mapping/linear-last-below-the-root"
    let scenario = try #require(Catalogue.scenarios(mode: mode).first { $0.id == id })
    let slots = scenario.tables.compactMap(\.entries.first?.slot)
    #expect(Set(slots).count == mode.levelCount, "\(slots)")
  }
}
