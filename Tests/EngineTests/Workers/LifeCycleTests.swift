// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Engine
@testable import Machine
@testable import Port
@testable import Worker

/// One of the two sides, by name.
enum LifeSide: String, CaseIterable, Sendable {
  case port, reference

  /// The observation at the end of each call.
  func steps(_ image: MachineImage) throws -> [Observation] {
    guard self == .reference else { return HotplugPort(fixes: .latest).steps(image) }
    let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
    return (1...image.operations.count).map { count in
      var part = image
      part.operations = Array(image.operations.prefix(count))
      return side.observe(part)
    }
  }
}

/// The number of leaves of each level in a range of addresses.
private func leaves(
  _ observation: Observation, _ layout: AddressLayout, in range: Range<UInt64>
) -> [Level: Int] {
  let walk = PageTableWalk(observation.tables, layout: layout)
  let found = walk.entries.filter { $0.kind == .leaf && range.contains($0.address) }
  return Dictionary(grouping: found, by: \.level).mapValues(\.count)
}

/// The number of tables of each level that the root leads to.
private func tables(_ observation: Observation, _ layout: AddressLayout) -> [Level: Int] {
  let walk = PageTableWalk(observation.tables, layout: layout)
  return Dictionary(grouping: walk.tables, by: \.level).mapValues(\.count)
}

/// A machine like QEMU's virt with 2 GiB of RAM after boot, in which memory is added and removed.
private struct Plug: Sendable, CustomTestStringConvertible {
  var mode: String
  var start: UInt64
  var size: UInt64
  var linear: [Level: Int]
  var memmap: Int
  /// The number of tables that are added and removed with the memory.
  var tables: [Level: Int]
  var testDescription: String { "\(mode), 0x\(String(start, radix: 16))" }

  /// Boot memory, then `pgtable_cache_init`, then an add and a removal of the memory.
  func image(
    reserve: UInt64 = 0, free: UInt64 = 0, vmemmapShift: Int? = nil
  ) throws -> MachineImage {
    let ram: UInt64 = 2 << 30
    var builder = ScenarioBuilder(mode: try #require(Architecture.riscv.mode(named: mode)))
    let base = builder.layout.ramBase
    builder.core = .live
    builder.mapLinear(
      physical: base, size: ram, leaf: builder.layout.mode.isL4Enabled ? .pud : .pmd,
      protection: Bits.kernel, kind: .boot)
    builder.mapVmemmap(
      at: builder.memmap(of: base), size: 16 << 21, leaf: .pmd, backing: .reserved,
      protection: Bits.kernel, kind: .boot)
    builder.sections = (16..<32).map { Scenario.Section(number: $0, isEarly: true) }
    let altmap =
      free == 0 ? nil : builder.altmap(device: start, size: size, reserve: reserve, free: free)
    builder.pgmaps = vmemmapShift.map { [Scenario.Pgmap(vmemmapShift: $0)] } ?? []
    let pgmap = vmemmapShift == nil ? nil : 1
    builder.call(.pgtableCacheInit)
    builder.add(start, size, altmap: altmap, pgmap: pgmap)
    builder.removeMemory(start, size, altmap: altmap, pgmap: pgmap)
    return try builder.build(id: "lifecycle/plug", purpose: "Memory comes and goes.").lowered()
  }

  func linearRange(_ layout: AddressLayout) -> Range<UInt64> {
    layout.virtual(ofPhysical: start)..<layout.virtual(ofPhysical: start + size)
  }

  func memmapRange(_ layout: AddressLayout) -> Range<UInt64> {
    layout.structPage(ofPFN: start >> 12)..<layout.structPage(ofPFN: (start + size) >> 12)
  }
}

/// Values from running kernels: 6.12 and 7.2 of Debian in QEMU, with the tables read from outside.
private let plugs: [Plug] = ["sv39", "sv48", "sv57"].flatMap { mode in
  let hasPUD = mode != "sv39"
  var plugs = [
    Plug(
      mode: mode, start: 0x1_4000_0000, size: 1 << 30,
      linear: hasPUD ? [.pud: 1] : [.pmd: 512], memmap: 8, tables: [:]),
    Plug(
      mode: mode, start: 0x1_1000_0000, size: 3 << 29, linear: [.pmd: 768], memmap: 12,
      tables: hasPUD ? [.pmd: 2] : [:]),
  ]
  if hasPUD {
    plugs.append(
      Plug(
        mode: mode, start: 0x8c_1000_0000, size: 1 << 29, linear: [.pmd: 256], memmap: 4,
        tables: mode == "sv57" ? [.pud: 1, .pmd: 2] : [.pmd: 2]))
  }
  return plugs
}

extension MachineTests {
  @Suite("Memory that is added and removed with a live core")
  struct LifeCycleTests {
    @Test(
      "is mapped as on running kernels, and leaves no leaf and no table behind",
      arguments: plugs, LifeSide.allCases)
    fileprivate func fixedPoints(plug: Plug, side: LifeSide) throws {
      let image = try plug.image()
      let steps = try side.steps(image)
      #expect(steps.map(\.ending.kind) == [0, 0, 0])
      let layout = image.layout
      #expect(leaves(steps[1], layout, in: plug.linearRange(layout)) == plug.linear)
      #expect(leaves(steps[1], layout, in: plug.memmapRange(layout)) == [.pmd: plug.memmap])
      let booted = tables(steps[0], layout)
      #expect(
        tables(steps[1], layout) == booted.merging(plug.tables) { $0 + $1 }, "tables of the add")
      #expect(leaves(steps[2], layout, in: plug.linearRange(layout)) == [:])
      #expect(leaves(steps[2], layout, in: plug.memmapRange(layout)) == [:])
      #expect(tables(steps[2], layout) == booted)
      #expect(steps[2].tables[0] == steps[0].tables[0])
      #expect(steps[2].sections == image.sections)
      let first = plug.start >> 27
      #expect(
        steps[1].sections.map(\.number)
          == image.sections.map(\.number) + Array(first..<first + plug.size >> 27))
    }

