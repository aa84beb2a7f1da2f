// SPDX-License-Identifier: GPL-2.0-only

import Testing

@testable import Machine
@testable import Port

/// The paging modes by name, so that a failing case shows its mode.
let modes = ["sv39", "sv48", "sv57"]

/// A machine's state under construction, and the port that runs it.
struct Bench {
  var image: MachineImage
  let bits = Architecture.riscv.entryBits

  var layout: AddressLayout { image.layout }

  /// A state with only an empty root table.
  init(_ mode: String, indexBits: UInt64 = 9) throws {
    let mode = try #require(Architecture.riscv.mode(named: mode))
    image = MachineImage(
      layout: AddressLayout(mode: mode, indexBits: indexBits),
      tables: [TableState(level: .pgd, owner: .reserved, isConstructed: false)])
  }

  /// Adds a table that nothing points to; returns its number.
  mutating func table(
    _ level: Level, owner: PageOwner = .allocator, isConstructed: Bool = true
  ) -> Int {
    image.tables.append(TableState(level: level, owner: owner, isConstructed: isConstructed))
    return image.tables.count - 1
  }

  mutating func set(_ table: Int, _ slot: Int, _ word: UInt64) {
    image.runs.append(TableRun(table: UInt32(table), slot: UInt16(slot), word: word))
  }

  /// Sets a leaf with the protection of kernel data.
  mutating func leaf(_ table: Int, _ slot: Int, pfn: UInt64) {
    set(table, slot, pfn << 10 | 0xe7)
  }

  /// Sets a pointer to a table.
  mutating func link(_ table: Int, _ slot: Int, to child: Int) {
    set(table, slot, pfn(child) << 10 | 1)
  }

  /// The PFN of a table's page.
  func pfn(_ table: Int) -> UInt64 { Pool.pfn(ofTable: table, in: layout) }

  /// Makes the tables from the root down to a level for an address, constructed like hot-added ones; returns
  /// the number of the last one.
  mutating func path(
    to level: Level, for address: UInt64, owner: PageOwner = .allocator,
    isConstructed: Bool = true
  ) -> Int {
    var parent = 0
    var above = Level.pgd
    for next in layout.mode.levels.reversed().dropFirst() where next >= level {
      let child = table(next, owner: owner, isConstructed: isConstructed && next <= .pmd)
      link(parent, layout.index(of: address, at: above), to: child)
      parent = child
      above = next
    }
    return parent
  }

  mutating func call(
    _ function: KernelFunction, _ start: UInt64 = 0, _ end: UInt64 = 0,
    with change: (inout Operation) -> Void = { _ in }
  ) {
    var operation = Operation(function)
    operation.start = start
    operation.end = end
    change(&operation)
    image.operations.append(operation)
  }

  /// Runs the state on a new port.
  func run(fixes: UpstreamFixes = .latest, in kernel: KernelOptions = .standard) -> Outcome {
    let port = HotplugPort(fixes: fixes, options: kernel, stepLimit: 100_000)
    port.load(image)
    let ending = port.run()
    return Outcome(ending, of: port)
  }
}

/// The result of a run.
struct Outcome: Equatable {
  var ending: Ending
  var events: [Event]
  var tables: [[UInt64]]
  var lives: [PageLife]
  var maxPFN: UInt64
  var maxLowPFN: UInt64
  var altmapAllocs: [UInt64]

  init(_ ending: Ending, of port: HotplugPort) {
    self.ending = ending
    events = port.events
    tables = (0..<port.tableCount).map { port.withTable($0) { Array($0) } }
    lives = (0..<port.tableCount).map { port.life(ofTable: $0) }
    maxPFN = port.maxPFN
    maxLowPFN = port.maxLowPFN
    altmapAllocs = port.altmapAllocs
  }

  /// The events without the returns of operations.
  var deeds: [Event] { events.filter { $0.kind != EventKind.returned.rawValue } }

  /// The kinds of the events, in order, without returns.
  var kinds: [EventKind] { deeds.compactMap { EventKind(rawValue: $0.kind) } }
}

let flush = Event(.flush)

func returned(_ index: UInt64 = 0, _ first: UInt64 = 0, _ second: UInt64 = 0) -> Event {
  Event(.returned, a: index, b: first, c: second)
}
