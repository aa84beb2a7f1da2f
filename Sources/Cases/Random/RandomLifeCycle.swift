// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A random life cycle: a few memory blocks and devices that are added and removed in any order, with a live
/// core. Now and then it has a call that no kernel makes, or memory runs out.
struct RandomLifeCycle {
  enum Manner {
    /// Everything: parts of sections side by side, odd calls, failures.
    case any
    /// Whole sections, each in one block. A block is added while absent, and removed with the arguments of
    /// its add, so that no listed hazard hits a neighbour.
    case balanced
  }

  /// Memory that one call adds and one call removes.
  private struct Block {
    var start: UInt64
    var size: UInt64
    var altmap: Int?
    var isPresent = false
  }

  private let manner: Manner
  private var random: SplitMix64
  private var builder: ScenarioBuilder
  private var blocks: [Block] = []

  init(mode: PagingMode, random: SplitMix64, manner: Manner = .any) {
    self.manner = manner
    self.random = random
    builder = ScenarioBuilder(mode: mode)
    builder.core = .live
    if self.random.percent(30) { addBootMemory() }
    for number in 0..<self.random.within(1...4 as ClosedRange<UInt64>) { addBlock(number) }
  }

  /// The scenario, with at least `operations` operations. If `removesAll` is set, calls that remove all
  /// present blocks follow.
  mutating func scenario(id: String, operations: Int, removesAll: Bool = false) -> Scenario {
    if manner == .any { drawFailures() }
    while builder.operations.count < operations { draw() }
    if removesAll {
      for index in blocks.indices where blocks[index].isPresent { remove(index) }
    }
    let devices = blocks.count { $0.altmap != nil }
    let count = builder.operations.count
    var scenario = builder.build(
      id: id,
      purpose:
        "Boot memory and a live core: \(blocks.count) block\(blocks.count == 1 ? " is" : "s are") "
        + "added and removed, \(devices) of them with a memmap of their own; "
        + "\(count) operation\(count == 1 ? "" : "s").")
    if manner == .any { shareMemmaps(in: &scenario) }
    return scenario
  }

  /// Turns a tenth of the suitable blocks into devices mapped by 2 MiB, with their memmap in RAM. A suitable
  /// block has whole sections, and every call on them is for exactly this block, because a memmap of single
  /// pages beside a leaf stops the kernel. The draws use a copy of the generator, so that all other cases of
  /// a seed stay as they were before such devices existed.
  private func shareMemmaps(in scenario: inout Scenario) {
    var random = random
    for block in blocks where block.altmap == nil && block.size <= 2 * Memory.section {
      let isDevice = random.percent(10)
      guard isDevice, (block.start | block.size) % Memory.section == 0 else { continue }
      let touching = scenario.operations.indices.filter { index in
        guard let start = scenario.operations[index].start,
          let size = scenario.operations[index].size
        else { return false }
        return start < block.start + block.size && block.start < start + size
      }
      let isWhole = touching.allSatisfy {
        scenario.operations[$0].start == block.start && scenario.operations[$0].size == block.size
          && scenario.operations[$0].altmap == nil
      }
      guard isWhole, !touching.isEmpty else { continue }
      scenario.pgmaps = [Scenario.Pgmap(), Scenario.Pgmap(vmemmapShift: 9)]
      for index in touching { scenario.operations[index].pgmap = 2 }
    }
  }

  private mutating func addBootMemory() {
    let subsections = random.within(1...63 as ClosedRange<UInt64>)
    builder.live(at: builder.layout.ramBase)
    builder.bootMemory(subsections: subsections)
    guard manner == .any else { return }
    let used = Memory.section + subsections * MemoryRegion.subsection
    // The rest of its last section.
    blocks.append(
      Block(start: builder.layout.ramBase + used, size: 2 * Memory.section - used, altmap: nil))
  }

  /// Adds a block in 2 GiB of its own, or next to the last block. Drops it if it overlaps another block.
  private mutating func addBlock(_ number: UInt64) {
    let sections = random.weighted((60, 1), (25, 2), (15, 3)) as UInt64
    var size = sections * Memory.section
    var start: UInt64
    if let last = blocks.last, random.percent(40) {
      start = last.start + last.size
    } else {
      let base = builder.layout.mode.isL4Enabled && random.percent(40) ? Memory.far : Memory.onPUD
      start = base + number * 2 * Memory.gib + random.below(6) * Memory.section
    }
    if manner == .any, random.percent(35) {
      start += random.below(32) * MemoryRegion.subsection
      size = random.within(1...96 as ClosedRange<UInt64>) * MemoryRegion.subsection
    }
    if manner == .any, random.percent(8) { size = Memory.gib }
    guard !blocks.contains(where: { start < $0.start + $0.size && $0.start < start + size }) else {
      return
    }
    builder.live(at: start)
    builder.live(at: start + size - 1)
    var block = Block(start: start, size: size, altmap: nil)
    // The memmap of a device lies in the device, after the pages that the driver keeps.
    let leaves = (size + 2 * Memory.section - 1) / Memory.section
    let pages = (leaves + 1) * 0x200
    if random.percent(35), 2 * pages <= size >> AddressLayout.pageShift {
      let room = manner == .any && random.percent(20) ? 0x200 + random.below(pages) : pages
      let reserve = random.one(of: 0, 2, 0x200 as UInt64)
      block.altmap = builder.altmap(device: start, size: size, reserve: reserve, free: room)
    }
    blocks.append(block)
  }

  private mutating func drawFailures() {
    if random.percent(6) { builder.injected.addPagesResult = random.one(of: -12, -17, -22) }
    if random.percent(12) {
      builder.injected.failingAllocation = UInt32(random.within(1...12 as ClosedRange<UInt64>))
    } else if random.percent(8) {
      builder.injected.allocationBudget = UInt32(random.below(12))
    }
    builder.globals.isDebugPagealloc =
      blocks.allSatisfy { $0.size <= RandomScene.mostByPages }
      && random.percent(30)
  }

  private mutating func draw() {
    guard !blocks.isEmpty else { return builder.call(.archGetMappableRange) }
    let index = Int(random.below(UInt64(blocks.count)))
    guard manner == .balanced || random.percent(85) else { return drawOdd(index) }
    if blocks[index].isPresent { remove(index) } else { add(index) }
  }

  private mutating func add(_ index: Int) {
    let block = blocks[index]
    builder.add(block.start, block.size, altmap: block.altmap, pgmap: block.altmap == nil ? nil : 1)
    blocks[index].isPresent = true
  }

  private mutating func remove(_ index: Int) {
    let block = blocks[index]
    builder.removeMemory(
      block.start, block.size, altmap: block.altmap, pgmap: block.altmap == nil ? nil : 1)
    blocks[index].isPresent = false
  }

  /// Draws a call that no kernel makes, or a call with arguments that do not match the block.
  private mutating func drawOdd(_ index: Int) {
    let block = blocks[index]
    let half = block.size / 2 / MemoryRegion.subsection * MemoryRegion.subsection
    switch random.below(6) {
    case 0: builder.add(block.start, block.size, altmap: block.altmap)
    case 1: builder.removeMemory(block.start, block.size)
    case 2 where half > 0:
      // Half of the block only.
      builder.removeMemory(block.start, half, altmap: block.altmap)
    case 3: builder.add(block.start + 0x10_0000, 0x10_0000)
    case 4 where half > 0: builder.add(block.start + half, block.size, altmap: block.altmap)
    default: builder.call(.archGetMappableRange)
    }
  }
}
