// SPDX-License-Identifier: GPL-2.0-only

import TestSupport
import Testing

@testable import Machine

@Suite("The table of the surface")
struct SurfaceTableTests {
  @Test("has one row per function, in the order of their numbers") func order() {
    #expect(SurfaceTable.rows.map(\.function) == KernelFunction.allCases)
    #expect(SurfaceTable.rows.indices.map { UInt32($0) } == KernelFunction.allCases.map(\.rawValue))
  }

  @Test("gives each function a name of its own, and finds it by that name") func names() {
    for function in KernelFunction.allCases {
      #expect(KernelFunction(name: function.name) == function)
    }
    #expect(KernelFunction(name: "") == nil)
    #expect(KernelFunction(name: "free_p4d_table") == nil)
  }

  /// The number and the kind of result that the shim has for each function.
  @Test("agrees with the shim's list of functions") func shim() throws {
    let text = try Repository.text("CKernelShim/stubs/mhp/functions.h")
    let listed = text.split(separator: "\n").filter { $0.hasPrefix("\tX(") }.map { line in
      line.dropFirst(3).prefix { $0 != ")" }
    }
    let expected = SurfaceTable.rows.map { row in
      let result =
        switch row.result {
        case .nothing: "NOTHING"
        case .range: "RANGE"
        case .error, .flag: "ERROR"
        case .size, .address: "NUMBER"
        case .protection: "PROTECTION"
        }
      return "\(row.name), \(row.name.uppercased()), \(result)"
    }
    #expect(listed.map(String.init) == expected)
  }

  @Test("names a level where the C name has one") func levels() {
    for row in SurfaceTable.rows {
      let words = row.name.split(separator: "_").map(String.init)
      let named = Level.allCases.first { words.contains($0.name) }
      // pgtable_cache_init and the hugepages have no level in their names.
      if let named { #expect(row.level == named, "\(row.name)") }
    }
  }

  @Test("separates virtual, physical and memmap ranges") func ranges() {
    let all = KernelFunction.allCases
    #expect(
      all.filter(\.hasPhysicalRange) == [
        .removeLinearMapping, .archAddMemory, .archRemoveMemory, .createLinearMappingRange,
      ])
    let populating = all.filter { $0.purpose == .populates }
    #expect(all.filter(\.hasMemmapRange) == [KernelFunction.vmemmapFree] + populating)
    for function in all {
      let starts = [function.hasPhysicalRange, function.takes(.start), function.hasMemmapRange]
      #expect(starts.count { $0 } <= 1, "\(function.name)")
      // A range has an end or a size.
      if starts.contains(true) {
        #expect(function.takes(.end) != function.takes(.size), "\(function.name)")
      }
    }
  }

  @Test("knows the levels of walks, creations and freed tables") func tables() {
    #expect(KernelFunction.removePgdMapping.walkedLevel == nil)
    #expect(KernelFunction.removeP4dMapping.walkedLevel == .p4d)
    #expect(KernelFunction.removeP4dMapping.baseLevel == .p4d)
    #expect(KernelFunction.freePudTable.walkedLevel == nil)
    #expect(KernelFunction.freePudTable.baseLevel == .pud)
    #expect(KernelFunction.createPgdMapping.createdLevel == .pgd)
    #expect(KernelFunction.createLinearMappingRange.createdLevel == nil)
    #expect(KernelFunction.vmemmapSetPmd.createdLevel == nil)
    #expect(KernelFunction.allocPmdLate.baseLevel == nil)
  }

  @Test("finds the function of a purpose at each level") func purposes() {
    #expect(KernelFunction.that(.unmaps, at: .pte) == .removePteMapping)
    #expect(KernelFunction.that(.unmaps, at: .pgd) == .removePgdMapping)
    #expect(KernelFunction.that(.maps, at: .p4d) == .createP4dMapping)
    #expect(KernelFunction.that(.freesTable, at: .pud) == .freePudTable)
    #expect(KernelFunction.that(.freesTable, at: .p4d) == nil)
  }

  @Test("has no function that calls itself, and no inner function without a caller")
  func callees() {
    let called = Set(KernelFunction.allCases.flatMap(\.callees))
    for function in KernelFunction.allCases {
      #expect(!function.callees.contains { $0.reach.contains(function) }, "\(function.name)")
      // The kernel calls pgtable_cache_init at boot.
      let isCalledFromOutside = function.isEntryPoint || function == .pgtableCacheInit
      if !isCalledFromOutside { #expect(called.contains(function), "\(function.name)") }
    }
    #expect(KernelFunction.allCases.filter(\.isOfHotplug).last == .vmemmapFree)
    #expect(
      KernelFunction.allCases.filter(\.isEntryPoint) == [
        .archGetMappableRange, .archAddMemory, .archRemoveMemory, .vmemmapFree,
      ])
  }
}
