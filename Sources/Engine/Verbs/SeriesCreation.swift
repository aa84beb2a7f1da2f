// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port
import Subjects

extension SubjectText {
  /// The row on a commit when `paths` do not define all of `names`.
  ///
  /// - Parameters:
  ///   - names: the names that the commit adds or changes.
  ///   - absence: the evidence for the row where the commit is absent.
  func row(
    on commit: SeriesCommit, without names: Set<String>, in paths: [String], _ absence: String
  ) -> SeriesRow {
    switch sight(of: names, in: paths) {
    case .whole: SeriesRow(commit, .absent, by: .structure, evidence: absence)
    case .part(let place):
      SeriesRow(
        commit, unknown: "the subject shows the changed code only in part (\(place)); give a base")
    case .untouched:
      SeriesRow(
        commit, .absent, by: .structure,
        evidence: "the patches do not change it in \(paths.list)")
    case .missing:
      SeriesRow(
        commit,
        unknown: "this subject does not include \(paths.list)")
    }
  }
}

/// The rows about the creation side: e3ecf2fdc8f3, 66673099f734, 007480fe84a9 and fe122b89da67.
struct SeriesCreation: Sendable {
  let text: SubjectText
  let stubs: String
  let stand: ProbeRunner

  private static let main = "arch/riscv/mm/init.c"
  private static let bits = Architecture.riscv.entryBits

  /// The observations of a function of the surface in each paging mode, or a row with the reason why it did
  /// not run.
  private enum Outcome {
    case row(SeriesRow)
    case ran([(layout: AddressLayout, observation: Observation?)], place: String)
  }

  private func run(
    _ function: KernelFunction, with others: Set<KernelFunction> = [], for commit: SeriesCommit,
    shownBy names: Set<String> = [], _ scenario: (PagingMode) -> Scenario
  ) async throws(Failure) -> Outcome {
    let extraction: Extraction?
    do throws(Failure) {
      extraction = try Extraction.extract(others.union([function]), from: text, stubs: stubs)
    } catch {
      return .row(SeriesRow(commit, .partial, by: .structure, evidence: error.message))
    }
    guard let extraction, let origin = extraction.functions[function] else {
      return .row(
        text.row(
          on: commit, without: Set(others.union([function]).map(\.name)).union(names),
          in: [Self.main], "\(Self.main) does not define \(function.name)"))
    }
    let place = "\(origin.displayName):\(origin.firstLine)"
    let modes = Architecture.riscv.modes
    switch try await stand.run(extraction, named: function.name, on: modes.map(scenario)) {
    case .unbuildable(let message):
      return .row(
        SeriesRow(
          commit, .partial, by: .structure,
          evidence: "\(function.name) (\(place)) cannot be run: \(message)"))
    case .compiledOut(let sentence): return .row(SeriesRow(commit, unknown: sentence))
    case .ran(let observations):
      return .ran(
        zip(modes, observations).map { (AddressLayout(mode: $0, indexBits: 9), $1) }, place: place)
    }
  }

  /// The leaves that are reachable from a root table, through the tables of the end state.
  private static func leaves(
    from root: [UInt64], in tables: [[UInt64]], _ layout: AddressLayout
  ) -> [UInt64] {
    var leaves: [UInt64] = []
    var work = [root]
    var visited: Set<Int> = [0]
    while let words = work.popLast() {
      for word in words where word & bits.present != 0 {
        if bits.isLeaf(word) {
          leaves.append(word)
        } else if let table = Pool.table(ofPFN: bits.pfn(of: word), in: layout),
          tables.indices.contains(table), visited.insert(table).inserted
        {
          work.append(tables[table])
        }
      }
    }
    return leaves
  }

  /// A section of memory at 5 GiB: its physical address, and its size in bytes.
  private static let physical: UInt64 = 0x1_4000_0000
  private static let size: UInt64 = 0x800_0000

  private static func hasFinished(_ observation: Observation?) -> Bool {
    observation?.ending.kind == EndingKind.finished.rawValue
  }

  /// The rows on the prerequisites of hotplug on the creation side. Each has the commits to pick before it:
  /// those that brought the code that it changes.
  func rows() async throws(Failure) -> [SeriesRow] {
    let older = OlderText(text)
    return [
      try await altmap().picked(after: older.hasHugeMemmap ? [] : ["ff172d4818ad"]),
      try await preallocation().picked(after: older.hasPreallocation ? [] : ["7d3332be011e"]),
      try await protection().picked(
        after: older.hasLinearMapping ? [] : ["8589e346bbb6", "3335068f8721"]),
      try await sections(),
    ]
  }

