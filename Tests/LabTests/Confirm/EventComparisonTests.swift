// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Lab
@testable import Machine
@testable import Port

@Suite("The order of events")
struct EventComparisonTests {
  /// Binds the model's pages 0x1000 and 0x1001 to the kernel's 0x81000 and 0x81001.
  private static func bindings() -> PageBindings {
    var bindings = PageBindings()
    _ = bindings.bind(model: 0x1000, kernel: 0x81000)
    _ = bindings.bind(model: 0x1001, kernel: 0x81001)
    return bindings
  }

  private static let model = [
    Event(.free, a: 0x1000), Event(.clear, a: 3, b: 4, c: 1), Event(.free, a: 0x1001, b: 9),
    Event(.flush, detail: FlushScope.all.rawValue), Event(.returned, a: 0),
  ]

  private func comparison(_ kernel: [KernelEvent]) -> EventComparison {
    EventComparison(
      model: Self.model, kernel: kernel, before: Self.bindings(), after: PageBindings())
  }

  @Test(
    "agrees if a kernel frees and flushes like the model, whatever others do meanwhile")
  func same() {
    let comparison = comparison([
      KernelEvent(.allocate, pfn: 0x90000), KernelEvent(.free, pfn: 0x81000),
      KernelEvent(.free, pfn: 0x90000), KernelEvent(.free, pfn: 0x81001, order: 9),
      KernelEvent(.flushAll, caller: "vunmap_range"),
      KernelEvent(.flushAll, caller: "remove_pgd_mapping.constprop.0"),
      KernelEvent(.free, pfn: 0x81000),
    ])
    #expect(comparison.difference == nil)
    #expect(comparison.kernel.count == 3)
    #expect(comparison.freedBeforeFlush == 0x81000)
  }

  @Test("differs if two tables are freed the other way round")
  func swapped() throws {
    let comparison = comparison([
      KernelEvent(.free, pfn: 0x81001, order: 9), KernelEvent(.free, pfn: 0x81000),
      KernelEvent(.flushAll, caller: "arch_remove_memory"),
    ])
    let difference = try #require(comparison.difference)
    #expect(difference.place == "event 1")
    #expect(difference.model.contains("0x81000"))
    #expect(difference.kernel.contains("0x81001"))
  }

  @Test("differs if a flush is missing, or comes first")
  func flushes() {
    let frees = [KernelEvent(.free, pfn: 0x81000), KernelEvent(.free, pfn: 0x81001, order: 9)]
    let flush = KernelEvent(.flushAll, caller: "vmemmap_free")
    #expect(comparison(frees).difference?.kernel == "nothing more")
    let early = comparison([flush] + frees)
    #expect(early.difference != nil)
    #expect(early.freedBeforeFlush == nil)
  }

  @Test("differs if a block has another size")
  func order() {
    let comparison = comparison([
      KernelEvent(.free, pfn: 0x81000), KernelEvent(.free, pfn: 0x81001),
      KernelEvent(.flushAll, caller: "vmemmap_free"),
    ])
    #expect(comparison.difference?.place == "event 2")
  }

  @Test("includes an allocation that stays, but not one that others gave back")
  func allocations() {
    let model = [Event(.allocate, a: 0x1000), Event(.flush, detail: FlushScope.all.rawValue)]
    let comparison = EventComparison(
      model: model,
      kernel: [
        KernelEvent(.allocate, pfn: 0x81000), KernelEvent(.free, pfn: 0x81000),
        KernelEvent(.allocate, pfn: 0x81000), KernelEvent(.flushAll, caller: "arch_add_memory"),
      ], before: PageBindings(), after: Self.bindings())
    #expect(comparison.difference == nil)
  }
}
