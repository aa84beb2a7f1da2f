// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The events of one side in a case, with the tables after each event.
public struct EventHistory: Sendable {
  /// A store that has no event of its own: any word but zero.
  public struct Store: Hashable, Sendable {
    /// The table's number.
    public var table: Int
    public var slot: Int
    public var word: UInt64
  }

  /// The state of the tables after an event.
  public struct State: Sendable {
    /// The stores since the previous state, by table and slot.
    public var stores: [Store] = []
    /// The words of each table's page, by table number.
    public var tables: [[UInt64]]
    /// Whether each table's page is in use, and not freed.
    public var isLive: [Bool]
  }

  /// The events that have a state each.
  public let events: [Event]
  /// The state before the first event, then after each.
  public private(set) var states: [State]
  /// The state at the end of the case. It has the stores after the last event only if `omitted` is 0.
  public private(set) var last: State
  /// The number of events after the last one that has a state.
  public let omitted: Int

  /// - Parameters:
  ///   - image: the image of the case.
  ///   - whole: the observation of the whole case.
  ///   - stopped: the observation at each event, before or after the effect of the event itself.
  init(image: MachineImage, whole: Observation, stopped: [Observation]) {
    let layout = image.layout
    events = Array(whole.events.prefix(stopped.count))
    omitted = whole.events.count - events.count
    var state = State(
      tables: Self.before(image), isLive: image.tables.map { _ in true })
    states = [state]
    for (event, seen) in zip(events, stopped) {
      var next = State(tables: state.tables, isLive: state.isLive)
      // Apply the event to the previous state and to the observation; any remaining difference is a store.
      Self.perform(event, on: &next, in: layout)
      var actual = State(
        tables: Array(seen.tables.prefix(next.tables.count)), isLive: next.isLive)
      while actual.tables.count < next.tables.count {
        actual.tables.append(next.tables[actual.tables.count])
      }
      Self.perform(event, on: &actual, in: layout, adding: false)
      actual.stores = Self.stores(from: next.tables, to: actual.tables)
      state = actual
      states.append(state)
    }
    last = State(
      stores: [], tables: whole.tables, isLive: whole.lives.map { $0.live == 1 })
    if omitted == 0 {
      last.stores = Self.stores(from: state.tables, to: whole.tables)
    }
  }

  /// The tables' pages before a case: entries, then poison where a table is smaller than its page.
  private static func before(_ image: MachineImage) -> [[UInt64]] {
    let entries = image.layout.entriesPerTable
    let fresh =
      [UInt64](repeating: 0, count: entries)
      + [UInt64](repeating: pagePoison, count: max(0, Pool.wordsPerPage - entries))
    var tables = [[UInt64]](repeating: fresh, count: image.tables.count)
    for run in image.runs {
      for (slot, word) in run.words { tables[Int(run.table)][slot] = word }
    }
    return tables
  }

  /// Applies an event to the tables: it allocates, clears or frees them.
  private static func perform(
    _ event: Event, on state: inout State, in layout: AddressLayout, adding: Bool = true
  ) {
    func free(_ pfn: UInt64) {
      guard let table = Pool.table(ofPFN: pfn, in: layout), table < state.tables.count else {
        return
      }
      state.isLive[table] = false
      state.tables[table] = poisoned
    }
    switch EventKind(rawValue: event.kind) {
    case .clear:
      guard event.a < UInt64(state.tables.count), event.b < UInt64(Pool.wordsPerPage) else {
        return
      }
      let end = min(UInt64(Pool.wordsPerPage), event.b &+ min(event.c, 1 << 16))
      for slot in event.b..<end { state.tables[Int(event.a)][Int(slot)] = 0 }
    case .allocate where adding && event.b == 0:
      guard Pool.table(ofPFN: event.a, in: layout) == state.tables.count else { return }
      state.tables.append(poisoned)
      state.isLive.append(true)
    case .free: free(event.a)
    case .freeReserved:
      for page in 0..<min(event.c, UInt64(Pool.capacity) * Pool.stridePages) {
        free(event.a &+ page)
      }
    default: break
    }
  }

  private static let poisoned = [UInt64](repeating: pagePoison, count: Pool.wordsPerPage)

  private static func stores(from old: [[UInt64]], to new: [[UInt64]]) -> [Store] {
    var stores: [Store] = []
    for (table, page) in new.enumerated() where table >= old.count || old[table] != page {
      for (slot, word) in page.enumerated() {
        let before = table < old.count && slot < old[table].count ? old[table][slot] : pagePoison
        if before != word { stores.append(Store(table: table, slot: slot, word: word)) }
      }
    }
    return stores
  }
}
