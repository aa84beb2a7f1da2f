// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

/// A scenario of the catalogue, and the hazards that the port shows in it.
struct HazardCase: Sendable, CustomTestStringConvertible {
  let id: String
  var hazards: Set<Hazard.ID>
  /// The modes in which a kernel can reach the scenario.
  var modes = ["sv39", "sv48", "sv57"]

  var testDescription: String { id }

  init(_ id: String, _ hazards: Set<Hazard.ID>, modes: [String] = ["sv39", "sv48", "sv57"]) {
    (self.id, self.hazards, self.modes) = (id, hazards, modes)
  }
}

@Suite("A hazard")
struct HazardTests {
  private let port = HotplugPort(fixes: .latest)

  /// H8 shows in every call that frees a page, because upstream frees first and flushes last.
  static let hazards: [HazardCase] = [
    HazardCase("hazard/h1-two-regions-in-one-section", [.h1, .h8]),
    HazardCase("hazard/h2-boot-table-without-constructor", [.h2, .h8]),
    HazardCase("hazard/h3-memory-added-below-the-top", [.h3]),
    HazardCase("hazard/h4-end-of-the-mappable-range", [.h4], modes: ["sv39"]),
    HazardCase("hazard/h5-no-memory-for-a-table", [.h5]),
    HazardCase("hazard/h6-leaf-of-512-gib", [.h6], modes: ["sv57"]),
    HazardCase("hazard/h7-two-dimms-under-one-leaf", [.h7], modes: ["sv48", "sv57"]),
    HazardCase("hazard/h8-table-freed-while-linked", [.h8]),
    HazardCase("hazard/h8-memmap-freed-before-the-flush", [.h8]),
    HazardCase("hazard/h9-pud-table-with-a-constructor", [.h8, .h9], modes: ["sv57"]),
    HazardCase("hazard/h10-leaf-of-another-altmap", [.h10]),
    HazardCase("hazard/h10-no-altmap-given", [.h8, .h10]),
    HazardCase("hazard/h11-no-room-for-the-second-section", [.h11]),
  ]

  @Test(
    "shows in its scenario, in the modes where it exists, and no other hazard does",
    arguments: hazards)
  func shows(_ hazard: HazardCase) throws {
    for mode in Architecture.riscv.modes {
      let scenario = Catalogue.scenarios(mode: mode).first { $0.id == hazard.id }
      #expect((scenario != nil) == hazard.modes.contains(mode.name), "\(mode.name)")
      guard let scenario else { continue }
      let found = try port.violations(scenario)
      let text = found.map { "\(mode.name): \($0.rule.rawValue), \($0.sentence)" }
      #expect(Set(found.compactMap(\.hazard)) == hazard.hazards, "\(text)")
      #expect(!found.contains { $0.hazard == nil }, "\(text)")
    }
  }

