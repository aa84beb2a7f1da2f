// SPDX-License-Identifier: GPL-2.0-only

/// The ending of a case. Raw values are those of `enum mhp_ending_kind` in the shim.
public enum EndingKind: UInt32, CaseIterable, Sendable, Codable {
  case finished = 0
  /// An access beyond a table's last entry, at `table` and `slot`.
  case overrun = 1
  /// An access to memory that is no table, at `address`.
  case wildAccess = 2
  /// `BUG()` or `BUG_ON`.
  case bug = 3
  /// `panic()`.
  case panic = 4
  /// The operation did not return in time.
  case hang = 5
  /// An undefined-behaviour trap or another illegal instruction.
  case trap = 6
  /// A division by zero.
  case arithmetic = 7
  case stackOverflow = 8
  /// The trace cannot hold more events.
  case traceOverflow = 9
  /// The worker process died; nothing more is known.
  case workerDied = 10
  /// A `struct page` was dereferenced, at `address`.
  case structPageAccess = 11
  /// A system call that is forbidden to a confined worker; `address` is its number.
  case forbiddenCall = 12
  /// Two runs of the case differ: the subject behaves differently, or its worker answers differently.
  case unsteady = 13
  /// An access to a table's page after its free in the same call, at `table` and `slot`. Real geometry
  /// only.
  case freedAccess = 14
}

/// The ending of a case, with the layout of `struct mhp_ending` in the shim.
public struct Ending: BitwiseCopyable, Hashable, Sendable, Codable {
  /// `EndingKind.rawValue`.
  public var kind: UInt32
  /// The operation that was running.
  public var operation: UInt32
  /// The table of an overrun, or of an access to a freed table.
  public var table: UInt32
  /// The slot of that access, counted from the table's start.
  public var slot: UInt32
  /// The address of any other fault, or the number of a forbidden system call.
  public var address: UInt64

  public init(
    _ kind: EndingKind = .finished, operation: UInt32 = 0, table: UInt32 = 0, slot: UInt32 = 0,
    address: UInt64 = 0
  ) {
    self.kind = kind.rawValue
    self.operation = operation
    self.table = table
    self.slot = slot
    self.address = address
  }

  /// Whether the ending depends on how a text is compiled and run; no port ends this way.
  public var isOfCode: Bool {
    switch EndingKind(rawValue: kind) {
    case .hang, .trap, .arithmetic, .stackOverflow, .workerDied, .forbiddenCall, .unsteady, nil:
      true
    default: false
    }
  }

  /// Whether the case took as long as millions of others, because it hung or filled the trace.
  public var isSlow: Bool {
    kind == EndingKind.hang.rawValue || kind == EndingKind.traceOverflow.rawValue
  }
}