    @Test(
      "has a device's memmap after its driver's pages: 0x110200000 up to 0x110a00000",
      arguments: ["sv39", "sv48", "sv57"], LifeSide.allCases)
    func pmem(mode: String, side: LifeSide) throws {
      let plug = Plug(
        mode: mode, start: 0x1_1000_0000, size: 1 << 29, linear: [:], memmap: 4, tables: [:])
      let image = try plug.image(reserve: 2, free: 0x9fe)
      let steps = try side.steps(image)
      let range = plug.memmapRange(image.layout)
      let walk = PageTableWalk(steps[1].tables, layout: image.layout)
      let pages = walk.entries.filter { $0.kind == .leaf && range.contains($0.address) }
        .map { Architecture.riscv.entryBits.pfn(of: $0.word) << 12 }
      #expect(pages == [0x1_1020_0000, 0x1_1040_0000, 0x1_1060_0000, 0x1_1080_0000])
      #expect(steps.map(\.altmapAllocs) == [[0], [0x800], [0]])
      #expect(steps.map(\.altmapAligns) == [[0], [0x1fe], [0x1fe]])
      #expect(leaves(steps[2], image.layout, in: range) == [:])
    }

    @Test(
      "has a devdax's memmap in RAM: a PTE table per section, and pages with up to seven entries",
      arguments: plugs.filter { $0.memmap != 8 }, LifeSide.allCases)
    fileprivate func devdax(plug: Plug, side: LifeSide) throws {
      let image = try plug.image(vmemmapShift: 9)
      let steps = try side.steps(image)
      let (layout, range) = (image.layout, plug.memmapRange(image.layout))
      let sections = Int(plug.size >> 27)
      #expect(leaves(steps[1], layout, in: plug.linearRange(layout)) == plug.linear)
      #expect(leaves(steps[1], layout, in: range) == [.pte: 512 * sections])
      let booted = tables(steps[0], layout)
      let expected = booted.merging(plug.tables) { $0 + $1 }
        .merging([.pte: sections]) { $0 + $1 }
      #expect(tables(steps[1], layout) == expected)
      let walk = PageTableWalk(steps[1].tables, layout: layout)
      let shown = Dictionary(
        grouping: walk.entries.filter { $0.kind == .leaf && range.contains($0.address) }
      ) { Architecture.riscv.entryBits.pfn(of: $0.word) }.mapValues(\.count)
      #expect(shown.count == 128 * sections)
      #expect(shown.values.count { $0 == 7 } == 64 * sections)
      #expect(shown.values.count { $0 == 1 } == 64 * sections)
      #expect(leaves(steps[2], layout, in: range) == [:])
      #expect(tables(steps[2], layout) == booted)
      // Hazard H2: the removal destructs a PTE table of the memmap that was never constructed.
      let new = steps[2].lives[steps[0].tables.count...]
      #expect(new.allSatisfy { $0.live == 0 })
      #expect(new.count { $0.constructed == -1 } == sections)
    }

