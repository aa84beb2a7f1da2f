// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of flushes")
struct FlushRuleTests {
  static let wrongDoings = missing + early

  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  /// A subject that flushes in another way when it removes a leaf.
  private static func flushing(
    _ description: String, _ bend: @escaping @Sendable (inout Deeds) -> Void
  ) -> WrongDoing {
    WrongDoing(
      .flushMissing, description, widths: [9, 1],
      build: {
        $0.leaves(2)
        $0.removeLeaf()
      },
      bend: bend,
      shows: {
        .stale(
          address: $0.layout.canonical($0.layout.homeAddress), pfn: $0.layout.homePFN)
      })
  }

  private static func narrow(_ deeds: inout Deeds, from start: UInt64, bytes: UInt64) {
    let range = Event(.flush, detail: FlushScope.range.rawValue, a: start, b: start &+ bytes)
    deeds.change(.flush) { $0 = range }
  }

  private static let missing = [
    flushing("does not flush") { $0.drop(.flush) },
    flushing("flushes this hart alone") {
      $0.change(.flush) { $0.detail = FlushScope.localAll.rawValue }
    },
    flushing("flushes the range's first page alone") {
      narrow(&$0, from: $0.layout.homeAddress, bytes: 0x1000)
    },
    flushing("flushes what comes after the range") {
      let size = $0.layout.size(of: .pmd)
      narrow(&$0, from: $0.layout.homeAddress + size, bytes: size)
    },
    flushing("flushes before the last clear") {
      let flush = $0.drop(.flush)
      $0.insert(flush, before: .clear)
    },
    WrongDoing(
      .flushMissing, "maps memory and does not flush what was cached as absent", widths: [9, 2],
      build: {
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd))
      },
      bend: { $0.drop(.flush) },
      shows: {
        .unseen(
          address: $0.layout.canonical($0.layout.homeAddress + $0.layout.size(of: .pmd)))
      }),
    WrongDoing(
      .flushMissing, "does not flush what an add that failed had mapped", widths: [9, 2],
      build: {
        $0.injected.addPagesResult = -12
        $0.leaves(1)
        $0.add($0.layout.home + $0.bytes(.pmd), $0.bytes(.pmd))
      },
      bend: { $0.drop(.flush) },
      shows: {
        .stale(
          address: $0.layout.homeAddress + $0.layout.size(of: .pmd),
          pfn: $0.layout.homePFN + $0.layout.leafPages)
      }),
  ]

  private static let early = [
    WrongDoing(
      .freedBeforeFlush, "frees the memory behind the memmap before it flushes", like: .h8,
      widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      mend: {
        let free = $0.drop(.free)
        $0.insert(free)
      },
      bend: {
        let free = $0.drop(.free)
        $0.insert(free, before: .flush)
      },
      shows: { _ in .call("pages are freed, then the TLB is flushed") }),
    WrongDoing(
      .freedBeforeFlush, "flushes before it clears, and then after it frees", like: .h8,
      widths: [9, 1],
      build: { $0.removeMemmap(backing: .allocator) },
      mend: {
        let free = $0.drop(.free)
        $0.insert(free)
      },
      bend: {
        let (free, flush) = ($0.drop(.free), $0.drop(.flush))
        $0.insert(flush, before: .clear)
        $0.insert(free + flush)
      },
      shows: { _ in .call("pages are freed, then the TLB is flushed") }),
  ]

  @Test("accept a flush of exactly the range", arguments: [UInt64(9), 1])
  func exactRange(width: UInt64) throws {
    for mode in Architecture.riscv.modes {
      var builder = ScenarioBuilder(mode: mode, indexBits: width)
      builder.leaves(2)
      builder.removeLeaf()
      var deeds = try Deeds(of: builder)
      Self.narrow(
        &deeds, from: builder.layout.homeAddress, bytes: builder.layout.size(of: .pmd))
      #expect(Oracle.violations(deeds.image, deeds.observations) == [])
    }
  }
}
