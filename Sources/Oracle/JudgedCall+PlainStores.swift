// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension JudgedCall {
  /// The entries that were not zero before the call and are zero after it, although no event clears them. The
  /// kernel's functions that clear an entry are events; a plain store is none. Tables that the call freed show
  /// no entries.
  var plainlyZeroed: [TranslationMap.Link] {
    var zeroed: [TranslationMap.Link] = []
    for (table, words) in before.tables.enumerated() where table < after.tables.count {
      let now = after.tables[table]
      guard words.count == now.count, words != now else { continue }
      for slot in words.indices where words[slot] != 0 && now[slot] == 0 {
        zeroed.append(TranslationMap.Link(table: table, slot: slot))
      }
    }
    guard !zeroed.isEmpty else { return [] }
    var cleared: Set<TranslationMap.Link> = []
    for event in events
    where event.kind == EventKind.clear.rawValue && event.a < UInt64(before.tables.count) {
      for slot in event.b..<event.b &+ event.c {
        cleared.insert(TranslationMap.Link(table: Int(event.a), slot: Int(slot)))
      }
    }
    return zeroed.filter { !cleared.contains($0) }
  }
}
