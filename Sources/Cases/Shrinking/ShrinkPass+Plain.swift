// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Passes that reset settings to those of the plainest case.
extension ShrinkPass {
  /// Gives tables and frames their plainest owners, and marks tables as not constructed.
  static let plainOwners = ShrinkPass("plain owners") { scenario in
    let tables = cuts(of: scenario.tables.count).lazy.flatMap { cut in
      [
        scenario.with { for table in cut { $0.makePlain(ownerOf: table) } },
        scenario.with { for table in cut { $0.tables[table].isConstructed = false } },
      ]
    }
    let frames = scenario.frames.indices.lazy.map { index in
      scenario.with { $0.frames[index].owner = .reserved }
    }
    return [AnySequence(tables), AnySequence(frames)].joined()
  }

  /// Drops optional parameters of calls and injected failures, and zeroes globals.
  static let plainSettings = ShrinkPass("plain settings") { scenario in
    let calls = scenario.operations.indices.lazy.flatMap { index in
      Call.plainer.lazy.map { change in scenario.with { change(&$0.operations[index]) } }
    }
    let machine = Scenario.plainer.lazy.map { change in scenario.with(change) }
    return [AnySequence(machine), AnySequence(calls)].joined()
  }

  private typealias Call = Scenario.Call

  /// Makes protections and raw words plainer, with fewer unusual bits.
  static let plainWords = ShrinkPass("plain words") { scenario in
    let entries = scenario.places.lazy.flatMap { place in
      scenario.plainerValues(scenario[place].value).lazy.map { value in
        scenario.with { $0[place].value = value }
      }
    }
    let calls = scenario.operations.indices.lazy.flatMap { index in
      (scenario.operations[index].protection.map(plainerProtections) ?? []).lazy.map { bits in
        scenario.with { $0.operations[index].protection = bits }
      }
    }
    return [AnySequence(entries), AnySequence(calls)].joined()
  }
}

/// Protections closer to `PAGE_KERNEL`: that value itself, then `protection` with one more bit as in
/// `PAGE_KERNEL`.
private func plainerProtections(_ protection: UInt64) -> [UInt64] {
  let kernel = Architecture.riscv.entryBits.kernel
  return [kernel] + bits(of: protection ^ kernel).map { protection ^ $0 }
}

/// The set bits of a word, as masks.
private func bits(of word: UInt64) -> [UInt64] {
  (0..<64).map { 1 << UInt64($0) }.filter { word & $0 != 0 }
}

extension Scenario {
  fileprivate static var plainer: [@Sendable (inout Scenario) -> Void] {
    [
      {
        $0.globals = Globals()
        $0.injected = InjectedFailures()
      },
      {
        $0.core = .recorded
        $0.sections = []
      },
      { $0.pgmaps = [] },
      { if !$0.pgmaps.isEmpty { $0.pgmaps.removeLast() } },
      { for index in $0.pgmaps.indices.dropLast() { $0.pgmaps[index].vmemmapShift = 0 } },
      { $0.globals = Globals() },
      { $0.globals.isDebugPagealloc = false },
      { $0.globals.isUniprocessor = false },
      { $0.globals.maxPFN = 0 },
      { $0.globals.maxLowPFN = 0 },
      { $0.injected.addPagesResult = 0 },
      { if $0.injected.addPagesResult != 0 { $0.injected.addPagesResult = -12 } },
      { $0.injected.allocationBudget = nil },
    ]
  }

  fileprivate mutating func makePlain(ownerOf table: Int) {
    tables[table].owner = table == 0 ? .reserved : .allocator
  }

  fileprivate func plainerValues(_ value: EntryValue) -> [EntryValue] {
    let entryBits = Architecture.riscv.entryBits
    switch value {
    case .table: return []
    case .leaf(let pfn, let protection):
      return pointer(to: pfn)
        + plainerProtections(protection).map { .leaf(pfn: pfn, protection: $0) }
    case .raw(let word):
      let kept = word & ~entryBits.pfnMask
      let words = [kept] + bits(of: word) + bits(of: word).map { word & ~$0 }
      // A word that reads as a leaf is plainer as a leaf.
      return pointer(to: entryBits.pfn(of: word))
        + [.leaf(pfn: entryBits.pfn(of: word), protection: kept)]
        + words.filter { $0 != 0 }.map { .raw($0) }
    }
  }
}

extension Scenario {
  /// A pointer to the table whose page has this PFN; empty if there is no such table.
  private func pointer(to pfn: UInt64) -> [EntryValue] {
    guard let layout, let table = Pool.table(ofPFN: pfn, in: layout),
      tables.indices.contains(table)
    else { return [] }
    return [.table(table)]
  }
}

extension Scenario.Call {
  fileprivate static var plainer: [@Sendable (inout Scenario.Call) -> Void] {
    [
      {
        $0.altmap = nil
        $0.pgmap = nil
        $0.node = nil
        $0.isVmemmap = nil
      },
      { $0.altmap = nil },
      { $0.pgmap = nil },
      { $0.node = nil },
      { $0.isVmemmap = nil },
      // Nil means false, so false is simpler only for a function that requires the field.
      { if $0.isVmemmap == true { $0.isVmemmap = false } },
      { if $0.function.purpose == .unmaps { $0.parentSlot = nil } },
    ]
  }
}
