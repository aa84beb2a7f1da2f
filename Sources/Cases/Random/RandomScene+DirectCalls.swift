// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Direct calls of inner functions, each on an existing table, entry or page.
extension RandomScene {
  mutating func drawDirectCall() {
    switch random.below(16) {
    case 0...1: offer(.pte, to: .freePteTable)
    case 2...3: offer(.pmd, to: .freePmdTable)
    case 4...6: offer(layout.mode.isFolded(.pud) ? .pmd : .pud, to: .freePudTable)
    case 7...8: freeStorage()
    case 9...10: walk(.pte, by: .removePteMapping)
    case 11...12: walk(.pmd, by: .removePmdMapping)
    case 13: walk(.pud, by: .removePudMapping)
    case 14: walk(.p4d, by: .removeP4dMapping)
    default: freeStorage()
    }
  }

  /// Whether the address belongs to the vmemmap and not to the linear map.
  private func isVmemmap(_ address: UInt64) -> Bool { address < layout.vmallocStart }

  /// Calls a `free_*_table` on a table and its parent entry: an existing table, which the function must
  /// mostly keep, or a new empty one beside it.
  private mutating func offer(_ level: Level, to function: KernelFunction) {
    guard let beside = random.pick(numbers(of: level)) else { return freeStorage() }
    var number = beside
    // No walk on Sv39 passes a pud table, so a pmd table in use stands in.
    let isStandIn = function == .freePudTable && level != .pud
    if !isStandIn, random.percent(65), let empty = makeEmpty(level, beside: beside) {
      number = empty
    }
    if isStandIn, tables.drafts[number].table.entries.isEmpty {
      tables.set(number, slot: slot(), to: .raw(Bits.accessedOnly))
    }
    let draft = tables.drafts[number]
    var call = Scenario.Call(function)
    call.table = number
    call.parentTable = draft.parent.table
    call.parentSlot = draft.parent.slot
    if function.takes(.isVmemmap) { call.isVmemmap = isVmemmap(draft.base) }
    operations.append(call)
    deeds.append("\(function.name) of \(draft.table.entries.isEmpty ? "an empty" : "a live") table")
  }

  /// A slot, often the first or the last.
  mutating func slot() -> Int {
    random.weighted(
      (1, 0), (1, layout.entriesPerTable - 1), (3, random.within(0...layout.entriesPerTable - 1)))
  }

  /// The numbers of the tables of a level.
  func numbers(of level: Level) -> [Int] {
    tables.drafts.indices.filter { tables.drafts[$0].table.level == level }
  }

  /// Makes an empty table under the parent of another one, in a free slot.
  private mutating func makeEmpty(_ level: Level, beside number: Int) -> Int? {
    let draft = tables.drafts[number]
    let parent = tables.drafts[draft.parent.table]
    // The root covers several areas, so the new table stays next to the existing one.
    let next = min(draft.parent.slot + 1, layout.entriesPerTable - 1)
    let place = draft.parent.table == 0 ? next : slot()
    guard tables.value(of: draft.parent.table, slot: place) == nil else { return nil }
    let address = parent.base &+ UInt64(place) << layout.shift(of: parent.table.level)
    let kind: ScenarioBuilder.TableKind =
      random.percent(30) ? .boot : isVmemmap(address) ? .vmemmap : .linear
    return tables.table(level, for: address, kind: kind)
  }

  /// Frees a block of backing that a memmap entry maps, or a part of boot memory.
  private mutating func freeStorage() {
    var call = Scenario.Call(.freeVmemmapStorage)
    // A leaf maps a page or 2 MiB.
    let order = random.weighted((4, 0), (3, 9)) as UInt64
    let frame = random.pick(frames)
    if let frame, random.percent(60) {
      call.pfn = frame.pfn + random.below(frame.count)
      if frame.owner == .altmap || random.percent(8) {
        call.altmap = random.pick(altmaps.indices.map { $0 + 1 })
      }
    } else {
      call.pfn = pages(1 << order, aligned: 1 << order, isReserved: random.percent(30))
    }
    call.size = AddressLayout.pageSize << order
    operations.append(call)
    deeds.append("free_vmemmap_storage of order \(order)")
  }

  /// Walks a part of the range below a table, or at a folded level below the root entry that stands for the
  /// table.
  private mutating func walk(_ level: Level, by function: KernelFunction) {
    let isFolded = layout.mode.isFolded(level)
    guard let number = isFolded ? 0 : random.pick(numbers(of: level)) else { return freeStorage() }
    let draft = tables.drafts[number]
    var call = Scenario.Call(function)
    call.table = number
    let entries = draft.table.entries
    guard let run = random.pick(entries) else { return freeStorage() }
    let size = layout.size(of: draft.table.level)
    let page = AddressLayout.pageSize
    var start = draft.base &+ UInt64(run.slot) * size
    var end: UInt64
    if isFolded {
      call.parentSlot = run.slot
      end = start &+ size
    } else {
      let first = random.below(UInt64(run.count))
      start = start &+ first * size
      end = start &+ (1 + random.below(UInt64(run.count) - first)) * size
      if random.percent(25) {
        start = draft.base
        end = start &+ size << layout.indexBits
      }
    }
    // Start and end inside a leaf or a lower table.
    if random.percent(30), end - start > 2 * page {
      start += random.below((end - start) / page) * page
      end -= random.below((end - start) / page) * page
    }
    call.start = start
    call.end = end
    let isVmemmap = isVmemmap(start)
    call.isVmemmap = isVmemmap
    if isVmemmap, random.percent(30) {
      call.altmap = random.pick(altmaps.indices.map { $0 + 1 })
    }
    operations.append(call)
    if !isVmemmap {
      linear.unmap(from: start &- layout.linearOffset, to: end &- layout.linearOffset)
    }
    deeds.append("\(function.name) below one table")
  }
}
