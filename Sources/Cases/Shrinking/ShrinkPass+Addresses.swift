// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Passes that move entries, calls and addresses to lower slots.
extension ShrinkPass {
  /// Moves entries and the addresses that lead to them down together: all tables of a level, or those of one
  /// part of the tree. Also moves single calls to the start of their area.
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

  /// Moves a run of entries down in its table, together with the calls that name its slot.
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
  /// The whole scenario, then the subtree below each entry of the root, then the tables that nothing points
  /// to.
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

  /// The scenario with the family's entries of a level moved down: by as many slots as there is room, by half
  /// that number, and by one.
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

  /// The lowest slot of the area of `address` in a table of the level. Below the root it is 0.
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
      // The entry that the call names lies in a table that moves.
      if let slot = call.parentSlot, moving.contains(call.parentTable ?? call.table ?? 0) {
        operations[index].parentSlot = slot - slots
      }
    }
  }

  /// The scenario with another call at `index`; then the same with the root entry of the old call moved to
  /// the slot of the new one.
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

  /// Calls over the same number of bytes, from the start of the area or from the same offset in a table of
  /// each level.
  fileprivate func callsAtBeginnings(_ call: Call, _ layout: AddressLayout) -> [Call] {
    guard let start = call.virtualStart(in: layout) else { return [] }
    let base = call.beginning(for: start, layout)
    let isFolded = call.function.baseLevel.map { layout.mode.isFolded($0) } ?? false
    let offsets = layout.mode.levels.reversed().map { (start &- base) & (layout.size(of: $0) - 1) }
    return (offsets + [0]).map { offset in
      let address = base &+ offset
      var moved = call.over(
        call.function.hasPhysicalRange ? layout.physical(ofVirtual: address) : address,
        length: call.length)
      if isFolded, call.parentSlot != nil {
        moved.parentSlot = layout.index(of: address, at: .pgd)
      }
      return moved
    }
  }
}

extension Scenario.Call {
  /// The start of the area in which the call is plainest: the vmemmap if the call is about it, else the
  /// linear map.
  fileprivate func beginning(for address: UInt64, _ layout: AddressLayout) -> UInt64 {
    let isVmemmap = function == .vmemmapFree || isVmemmap == true
    return isVmemmap ? layout.areaStart(of: address) ?? layout.vmemmapStart : layout.pageOffset
  }
}

extension AddressLayout {
  /// The start of the area of a virtual address, linear map or vmemmap; nil outside of both.
  fileprivate func areaStart(of address: UInt64) -> UInt64? {
    if address >= pageOffset, address - pageOffset < kernVirtSize { return pageOffset }
    if address >= vmemmapStart, address < vmemmapEnd { return vmemmapStart }
    return nil
  }
}
