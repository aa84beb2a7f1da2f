// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A draft of a random case: the planned memory, the page tables that the kernel would have made for it, and
/// the operations so far.
struct RandomScene {
  let layout: AddressLayout
  var random: SplitMix64
  var regions: [MemoryRegion]
  var tables: DraftTables
  /// The leaves in the linear map after the operations so far.
  var linear: LinearExtents
  var frames: [Scenario.Frames] = []
  var altmaps: [Scenario.Altmap] = []
  var globals = Scenario.Globals()
  var injected = Scenario.InjectedFailures()
  var operations: [Scenario.Call] = []
  /// The drawn operations, as the purpose describes them.
  var deeds: [String] = []
  /// The next PFNs for backing: from memblock, low in boot memory, and from the page allocator, from the
  /// middle of boot memory upwards.
  private var nextReserved: UInt64
  private var nextAllocated: UInt64

  /// The most bytes that an operation adds with `debug_pagealloc`, which maps single pages.
  static let mostByPages: UInt64 = 4 << 20

  /// Plans the memory, and sets up tables, owners and globals before the operations.
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
    // Sometimes max_pfn is not the end of memory, as after a removal (hazard H3).
    let ends = regions.filter(\.isMapped).map { $0.end >> AddressLayout.pageShift }
    globals.maxPFN = (self.random.percent(85) ? ends.max() : self.random.pick(ends)) ?? base
    globals.maxLowPFN = globals.maxPFN
  }

  /// Takes pages of boot memory, from memblock or from the page allocator. Returns the first PFN.
  mutating func pages(_ count: UInt64, aligned: UInt64, isReserved: Bool) -> UInt64 {
    let next = isReserved ? nextReserved : nextAllocated
    let first = (next + aligned - 1) / aligned * aligned
    if isReserved {
      nextReserved = first + count
      frames.append(Scenario.Frames(pfn: first, count: count, owner: .reserved))
    } else {
      // A gap now and then, as the buddy allocator leaves them.
      nextAllocated = first + count + (random.percent(30) ? aligned : 0)
    }
    return first
  }

  func scenario(id: String) -> Scenario {
    Scenario(
      id: id, purpose: purpose, mode: layout.mode.name, indexBits: layout.indexBits,
      tables: tables.drafts.map(\.table), frames: frames.sorted { $0.pfn < $1.pfn },
      altmaps: altmaps, globals: globals, injected: injected, operations: operations)
  }

  /// One sentence: the memory, the operations, and their number.
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
