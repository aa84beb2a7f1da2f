// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

@Suite("Upstream's fixes, and the port that applies them")
struct UpstreamFixesTests {
  @Test("A fix is found by its commit, abbreviated or longer, in either case")
  func commits() {
    #expect(UpstreamFixes(commit: "21f1b85c8912") == .noVmemmapPmdDestructor)
    #expect(UpstreamFixes(commit: "A0188CC") == .foldedEntryIsBase)
    #expect(UpstreamFixes(commit: "a0188cc13369deadbeef") == .foldedEntryIsBase)
  }

  @Test(
    "Any other text names no fix",
    arguments: ["", "a0188c", "c75a74f4ba19", "a0188cc1336x", "a0188cc13368"])
  func unknownCommits(commit: String) {
    #expect(UpstreamFixes(commit: commit) == nil)
  }

  @Test("All fixes together are the latest text, and each is described once")
  func descriptions() {
    #expect(UpstreamFixes(UpstreamFixes.all.map(\.fix)) == .latest)
    #expect(UpstreamFixes.latest.descriptions == UpstreamFixes.all)
    #expect(UpstreamFixes.asMerged.descriptions.isEmpty)
    #expect(UpstreamFixes.foldedEntryIsBase.descriptions.map(\.commit) == ["a0188cc13369"])
  }

  @Test("A port that has run other cases behaves like a fresh port")
  func reuse() throws {
    let port = HotplugPort(fixes: .asMerged, stepLimit: 100_000)
    var images: [MachineImage] = []
    for indexBits: UInt64 in [9, 2, 1, 2, 9] {
      for mode in modes {
        var bench = try Bench(mode, indexBits: indexBits)
        let pteTable = bench.path(to: .pte, for: 0)
        bench.leaf(pteTable, 1, pfn: 0x90000)
        bench.image.frames = [FrameRange(pfn: 0x90000, count: 1, owner: .reserved)]
        bench.call(.archAddMemory, 0x8000_0000, 0x2000)
        bench.call(.vmemmapFree, 0, 0x2000)
        bench.call(.removePgdMapping, 0xffff_ffff_ffff_0000, 0xffff_ffff_ffff_f000)
        images.append(bench.image)
      }
    }
    for image in images + images.reversed() {
      port.load(image)
      let used = Outcome(port.run(), of: port)
      let fresh = HotplugPort(fixes: .asMerged, stepLimit: 100_000)
      fresh.load(image)
      #expect(
        used == Outcome(fresh.run(), of: fresh),
        "\(image.layout.mode.name) with \(image.layout.indexBits) index bits")
    }
  }

  @Test("A pointer to an unused page of the pool is an overrun on that page")
  func unusedTable() throws {
    var bench = try Bench("sv39")
    bench.set(0, 344, bench.pfn(7) << 10 | 1)
    bench.call(.removeLinearMapping, 0x8000_0000, 4096)
    #expect(bench.run().ending == Ending(.overrun, table: 7, slot: 0))
  }

  @Test("A pointer outside the pool is a wild access to its linear-map address")
  func wildPointer() throws {
    var bench = try Bench("sv39")
    bench.set(0, 344, 0x90000 << 10 | 1)
    bench.call(.removeLinearMapping, 0x8020_0000, 4096)
    #expect(
      bench.run().ending == Ending(.wildAccess, address: 0xffff_ffd6_1000_0008))
  }

  @Test("A walk that meets a table it has freed reads poison: a leaf, cleared again")
  func useAfterFree() throws {
    var bench = try Bench("sv39")
    let table = bench.table(.pte)
    let parent = bench.table(.pmd)
    bench.link(parent, 0, to: table)
    bench.link(parent, 1, to: table)
    bench.call(.removePmdMapping, 0, 4 << 20) { $0.table = UInt32(parent) }
    let outcome = bench.run()
    // The second walk clears all 512 poisoned entries and frees the page again.
    #expect(
      outcome.deeds == [
        Event(.destruct, a: bench.pfn(1)), Event(.free, detail: 1, a: bench.pfn(1)),
        Event(.clear, a: 2, b: 0, c: 1), Event(.clear, a: 1, b: 0, c: 512),
        Event(.destruct, a: bench.pfn(1)), Event(.free, detail: 1, a: bench.pfn(1)),
        Event(.clear, a: 2, b: 1, c: 1),
      ])
    #expect(outcome.lives[1].constructed == -1)
  }
}