    @Test("is the same on both sides in random life cycles", arguments: Architecture.riscv.modes)
    func random(mode: PagingMode) throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let checker = CaseChecker(fixes: [.latest], asksOracle: false)
      for seed in 0..<300 as Range<UInt64> {
        var cycle = RandomLifeCycle(mode: mode, random: SplitMix64(numbers: [0x11fe, seed]))
        let image = try cycle.scenario(id: "life/\(seed)", operations: 8).lowered()
        let result = checker.result(of: image, answered: side.shortAnswer(image).answer)
        #expect(result != nil, "\(mode.name), \(seed): the digests differ")
      }
    }

    @Test(
      "leaves nothing behind after a thousand random adds and removals, on both sides",
      arguments: Architecture.riscv.modes, [1, 2, 3] as [UInt64])
    func balance(mode: PagingMode, seed: UInt64) throws {
      var cycle = RandomLifeCycle(
        mode: mode, random: SplitMix64(seed: seed), manner: .balanced)
      let scenario = cycle.scenario(id: "life/\(seed)", operations: 1000, removesAll: true)
      #expect(scenario.operations.count >= 1000)
      let image = try scenario.lowered()
      let port = HotplugPort(fixes: .latest).observe(image)
      let reference = try SubjectSide(try EmbeddedReference.subject(indexBits: 9)).observe(image)
      #expect(reference.compared(to: port).difference == nil)
      for (name, end) in [("port", port), ("reference", reference)] {
        var nothing = image
        nothing.operations = []
        let start = HotplugPort(fixes: .latest).observe(nothing)
        #expect(end.ending.kind == EndingKind.finished.rawValue, "\(name)")
        let sum = end.events.count { $0.kind == EventKind.returned.rawValue && $0.b == 0 }
        #expect(sum == scenario.operations.count, "\(name): every call succeeds")
        #expect(
          Array(end.tables[..<start.tables.count]) == start.tables, "\(name): boot-time tables")
        #expect(end.lives[start.tables.count...].allSatisfy { $0.live == 0 }, "\(name): new tables")
        #expect(end.lives.allSatisfy { $0.constructed == 0 || $0.live == 1 }, "\(name): counts")
        #expect(end.altmapAllocs.allSatisfy { $0 == 0 }, "\(name): altmaps")
        #expect(end.sections == image.sections, "\(name): sections")
        let blocks = end.events.filter { $0.kind == EventKind.allocate.rawValue && $0.b == 9 }
        let freed = end.events.filter { $0.kind == EventKind.free.rawValue && $0.b == 9 }
        #expect(!blocks.isEmpty || image.altmaps.count > 0)
        #expect(blocks.map(\.a).sorted() == freed.map(\.a).sorted(), "\(name): blocks")
      }
    }

    @Test(
      "causes a BUG or returns if any one allocation fails, the same on both sides",
      arguments: Architecture.riscv.modes)
    func shortages(mode: PagingMode) throws {
      let side = try SubjectSide(try EmbeddedReference.subject(indexBits: 9))
      let checker = CaseChecker(fixes: [.latest], asksOracle: false)
      let cases = Catalogue.scenarios(mode: mode).filter {
        $0.id.hasPrefix("lifecycle/memory-for-") || $0.id.hasPrefix("lifecycle/allocation-")
      }
      #expect(!cases.isEmpty)
      for scenario in cases {
        let image = try scenario.lowered()
        let answer = side.shortAnswer(image).answer
        #expect(
          [EndingKind.finished.rawValue, EndingKind.bug.rawValue].contains(answer.ending),
          "\(scenario.id)")
        #expect(checker.result(of: image, answered: answer) != nil, "\(scenario.id)")
      }
      let last = try #require(cases.compactMap(\.injected.allocationBudget).max())
      var unlimited = try #require(cases.first)
      unlimited.injected = Scenario.InjectedFailures()
      let all = side.observe(try unlimited.lowered())
      #expect(all.events.count { $0.kind == EventKind.allocate.rawValue } == Int(last))
    }
  }
}
