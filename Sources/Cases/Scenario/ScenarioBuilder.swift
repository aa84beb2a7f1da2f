// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Builds a scenario for one mode. It makes the tables on the way to an address on demand, and records the
/// owners of the pages that entries map.
///
/// Addresses are virtual unless named physical. A level that the mode folds is the root: a pud entry of Sv39
/// is an entry of the root table.
public struct ScenarioBuilder: Sendable {
  /// The origin of a table. It decides the owner of its page, and whether a constructor ran.
  public enum TableKind: Sendable {
    /// Hot-added linear map: `alloc_*_late`, so pte and pmd tables are constructed.
    case linear
    /// `vmemmap_populate`: from the page allocator, never constructed (hazard H2).
    case vmemmap
    /// Made at boot: reserved, never constructed.
    case boot
    /// Reserved and constructed.
    case constructedBoot
    /// Hot-added linear map of later kernels, which construct tables of every level (hazard H9).
    case constructedLinear
  }

  /// The owner of the pages that a leaf maps.
  public enum Backing: Hashable, Sendable {
    case allocator, reserved
    /// The device whose altmap has this number.
    case device(Int)

    /// The device of the first altmap.
    public static let altmap = Backing.device(1)
  }

  public struct Place: Hashable, Sendable {
    public let table: Int
    public let slot: Int
  }

  private struct TableDraft {
    var level: Level
    var owner: PageOwner
    var isConstructed: Bool
    var entries: [Int: Scenario.EntryValue] = [:]
  }

  /// The address layout of the mode.
  public let layout: AddressLayout
  /// Kernel globals before the case. By default RAM ends at 4 GiB.
  public var globals = Scenario.Globals(maxPFN: 0x10_0000, maxLowPFN: 0x10_0000)
  /// The failures to inject.
  var injected = Scenario.InjectedFailures()
  /// The behaviour of the generic hotplug code.
  public var core = Scenario.Core.recorded
  /// The present sections, sorted by number; for a live core only.
  public var sections: [Scenario.Section] = []
  public private(set) var operations: [Scenario.Call] = []
  public private(set) var altmaps: [Scenario.Altmap] = []
  /// The pgmaps that have contents. Calls may name others, by number alone.
  public var pgmaps: [Scenario.Pgmap] = []
  private var frames: [Scenario.Frames] = []
  private var tables = [TableDraft(level: .pgd, owner: .reserved, isConstructed: false)]
  /// The next PFN for backing, from 32 GiB upwards, away from the memory that the catalogue adds and removes.
  private var nextBacking: UInt64 = 0x80_0000
  /// The next PFN for backing in each device, by the number of its altmap.
  private var nextOfDevice: [Int: UInt64] = [:]
  /// The first PFN of the first device, at 64 GiB. Devices end below the memory that blocks come from.
  private static let firstDevice: UInt64 = 0x100_0000
  private static let pagesPerDevice: UInt64 = 0x10_0000

  /// Makes an empty machine: the root alone.
  public init(mode: PagingMode, indexBits: UInt64 = 9) {
    layout = AddressLayout(mode: mode, indexBits: indexBits)
  }

  /// The level of the table that holds the entries of `level`: the level itself, or the root if the mode
  /// folds it.
  func levelOfTable(_ level: Level) -> Level {
    layout.mode.isFolded(level) ? .pgd : level
  }

  /// The number of the table of a level for an address. Missing tables on the way are made, of that kind. The
  /// table below the root is always as `preallocate_pgd_pages_range` leaves it, unless `kind` is a boot kind
  /// or `constructedLinear`.
  public mutating func table(
    _ level: Level, for address: UInt64, kind: TableKind = .linear
  ) -> Int {
    let wanted = levelOfTable(level)
    var number = 0
    for next in layout.mode.levels.reversed() where next != .pgd && next >= wanted {
      let slot = layout.index(of: address, at: tables[number].level)
      if case .table(let child)? = tables[number].entries[slot] {
        number = child
        continue
      }
      let draft = draft(next, kind: kind, isBelowRoot: number == 0)
      tables.append(draft)
      tables[number].entries[slot] = .table(tables.count - 1)
      number = tables.count - 1
    }
    return number
  }

  /// The entry of a level for an address. Tables on the way are made as in `table`.
  public mutating func place(
    _ level: Level, for address: UInt64, kind: TableKind = .linear
  ) -> Place {
    let number = table(level, for: address, kind: kind)
    return Place(table: number, slot: layout.index(of: address, at: levelOfTable(level)))
  }

  /// Overwrites an entry.
  public mutating func set(_ place: Place, to value: Scenario.EntryValue) {
    tables[place.table].entries[place.slot] = value
  }

  /// Sets the entry of a level for an address to a leaf.
  mutating func mapLeaf(
    _ level: Level, at address: UInt64, pfn: UInt64, protection: UInt64,
    kind: TableKind = .linear
  ) {
    set(
      place(level, for: address, kind: kind), to: .leaf(pfn: pfn, protection: protection))
  }

  /// Sets the entry of a level for an address to a raw word.
  mutating func setWord(
    _ level: Level, at address: UInt64, to word: UInt64, kind: TableKind = .linear
  ) {
    set(place(level, for: address, kind: kind), to: .raw(word))
  }

