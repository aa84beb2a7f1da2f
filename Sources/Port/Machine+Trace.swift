// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Machine {
  /// Appends an event to the trace; the case ends when the trace is full.
  @inline(__always)
  mutating func record(_ event: Event) throws(Halt) {
    if events.count >= traceLimit { throw halt(Ending(.traceOverflow)) }
    events.append(event)
  }

  /// Records that a slot of a table was cleared. If the last event ends one slot before, it grows
  /// instead.
  @inline(__always)
  mutating func recordClear(table: UInt64, slot: UInt64) throws(Halt) {
    let last = events.count - 1
    if last >= 0, events[last].kind == EventKind.clear.rawValue, events[last].a == table,
      events[last].b &+ events[last].c == slot
    {
      events[last].c += 1
      return
    }
    try record(Event(.clear, a: table, b: slot, c: 1))
  }

  /// Records that a reference to a page was taken. If the last event is one of the same page, it grows
  /// instead.
  mutating func recordGetPage(pfn: UInt64) throws(Halt) {
    let last = events.count - 1
    if last >= 0, events[last].kind == EventKind.getPage.rawValue, events[last].a == pfn {
      events[last].c += 1
      return
    }
    try record(Event(.getPage, a: pfn, c: 1))
  }

  /// Records that a reserved page was released. If the last event ends one page before, or begins one page
  /// behind, it grows instead.
  @inline(__always)
  mutating func recordFreeReserved(pfn: UInt64, isLinked: Bool) throws(Halt) {
    let detail: UInt32 = isLinked ? 1 : 0
    let last = events.count - 1
    if last >= 0, events[last].kind == EventKind.freeReserved.rawValue,
      events[last].detail == detail, events[last].a &+ events[last].c == pfn
    {
      events[last].c += 1
      return
    }
    // The order within a block has no effect.
    if last >= 0, events[last].kind == EventKind.freeReserved.rawValue,
      events[last].detail == detail, events[last].a == pfn &+ 1
    {
      events[last].a = pfn
      events[last].c += 1
      return
    }
    try record(Event(.freeReserved, detail: detail, a: pfn, c: 1))
  }
}
