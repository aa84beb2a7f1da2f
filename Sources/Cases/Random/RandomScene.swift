// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A random case in the making: memory as planned, the page tables that the kernel would have made
/// of it, and the operations so far.
struct RandomScene {
  let layout: AddressLayout
  var random: SplitMix64
  var regions: [MemoryRegion]
  var tables: DraftTables
  /// What the linear map holds after the operations so far.
  var linear: LinearExtents
  var frames: [Scenario.Frames] = []
  var altmaps: [Scenario.Altmap] = []
  var globals = Scenario.Globals()
  var injected = Scenario.InjectedFailures()
  var operations: [Scenario.Call] = []
  /// What was drawn, in the words of the purpose.
  var deeds: [String] = []
  /// The first PFNs that backing is next taken from: memblock's, low in boot memory, and the page
  /// allocator's, from its middle on.
  private var nextReserved: UInt64
  private var nextAllocated: UInt64

  /// Bytes that `debug_pagealloc` lets an operation add: it maps single pages.
  static let mostByPages: UInt64 = 4 << 20

  /// Plans memory, and sets up tables, owners and globals as they stand before the operations.
  init(mode: PagingMode, random: SplitMix64) {
    layout = AddressLayout(mode: mode)
    self.random = random
    regions = MemoryPlan(layout: layout, random: &self.random).regions
    let base = layout.ramBase >> AddressLayout.pageShift
    nextReserved = base + 0x1000
    nextAllocated = base + (regions.first?.size ?? 0) >> (AddressLayout.pageShift + 1)
    tables = DraftTables(layout: layout)
    linear = LinearExtents(layout: layout)
    globals.isDebugPagealloc = self.random.percent(5)
    linear.isByPages = globals.isDebugPagealloc
    for index in regions.indices {
      if index > 0, self.random.percent(42) { regions[index].isMapped = false }
      setUp(index)
    }
    // Sometimes as a removal leaves it (hazard H3): not where memory ends.
    let ends = regions.filter(\.isMapped).map { $0.end >> AddressLayout.pageShift }
    globals.maxPFN = (self.random.percent(85) ? ends.max() : self.random.pick(ends)) ?? base
    globals.maxLowPFN = globals.maxPFN
  }

  /// Sets pages aside in boot memory, from memblock or from the page allocator.
  mutating func pages(_ count: UInt64, aligned: UInt64, isReserved: Bool) -> UInt64 {
    let next = isReserved ? nextReserved : nextAllocated
    let first = (next + aligned - 1) / aligned * aligned
    if isReserved {
      nextReserved = first + count
      frames.append(Scenario.Frames(pfn: first, count: count, owner: .reserved))
    } else {
      // Apart now and then, as the buddy allocator hands them out.
      nextAllocated = first + count + (random.percent(30) ? aligned : 0)
    }
    return first
  }

  /// The scenario.
  func scenario(id: String) -> Scenario {
    Scenario(
      id: id, purpose: purpose, mode: layout.mode.name, indexBits: layout.indexBits,
      tables: tables.drafts.map(\.table), frames: frames.sorted { $0.pfn < $1.pfn },
      altmaps: altmaps, globals: globals, injected: injected, operations: operations)
  }

  /// One sentence: the memory there is, what is done, and in how many operations.
  private var purpose: String {
    let dimms = regions.count { $0.kind == .dimm }
    var parts: [String] = []
    if dimms > 0 { parts.append(dimms == 1 ? "a DIMM" : "\(dimms) DIMMs") }
    if regions.contains(where: { $0.kind == .device }) { parts.append("a device") }
    let memory = parts.isEmpty ? "alone" : "with " + parts.joined(separator: " and ")
    let calls = operations.count == 1 ? "1 operation" : "\(operations.count) operations"
    return "Boot memory \(memory): "
      + "\(deeds.joined(separator: ", ")); \(calls)."
  }
}