  /// Maps `size` bytes of physical memory from `physical` in the linear map, in leaves of a level.
  mutating func mapLinear(
    physical: UInt64, size: UInt64, leaf level: Level, protection: UInt64,
    kind: TableKind = .linear
  ) {
    let step = layout.size(of: level)
    for offset in stride(from: 0, to: size, by: Int(step)) {
      let address = physical &+ offset
      mapLeaf(
        level, at: layout.virtual(ofPhysical: address),
        pfn: address >> AddressLayout.pageShift, protection: protection, kind: kind)
    }
  }

  /// Maps `size` bytes of vmemmap from `address` in leaves of a level, backed by contiguous pages of that
  /// owner. Returns the first PFN of the backing.
  @discardableResult
  mutating func mapVmemmap(
    at address: UInt64, size: UInt64, leaf level: Level, backing: Backing, protection: UInt64,
    kind: TableKind = .vmemmap
  ) -> UInt64 {
    let step = layout.size(of: level)
    let leafPages = step >> AddressLayout.pageShift
    let count = (size + step - 1) / step
    let first = pages(count * leafPages, aligned: leafPages, of: backing)
    for index in 0..<count {
      mapLeaf(
        level, at: address &+ index * step, pfn: first + index * leafPages,
        protection: protection, kind: kind)
    }
    return first
  }

  /// Sets pages aside for backing, and records their owner. Returns the first PFN. Those of a device come
  /// from the device.
  public mutating func pages(_ count: UInt64, aligned: UInt64 = 1, of backing: Backing) -> UInt64 {
    var next = nextBacking
    if case .device(let number) = backing {
      next = nextOfDevice[number] ?? Self.firstPage(ofDevice: number)
    }
    let first = (next + aligned - 1) / aligned * aligned
    // The gap ensures that the free of a page too many does not hit the next backing.
    switch backing {
    case .allocator, .reserved:
      nextBacking = first + count + 1
      if backing == .reserved { own(first, count: count, owner: .reserved) }
    case .device(let number):
      nextOfDevice[number] = first + count + 1
      own(first, count: count, owner: .altmap)
    }
    return first
  }

  /// The PFNs of the device whose altmap has this number, from 1.
  public static func pages(ofDevice number: Int) -> ClosedRange<UInt64> {
    let first = firstPage(ofDevice: number)
    return first...first + pagesPerDevice - 1
  }

  private static func firstPage(ofDevice number: Int) -> UInt64 {
    firstDevice + UInt64(number - 1) * pagesPerDevice
  }

  /// Records the owner of pages.
  public mutating func own(_ pfn: UInt64, count: UInt64, owner: PageOwner) {
    frames.append(Scenario.Frames(pfn: pfn, count: count, owner: owner))
  }

  /// Adds an altmap with `alloc` pages handed out after the first `reserve` ones, and `align` pages lost.
  /// Returns its number.
  public mutating func altmap(
    alloc: UInt64, free: UInt64 = 0x8_0000, reserve: UInt64 = 0, align: UInt64 = 0
  ) -> Int {
    let base = Self.firstPage(ofDevice: altmaps.count + 1)
    altmaps.append(
      Scenario.Altmap(
        basePFN: base, endPFN: base + Self.pagesPerDevice - 1, reserve: reserve, free: free,
        align: align, alloc: alloc))
    return altmaps.count
  }

  /// Adds an altmap. Returns its number.
  public mutating func altmap(_ altmap: Scenario.Altmap) -> Int {
    altmaps.append(altmap)
    return altmaps.count
  }

  public mutating func call(
    _ function: KernelFunction, _ fill: (inout Scenario.Call) -> Void = { _ in }
  ) {
    var call = Scenario.Call(function)
    fill(&call)
    operations.append(call)
  }

  public func build(id: String, purpose: String) -> Scenario {
    Scenario(
      id: id, purpose: purpose, mode: layout.mode.name, indexBits: layout.indexBits,
      tables: tables.map { draft in
        Scenario.Table(
          level: draft.level, owner: draft.owner, isConstructed: draft.isConstructed,
          entries: runs(of: draft))
      },
      frames: frames.sorted { $0.pfn < $1.pfn }, altmaps: altmaps, pgmaps: pgmaps,
      core: core, sections: sections, globals: globals, injected: injected, operations: operations)
  }

  private func draft(_ level: Level, kind: TableKind, isBelowRoot: Bool) -> TableDraft {
    switch kind {
    case .linear, .vmemmap:
      TableDraft(
        level: level, owner: .allocator,
        isConstructed: level <= .pmd && (kind == .linear || isBelowRoot))
    case .boot: TableDraft(level: level, owner: .reserved, isConstructed: false)
    case .constructedBoot:
      TableDraft(level: level, owner: .reserved, isConstructed: level <= .pmd)
    case .constructedLinear: TableDraft(level: level, owner: .allocator, isConstructed: true)
    }
  }

  /// The entries of a table, with neighbours of the same kind merged into runs.
  private func runs(of draft: TableDraft) -> [Scenario.EntryRun] {
    let step = layout.size(of: draft.level) >> AddressLayout.pageShift
    var runs: [Scenario.EntryRun] = []
    for (slot, value) in draft.entries.sorted(by: { $0.key < $1.key }) {
      if let last = runs.last, last.slot + last.count == slot {
        let isNext =
          switch (last.value, value) {
          case (.raw(let one), .raw(let other)): one == other
          case (.leaf(let first, let one), .leaf(let pfn, let other)):
            one == other && pfn == first + UInt64(last.count) * step
          default: false
          }
        if isNext {
          runs[runs.count - 1].count += 1
          continue
        }
      }
      runs.append(Scenario.EntryRun(slot: slot, value: value))
    }
    return runs
  }
}
