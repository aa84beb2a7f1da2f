// SPDX-License-Identifier: GPL-2.0-only

/// How large a scenario is, for "the smallest that shows it": fewer operations come first, then
/// fewer tables, entry runs, frames and altmaps, a shorter range, and fewer things set.
public struct ScenarioSize: Hashable, Comparable, Sendable {
  /// Calls.
  public let operations: Int
  /// Tables, the root included.
  public let tables: Int
  /// Runs of entries and of frames, and altmaps.
  public let runs: Int
  /// Entries that are not zero.
  public let entries: Int
  /// The bytes of all ranges together.
  public let bytes: UInt64
  /// Index bits a level.
  public let indexBits: UInt64
  /// Globals, failures and parameters that are not as in the plainest case.
  public let settings: Int

  private var key: [UInt64] {
    [
      UInt64(operations), UInt64(tables), UInt64(runs), UInt64(entries), bytes, indexBits,
      UInt64(settings),
    ]
  }

  /// Whether `left` is the smaller one.
  public static func < (left: ScenarioSize, right: ScenarioSize) -> Bool {
    left.key.lexicographicallyPrecedes(right.key)
  }
}

extension Scenario {
  /// The key by which scenarios are ordered when the smallest is wanted.
  public var complexity: ScenarioSize {
    var bytes: UInt64 = 0
    var settings = 0
    for call in operations {
      let start = call.start ?? 0
      let length = call.size ?? ((call.end ?? start) > start ? (call.end ?? start) - start : 0)
      let (sum, overflows) = bytes.addingReportingOverflow(length)
      bytes = overflows ? .max : sum
      settings += CallField.allCases.count { $0.isPresent(in: call) }
    }
    if globals.isDebugPagealloc { settings += 1 }
    if globals.maxPFN != 0 { settings += 1 }
    if globals.maxLowPFN != globals.maxPFN { settings += 1 }
    if injected.addPagesResult != 0 { settings += 1 }
    if injected.allocationBudget != nil { settings += 1 }
    let runs = tables.reduce(0) { $0 + $1.entries.count }
    let entries = tables.reduce(0) { sum, table in
      table.entries.reduce(sum) { $0 &+ $1.count }
    }
    return ScenarioSize(
      operations: operations.count, tables: tables.count,
      runs: runs + frames.count + altmaps.count, entries: entries, bytes: bytes,
      indexBits: indexBits, settings: settings)
  }
}
