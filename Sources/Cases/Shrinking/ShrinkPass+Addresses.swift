// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Passes that move things to lower slots.
extension ShrinkPass {
  /// Entries and the addresses that lead to them, moved down together: all tables of a level, or
  /// those of one part of the tree; and single calls, moved to the beginning of their area.
  static let lowerAddresses = ShrinkPass("lower addresses") { scenario in
    guard let layout = scenario.layout else { return AnySequence<Scenario>([]) }
    let together = layout.mode.levels.reversed().lazy.flatMap { level in
      scenario.families(layout).lazy.flatMap { family in
        scenario.shifted(family, at: level, layout)
      }
    }
    let alone = scenario.operations.indices.lazy.flatMap { index in
      scenario.callsAtBeginnings(scenario.operations[index], layout).lazy.flatMap { call in
        scenario.replacingCall(index, by: call, layout)
      }
    }
    return AnySequence([AnySequence(together), AnySequence(alone)].joined())
  }

  /// A run of entries moved down in its table, with the calls that name its slot.
  static let lowerSlots = ShrinkPass("lower slots") { scenario in
    scenario.places.lazy.flatMap { place -> [Scenario] in
      let runs = scenario.tables[place.table].entries
      let run = runs[place.run]
      let lowest = place.run == 0 ? 0 : runs[place.run - 1].slot + runs[place.run - 1].count
      guard run.slot > lowest else { return [] }
      return [lowest, lowest + (run.slot - lowest) / 2, run.slot - 1].map { slot in
        scenario.with { scenario in
          scenario[place].slot = slot
          for index in scenario.operations.indices
          where scenario.operations[index].parentTable == place.table
            && scenario.operations[index].parentSlot == run.slot
          {
            scenario.operations[index].parentSlot = slot
          }
        }
      }
    }
  }
}

/// A part of a scenario that can move by itself: tables, and the calls that walk them.
private struct Family {
  var tables: Set<Int>
  var calls: [Int]
}

extension Scenario {
  /// The whole, then what hangs on each entry of the root, then what hangs on nothing.
  fileprivate func families(_ layout: AddressLayout) -> [Family] {
    var found = [Family(tables: Set(tables.indices), calls: Array(operations.indices))]
    var linked: Set<Int> = [0]
    for table in tables {
      for run in table.entries {
        if case .table(let child) = run.value { linked.insert(child) }
      }
    }
    for run in tables.first?.entries ?? [] {
      guard case .table(let child) = run.value else { continue }
      let tables = tablesBelow(child)
      found.append(
        Family(
          tables: tables,
          calls: operations.indices.filter { index in
            let call = operations[index]
            if let table = call.table, table != 0 { return tables.contains(table) }
            return call.virtualStart(in: layout).map { layout.index(of: $0, at: .pgd) } == run.slot
          }))
    }
    for table in tables.indices where !linked.contains(table) {
      let tables = tablesBelow(table)
      found.append(
        Family(
          tables: tables,
          calls: operations.indices.filter { tables.contains(operations[$0].table ?? 0) }))
    }
    return found
  }

  /// A family with its entries of a level as many slots lower as there is room, half that many, and
  /// one.
  fileprivate func shifted(
    _ family: Family, at level: Level, _ layout: AddressLayout
  ) -> [Scenario] {
    let moving = family.tables.filter { tables[$0].level == level }
    var room = layout.entriesPerTable - 1
    for table in moving { room = min(room, tables[table].entries.first?.slot ?? room) }
    for index in family.calls {
      guard let start = operations[index].virtualStart(in: layout) else { continue }
      room = min(room, layout.index(of: start, at: level) - lowestIndex(of: start, level, layout))
    }
    guard room > 0 else { return [] }
    return Set([room, room / 2, 1]).sorted(by: >).filter { $0 > 0 }.map { slots in
      with { $0.shift(moving, family.calls, by: slots, at: level, layout) }
    }
  }

  /// The slot at which an address's area begins; below the root, areas begin with a slot 0.
  private func lowestIndex(
    of address: UInt64, _ level: Level, _ layout: AddressLayout
  ) -> Int {
    guard level == .pgd else { return 0 }
    return min(
      layout.areaStart(of: address).map { layout.index(of: $0, at: .pgd) } ?? 0,
      layout.index(of: address, at: .pgd))
  }

  private mutating func shift(
    _ moving: Set<Int>, _ calls: [Int], by slots: Int, at level: Level, _ layout: AddressLayout
  ) {
    for table in moving {
      for run in tables[table].entries.indices { tables[table].entries[run].slot -= slots }
    }
    let distance = UInt64(slots) &* layout.size(of: level)
    for index in calls {
      let call = operations[index]
      operations[index].start = call.start.map { $0 &- distance }
      operations[index].end = call.end.map { $0 &- distance }
      // The entry that a call names lies in a table that moves.
      if let slot = call.parentSlot, moving.contains(call.parentTable ?? call.table ?? 0) {
        operations[index].parentSlot = slot - slots
      }
    }
  }

  /// With another call in a call's place; the same with the root's entry for the one at the slot for
  /// the other.
  fileprivate func replacingCall(
    _ index: Int, by call: Call, _ layout: AddressLayout
  ) -> [Scenario] {
    let replaced = with { $0.operations[index] = call }
    guard let from = operations[index].virtualStart(in: layout),
      let to = call.virtualStart(in: layout),
      let run = tables.first?.entries.firstIndex(where: {
        $0.count == 1 && $0.slot == layout.index(of: from, at: .pgd)
      })
    else { return [replaced] }
    let following = replaced.with {
      $0.tables[0].entries[run].slot = layout.index(of: to, at: .pgd)
      $0.tables[0].entries.sort { $0.slot < $1.slot }
    }
    return [replaced, following]
  }

  /// A call over as many bytes from the beginning of its area, or from the same place of a table of
  /// each level.
  fileprivate func callsAtBeginnings(_ call: Call, _ layout: AddressLayout) -> [Call] {
    guard let start = call.virtualStart(in: layout) else { return [] }
    let base = call.beginning(for: start, layout)
    let isFolded = call.function.baseLevel.map { layout.mode.isFolded($0) } ?? false
    let offsets = layout.mode.levels.reversed().map { (start &- base) & (layout.size(of: $0) - 1) }
    return (offsets + [0]).map { offset in
      let address = base &+ offset
      var moved = call.over(
        call.function.isPhysical ? layout.physical(ofVirtual: address) : address,
        length: call.length)
      if isFolded, call.parentSlot != nil {
        moved.parentSlot = layout.index(of: address, at: .pgd)
      }
      return moved
    }
  }
}

extension Scenario.Call {
  /// Where the area begins in which a call at an address is plainest: the linear map, unless it is
  /// about the vmemmap.
  fileprivate func beginning(for address: UInt64, _ layout: AddressLayout) -> UInt64 {
    let isVmemmap = function == .vmemmapFree || isVmemmap == true
    return isVmemmap ? layout.areaStart(of: address) ?? layout.vmemmapStart : layout.pageOffset
  }
}

extension AddressLayout {
  /// Where the area of a virtual address begins: the linear map or the vmemmap; nil outside.
  fileprivate func areaStart(of address: UInt64) -> UInt64? {
    if address >= pageOffset, address - pageOffset < kernVirtSize { return pageOffset }
    if address >= vmemmapStart, address < vmemmapEnd { return vmemmapStart }
    return nil
  }
}
