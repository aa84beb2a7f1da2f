// SPDX-License-Identifier: GPL-2.0-only

/// How the operations of a case ended; raw values are those of `enum mhp_ending_kind` in the shim.
public enum EndingKind: UInt32, CaseIterable, Sendable, Codable {
  case finished = 0
  /// An access beyond a table's last entry: `table` and `slot` say where.
  case overrun = 1
  /// An access to memory that is no table: `address` says where.
  case wildAccess = 2
  /// `BUG()` or `BUG_ON`.
  case bug = 3
  /// `panic()`.
  case panic = 4
  /// The operation did not come back in time.
  case hang = 5
  /// An undefined-behaviour trap or another illegal instruction.
  case trap = 6
  /// A division by zero.
  case arithmetic = 7
  /// The stack ran out.
  case stackOverflow = 8
  /// More events than the trace holds.
  case traceOverflow = 9
  /// The worker process died; nothing more is known.
  case workerDied = 10
  /// A `struct page` was dereferenced: `address` says which.
  case structPageAccess = 11
  /// A system call that a confined worker may not make: `address` is its number.
  case forbiddenCall = 12
  /// The subject did not do the same thing twice, or its worker does not say the same thing twice.
  case unsteady = 13
  /// An access to a table's page after its free in the same call: `table` and `slot` say where. At real
  /// geometry alone.
  case freedAccess = 14
}

/// How a case ended, laid out as `struct mhp_ending` in the shim.
public struct Ending: BitwiseCopyable, Hashable, Sendable, Codable {
  /// `EndingKind.rawValue`.
  public var kind: UInt32
  /// The operation that was running.
  public var operation: UInt32
  /// For an overrun, or an access to a freed table: the table, ...
  public var table: UInt32
  /// ... and the slot, counted from the table's start.
  public var slot: UInt32
  /// For other faults: the address.
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

  /// Whether it comes of how a text is compiled and run: no port ends so, whatever the case.
  public var isOfCode: Bool {
    switch EndingKind(rawValue: kind) {
    case .hang, .trap, .arithmetic, .stackOverflow, .workerDied, .forbiddenCall, .unsteady, nil:
      true
    default: false
    }
  }

  /// Whether the case took as long as millions of others: it hung, or it filled the trace.
  public var isSlow: Bool {
    kind == EndingKind.hang.rawValue || kind == EndingKind.traceOverflow.rawValue
  }
}