  /// The memmap of a section with an altmap: the altmap is charged, and the leaves point into the device.
  func altmap() async throws(Failure) -> SeriesRow {
    let outcome = try await run(
      .vmemmapPopulate, with: [.vmemmapSetPmd, .vmemmapCheckPmd], for: .altmap,
      shownBy: ["vmemmap_populate_hugepages", "vmemmap_populate_basepages"]
    ) { mode in
      var builder = ScenarioBuilder(mode: mode)
      let layout = builder.layout
      let first = layout.structPage(ofPFN: Self.physical >> AddressLayout.pageShift)
      let number = builder.altmap(alloc: 0)
      builder.call(.vmemmapPopulate) {
        $0.start = first
        $0.end = first + (Self.size >> AddressLayout.pageShift) * AddressLayout.structPageSize
        $0.node = 0
        $0.altmap = number
      }
      return builder.build(id: "series/altmap", purpose: "A memmap that is to lie on its device.")
    }
    guard case .ran(let runs, let place) = outcome else {
      if case .row(let row) = outcome { return row }
      return SeriesRow(.altmap, .absent, by: .structure, evidence: "nothing was run")
    }
    // The first altmap of a builder, and the size of a section's memmap: 512 pages.
    let device = ScenarioBuilder.pages(ofDevice: 1)
    let wanted =
      (Self.size >> AddressLayout.pageShift) * AddressLayout.structPageSize
      / AddressLayout.pageSize
    for (layout, observation) in runs {
      guard let observation, Self.hasFinished(observation) else {
        return SeriesRow(
          .altmap, .partial, by: .behaviour,
          evidence: "vmemmap_populate with an altmap does not return on \(layout.mode.name) "
            + "(\(place))")
      }
      let leaves = Self.leaves(
        from: observation.tables.first ?? [], in: observation.tables, layout)
      let inside = leaves.count { device.contains(Self.bits.pfn(of: $0)) }
      let charged = observation.altmapAllocs.first ?? 0
      guard charged == wanted, inside == leaves.count, !leaves.isEmpty else {
        let isAbsent = charged == 0 && inside == 0
        return SeriesRow(
          .altmap, isAbsent ? .absent : .partial, by: .behaviour,
          evidence: "vmemmap_populate with an altmap charges it \(charged) of \(wanted) pages on "
            + "\(layout.mode.name), and \(inside) of \(leaves.count) leaves lie on the device "
            + "(\(place))")
      }
    }
    return SeriesRow(
      .altmap, .present, by: .behaviour,
      evidence: "vmemmap_populate charges the altmap \(wanted) pages for a section, and the leaves "
        + "lie on the device, in every mode (\(place))")
  }

  /// Mappings with the protection that the caller requested.
  func protection() async throws(Failure) -> SeriesRow {
    let protection = Self.bits.kernel & ~Self.bits.write
    let outcome = try await run(.createLinearMappingRange, for: .protection) { mode in
      var builder = ScenarioBuilder(mode: mode)
      builder.call(.createLinearMappingRange) {
        $0.start = Self.physical
        $0.end = Self.physical + Self.size
        $0.protection = protection
      }
      return builder.build(id: "series/protection", purpose: "A mapping that is read-only.")
    }
    guard case .ran(let runs, let place) = outcome else {
      if case .row(let row) = outcome { return row }
      return SeriesRow(.protection, .absent, by: .structure, evidence: "nothing was run")
    }
    for (layout, observation) in runs {
      guard let observation, Self.hasFinished(observation) else {
        return SeriesRow(
          .protection, .partial, by: .behaviour,
          evidence: "create_linear_mapping_range does not return on \(layout.mode.name) "
            + "(\(place))")
      }
      let leaves = Self.leaves(
        from: observation.tables.first ?? [], in: observation.tables, layout)
      let asked = leaves.count { $0 & ~Self.bits.pfnMask == protection }
      guard asked == leaves.count, !leaves.isEmpty else {
        return SeriesRow(
          .protection, asked == 0 ? .absent : .partial, by: .behaviour,
          evidence: "of \(leaves.count) leaves that create_linear_mapping_range makes on "
            + "\(layout.mode.name), \(asked) have the requested protection (\(place))")
      }
    }
    return SeriesRow(
      .protection, .present, by: .behaviour,
      evidence:
        "create_linear_mapping_range maps with the requested protection, in every mode (\(place))")
  }
}