  @Test("has a scenario, if it is listed")
  func complete() {
    #expect(
      Self.hazards.reduce(into: Set()) { $0.formUnion($1.hazards) } == Set(Hazard.ID.allCases))
    for hazard in Hazard.ID.allCases {
      let prefix = "hazard/\(hazard.rawValue.lowercased())-"
      #expect(Self.hazards.contains { $0.id.hasPrefix(prefix) && $0.hazards.contains(hazard) })
    }
    let known = Set(Self.hazards.map(\.id)).union(Self.unlisted.map(\.id))
    let named = Catalogue.all().map(\.id).filter { $0.hasPrefix("hazard/") }
    #expect(Set(named) == known)
  }

  /// Scenarios similar to a hazard's, but without that hazard.
  static let neighbours: [HazardCase] = [
    HazardCase("vmemmap-free/a-section", [.h1]),
    HazardCase("vmemmap-free/8-sections", [.h1]),
    HazardCase("remove-linear-mapping/2m-of-pages", [.h2]),
    HazardCase("arch-add-memory/above-max-pfn", [.h3]),
    HazardCase("arch-add-memory/up-to-max-pfn", [.h3]),
    HazardCase("sequence/add-low-add-high", [.h3]),
    HazardCase("arch-get-mappable-range/plain", [.h4], modes: ["sv48", "sv57"]),
    HazardCase("arch-add-memory/memory-for-4-tables", [.h5]),
    HazardCase("arch-add-memory/empty-root", [.h5]),
    HazardCase("create-linear-mapping-range/memory-for-6-tables", [.h5]),
    HazardCase("create-linear-mapping-range/allocation-7-fails", [.h5]),
    HazardCase("preallocate-pgd-pages-range/memory-for-3-tables", [.h5]),
    HazardCase("alloc-pte-late/twice", [.h5]),
    HazardCase("remove-linear-mapping/a-pud-leaf", [.h6, .h7], modes: ["sv48", "sv57"]),
    HazardCase("arch-remove-memory/a-pud-leaf", [.h6, .h7], modes: ["sv48", "sv57"]),
    HazardCase("remove-linear-mapping/middle-leaf", [.h7, .h8]),
    HazardCase("vmemmap-free/altmap-partly", [.h8, .h10]),
    HazardCase("remove-p4d-mapping/linear-pud-leaf-below", [.h9]),
    HazardCase("vmemmap-free/pmd-backing-altmap", [.h10]),
    HazardCase("sequence/device-with-altmap", [.h1, .h10]),
  ]

  @Test("does not show in similar scenarios", arguments: neighbours)
  func silent(_ neighbour: HazardCase) throws {
    for mode in Architecture.riscv.modes where neighbour.modes.contains(mode.name) {
      let scenario = try #require(
        Catalogue.scenarios(mode: mode).first { $0.id == neighbour.id })
      let shown = try Set(port.violations(scenario).compactMap(\.hazard))
      #expect(shown.isDisjoint(with: neighbour.hazards), "\(mode.name): \(shown)")
    }
  }

  @Test("H9 does not show where pud tables stay: on Sv39 they are the root, on Sv48 just below it")
  func pudTablesThatStay() throws {
    for mode in Architecture.riscv.modes where !mode.isL5Enabled {
      var builder = ScenarioBuilder(mode: mode)
      let level: Level = mode.isL4Enabled ? .pud : .pmd
      let size = builder.layout.size(of: level)
      builder.mapLinear(
        physical: 0x1_4000_0000, size: size, leaf: level,
        protection: Architecture.riscv.entryBits.kernel, kind: .constructedLinear)
      builder.call(.archRemoveMemory) {
        $0.start = 0x1_4000_0000
        $0.size = size
      }
      let found = try port.violations(
        builder.build(id: "hazard/like-h9", purpose: "All tables are constructed."))
      #expect(found == [], "\(mode.name)")
    }
  }

  @Test(
    "H5 shows wherever the allocation of a table fails",
    arguments: [
      "create-linear-mapping-range/memory-for-1-tables", "create-pgd-mapping/allocation-1-fails",
      "preallocate-pgd-pages-range/memory-for-2-tables", "alloc-pmd-late/second-fails",
      "preallocate-pgd-pages-range/allocation-3-fails", "pgtable-cache-init/memory-for-1-tables",
    ])
  func outOfMemory(id: String) throws {
    for mode in Architecture.riscv.modes {
      let scenario = try #require(Catalogue.scenarios(mode: mode).first { $0.id == id })
      let found = try port.violations(scenario)
      #expect(found.map(\.rule) == [.kernelStopped], "\(mode.name)")
      #expect(found.map(\.hazard) == [.h5], "\(mode.name)")
    }
  }

  @Test("H5 does not explain a BUG while there is memory")
  func bugWithMemoryLeft() throws {
    var builder = ScenarioBuilder(mode: try #require(Architecture.riscv.mode(named: "sv48")))
    builder.injected.allocationBudget = 4
    builder.call(.archAddMemory) {
      $0.start = 0x1_4800_0000
      $0.size = 0x1000
      $0.protection = Architecture.riscv.entryBits.kernel
    }
    var deeds = try Deeds(of: builder)
    #expect(Oracle.violations(deeds.image, deeds.observations) == [])
    deeds.end(Ending(.bug))
    let found = Oracle.violations(deeds.image, deeds.observations)
    #expect(found.map(\.rule) == [.kernelStopped])
    #expect(found.map(\.hazard) == [nil])
  }

  /// Broken rules of upstream's text over existing memory that are not listed as hazards.
  static let unlisted: [(id: String, rules: Set<OracleRule>)] = [
    ("hazard/unlisted-failed-add-takes-a-mapping", [.outsideChanged]),
    ("hazard/unlisted-table-in-place-of-a-leaf", [.addUnmapped]),
    ("hazard/unlisted-memmap-of-a-table", [.memmapHole]),
    ("hazard/unlisted-leaf-walked-as-a-table", [.walkedOutside]),
  ]

  @Test("that is not listed shows as a broken rule without an id", arguments: unlisted)
  func notListed(id: String, rules: Set<OracleRule>) throws {
    for mode in Architecture.riscv.modes {
      let scenario = try #require(Catalogue.scenarios(mode: mode).first { $0.id == id })
      let found = try port.violations(scenario)
      #expect(Set(found.filter { $0.hazard == nil }.map(\.rule)) == rules, "\(found)")
    }
  }
}
