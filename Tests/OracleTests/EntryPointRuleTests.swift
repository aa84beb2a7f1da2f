// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Cases
@testable import Machine
@testable import Oracle
@testable import Port

@Suite("The rules of entry points")
struct EntryPointRuleTests {
  static let wrongDoings = counters + ranges + coreCalls + endings

  @Test("detect a subject that", arguments: wrongDoings)
  func see(_ wrong: WrongDoing) throws { try wrong.check() }

  /// Adds a PMD leaf beside another.
  private static func adds(_ builder: inout ScenarioBuilder) {
    builder.leaves(1)
    builder.add(builder.layout.home + builder.bytes(.pmd), builder.bytes(.pmd), node: 1)
  }

  private static func removes(_ builder: inout ScenarioBuilder) {
    builder.leaves(2)
    builder.removeMemory(builder.layout.home, builder.bytes(.pmd))
  }

  /// The first PFN after the memory that `adds` adds.
  private static func end(_ layout: AddressLayout) -> UInt64 {
    layout.homePFN + 2 * layout.leafPages
  }

  private static let counters = [
    WrongDoing(
      .maxPFN, "does not raise max_pfn",
      build: adds,
      bend: { $0.last.maxPFN = $0.image.maxPFN },
      shows: { .number("max_pfn", expected: end($0.layout), actual: $0.image.maxPFN) }),
    WrongDoing(
      .maxPFN, "raises max_pfn and forgets max_low_pfn",
      build: adds,
      bend: { $0.last.maxLowPFN = $0.image.maxLowPFN },
      shows: { .number("max_low_pfn", expected: end($0.layout), actual: $0.image.maxLowPFN) }),
    WrongDoing(
      .maxPFN, "takes the size for the end", widths: [9, 2],
      build: {
        $0.globals = Scenario.Globals(maxPFN: 0, maxLowPFN: 0)
        adds(&$0)
      },
      bend: { $0.last.maxPFN = $0.layout.leafPages },
      shows: { .number("max_pfn", expected: end($0.layout), actual: $0.layout.leafPages) }),
    WrongDoing(
      .maxPFN, "raises max_pfn though the add fails",
      build: {
        $0.injected.addPagesResult = -12
        adds(&$0)
      },
      bend: { $0.last.maxPFN = end($0.layout) },
      shows: { .number("max_pfn", expected: $0.image.maxPFN, actual: end($0.layout)) }),
    WrongDoing(
      .maxPFN, "lowers max_pfn when memory is removed",
      build: removes,
      bend: { $0.last.maxPFN -= 1 },
      shows: { .number("max_pfn", expected: $0.image.maxPFN, actual: $0.image.maxPFN - 1) }),
  ]

  private static let ranges = [
    WrongDoing(
      .mappableRange, "ends the mappable range one byte late",
      // On Sv39 upstream's own end is wrong (hazard H4).
      modes: ["sv48", "sv57"],
      build: { $0.call(.archGetMappableRange) },
      bend: { $0.change(.returned) { $0.c += 1 } },
      shows: {
        let last = $0.layout.physical(ofVirtual: $0.layout.pageEnd - 1)
        return .number("the last address", expected: last, actual: last + 1)
      }),
    WrongDoing(
      .mappableRange, "begins the mappable range at 0",
      modes: ["sv48", "sv57"],
      build: { $0.call(.archGetMappableRange) },
      bend: { $0.change(.returned) { $0.b = 0 } },
      shows: { .number("the first address", expected: $0.layout.ramBase, actual: 0) }),
  ]

  private static func callsCore(
    _ description: String, also: Set<OracleRule> = [],
    _ build: @escaping @Sendable (inout ScenarioBuilder) -> Void, _ message: String,
    _ bend: @escaping @Sendable (inout Deeds) -> Void
  ) -> WrongDoing {
    WrongDoing(
      .coreCall, description, also: also, widths: [9, 2], build: build, bend: bend,
      shows: { _ in .call(message) })
  }

  private static let coreCalls = [
    callsCore("does not call __add_pages", adds, "__add_pages is called 0 times") {
      $0.drop(.addPages)
    },
    callsCore("calls __remove_pages twice", removes, "__remove_pages is called 2 times") {
      $0.insert($0.last.events.filter { $0.kind == EventKind.removePages.rawValue })
    },
    callsCore(
      "forgets the node", adds, "__add_pages is called with a wrong node"
    ) { $0.change(.addPages) { $0.detail = 0 } },
    callsCore(
      "hands on bytes for pages", removes,
      "__remove_pages is called with a wrong number of pages"
    ) { $0.change(.removePages) { $0.b <<= 12 } },
    callsCore(
      "hands on another page and protection", adds,
      "__add_pages is called with a wrong first page and protection"
    ) {
      $0.change(.addPages) {
        $0.a += 1
        $0.c = Bits.readOnly
      }
    },
    callsCore(
      "forgets the altmap",
      {
        $0.leaves(2)
        let altmap = $0.altmap(alloc: 0)
        $0.removeMemory($0.layout.home, $0.bytes(.pmd), altmap: altmap)
      }, "__remove_pages is called with a wrong altmap"
    ) { $0.change(.removePages) { $0.d = 0 } },
    callsCore(
      "calls __add_pages before the range is mapped",
      { $0.add($0.layout.home, $0.bytes(.pmd)) },
      "__add_pages is called before the range is mapped"
    ) {
      let call = $0.drop(.addPages)
      $0.insert(call, before: .allocate)
    },
    callsCore(
      "unmaps before it calls __remove_pages", removes,
      "the linear map is removed before __remove_pages"
    ) {
      let call = $0.drop(.removePages)
      $0.insert(call, before: .flush)
    },
    callsCore(
      "unmaps before __add_pages says no",
      {
        $0.injected.addPagesResult = -17
        adds(&$0)
      }, "a mapping is removed before __add_pages fails"
    ) {
      let call = $0.drop(.addPages)
      $0.insert(call)
    },
    WrongDoing(
      .coreCall, "swallows the error of __add_pages",
      // A caller that gets 0 finds nothing mapped, and max_pfn unchanged.
      also: [.addUnmapped, .maxPFN],
      build: {
        $0.injected.addPagesResult = -17
        adds(&$0)
      },
      bend: { $0.change(.returned) { $0.b = 0 } },
      shows: { _ in
        .number("the result of __add_pages", expected: UInt64(bitPattern: -17), actual: 0)
      }),
  ]

  private static func ends(
    _ rule: OracleRule, _ description: String, _ ending: Ending
  ) -> WrongDoing {
    WrongDoing(
      rule, description, widths: [9, 1],
      build: {
        $0.leaves(2)
        $0.removeLeaf()
      },
      bend: { $0.end(ending) }, shows: { _ in .ending(ending) })
  }

  private static let endings = [
    ends(.walkedOutside, "indexes a folded level", Ending(.overrun, table: 0, slot: 1032)),
    ends(.walkedOutside, "takes memory for a table", Ending(.wildAccess, address: 0x1234_5000)),
    ends(
      .walkedOutside, "reads a struct page that is none", Ending(.structPageAccess, address: 64)),
    ends(.kernelStopped, "runs into a BUG", Ending(.bug)),
    ends(.kernelStopped, "does not return", Ending(.hang)),
  ]
}