extension SeriesCreation {
  /// The root slots of the direct map and the memmap after boot, and whether a root table copied at that time
  /// shows memory that is added later.
  func preallocation() async throws(Failure) -> SeriesRow {
    let function = KernelFunction.pgtableCacheInit
    let outcome = try await run(
      function, with: [.preallocatePgdPagesRange], for: .preallocation
    ) { mode in
      var builder = ScenarioBuilder(mode: mode)
      builder.call(function)
      return builder.build(id: "series/preallocation", purpose: "What boot puts into the root.")
    }
    guard case .ran(let runs, let place) = outcome else {
      if case .row(let row) = outcome { return row }
      return SeriesRow(.preallocation, .absent, by: .structure, evidence: "nothing was run")
    }
    for (layout, observation) in runs {
      guard let root = observation?.tables.first, Self.hasFinished(observation) else {
        return SeriesRow(
          .preallocation, .partial, by: .behaviour,
          evidence: "pgtable_cache_init does not return on \(layout.mode.name) (\(place))")
      }
      func filled(_ start: UInt64, _ end: UInt64) -> (count: Int, of: Int) {
        let slots = layout.index(of: start, at: .pgd)...layout.index(of: end - 1, at: .pgd)
        return (slots.count { root[$0] & Self.bits.present != 0 }, slots.count)
      }
      let direct = filled(layout.pageOffset, layout.pageEnd)
      let memmap = filled(layout.vmemmapStart, layout.vmemmapEnd)
      guard direct.count == direct.of, memmap.count == memmap.of else {
        let isAbsent = direct.count == 0 && memmap.count == 0
        return SeriesRow(
          .preallocation, isAbsent ? .absent : .partial, by: .behaviour,
          evidence:
            "after pgtable_cache_init, \(direct.count) of \(direct.of) root slots of the direct "
            + "map and \(memmap.count) of \(memmap.of) of the memmap are filled on "
            + "\(layout.mode.name): memory added under the others is missing in tables copied before "
            + "(\(place))")
      }
      guard stand.kernel.contains(.kasan) else { continue }
      let shadow = filled(
        layout.pageEnd, AddressLayout.kernelLinkAddress - AddressLayout.modulesSize)
      guard shadow.count == shadow.of else {
        return SeriesRow(
          .preallocation, .partial, by: .behaviour,
          evidence:
            "after pgtable_cache_init, \(shadow.count) of \(shadow.of) root slots of KASAN's shadow "
            + "are filled on \(layout.mode.name): the shadow of memory added under the others is "
            + "missing in tables copied before (\(place))")
      }
    }
    return try await addition(place)
  }

  /// Hot-adds memory after boot, seen through a root table that was copied before.
  private func addition(_ place: String) async throws(Failure) -> SeriesRow {
    let function = KernelFunction.pgtableCacheInit
    let filled =
      "pgtable_cache_init fills every root slot of the direct map and the memmap in every mode"
    func present(_ evidence: String) -> SeriesRow {
      SeriesRow(.preallocation, .present, by: .behaviour, evidence: "\(evidence) (\(place))")
    }
    var layouts: [AddressLayout] = []
    var scenarios: [Scenario] = []
    for mode in Architecture.riscv.modes {
      for isAdded in [false, true] {
        var builder = ScenarioBuilder(mode: mode)
        layouts.append(builder.layout)
        builder.call(function)
        if isAdded {
          builder.call(.createLinearMappingRange) {
            $0.start = Self.physical
            $0.end = Self.physical + Self.size
            $0.protection = Self.bits.kernel
          }
        }
        scenarios.append(
          builder.build(id: "series/copied-root-\(isAdded)", purpose: "A root copied before."))
      }
    }
    let extraction: Extraction?
    do throws(Failure) {
      extraction = try Extraction.extract(
        [function, .preallocatePgdPagesRange, .createLinearMappingRange], from: text, stubs: stubs)
    } catch {
      return present(filled)
    }
    guard let extraction, extraction.functions[.createLinearMappingRange] != nil,
      case .ran(let observations) = try await stand.run(
        extraction, named: "copied-root", on: scenarios)
    else { return present(filled) }
    for index in stride(from: 0, to: observations.count, by: 2) {
      guard let copied = observations[index]?.tables.first, let after = observations[index + 1],
        Self.hasFinished(observations[index]), Self.hasFinished(after)
      else { continue }
      let seen = Self.leaves(from: copied, in: after.tables, layouts[index])
      let there = Self.leaves(from: after.tables.first ?? [], in: after.tables, layouts[index])
      guard seen == there else {
        return SeriesRow(
          .preallocation, .partial, by: .behaviour,
          evidence:
            "a root table copied after boot contains \(seen.count) of \(there.count) leaves of "
            + "memory that is then added, on \(layouts[index].mode.name) (\(place))")
      }
    }
    return present(
      "\(filled), and a root table copied then contains memory that is added later")
  }
}
