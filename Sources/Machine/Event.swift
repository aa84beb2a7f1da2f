// SPDX-License-Identifier: GPL-2.0-only

/// What kind of thing happened; raw values are those of `enum mhp_event_kind` in the shim.
public enum EventKind: UInt32, CaseIterable, Sendable, Codable {
  /// Entries of a table were cleared: `a` is the table, `b` the first slot, `c` how many
  /// neighbouring slots, upwards.
  case clear = 1
  /// A page was allocated: `a` PFN, `b` order, `detail` the node that was asked for as `asked` has it.
  case allocate = 2
  /// A table page's constructor ran: `a` PFN, `detail` the level.
  case construct = 3
  /// A table page's destructor ran: `a` PFN, `detail` the level (`anyLevel` when the page had no
  /// constructor and the name says no level).
  case destruct = 4
  /// A block went to the page allocator: `a` PFN, `b` order, `detail` 1 when it is a table that a
  /// live table still points to.
  case free = 5
  /// Reserved pages were released one by one: `a` first PFN, `c` how many neighbouring pages,
  /// upwards, `detail` as for `free`.
  case freeReserved = 6
  /// Pages were given back to an altmap: `a` its number from 1 (0: no altmap of the scenario), `b`
  /// pages, `c` its `alloc` afterwards.
  case altmapFree = 7
  /// A TLB flush: `detail` a `FlushScope`, `a` and `b` the virtual range where there is one.
  case flush = 8
  /// `__add_pages`: `detail` the node, `a` first PFN, `b` pages, `c` the protection, `d` the altmap
  /// (low half) and the pgmap (high half), numbers from 1.
  case addPages = 9
  /// `__remove_pages`: `a` first PFN, `b` pages, `d` as for `addPages`.
  case removePages = 10
  /// A `WARN_ON` fired.
  case warn = 11
  /// An operation came back: `a` its index, `b` and `c` what it returned (a range: first and last
  /// physical address).
  case returned = 12
  /// References to a page were taken (`get_page`): `a` PFN, `c` how many one after the other.
  case getPage = 13
  /// A block went to the page allocator that others still hold, so that it stays: `a` PFN, `b` order,
  /// `c` the references that are left.
  case putPage = 14
}

/// How much of the TLB a flush covers; raw values are those of `enum mhp_flush` in the shim.
public enum FlushScope: UInt32, Sendable, Codable {
  case all = 0
  case localAll = 1
  case range = 2
}

/// One normalised event of a trace: 40 bytes, laid out as `struct mhp_event` in the shim, so that
/// traces of both sides compare as memory. Unused fields are zero.
///
/// Neighbouring events fold into one: a clear of slot `b + c` of the same table, a reserved page
/// `a + c` with the same detail, one more reference to page `a`.
public struct Event: BitwiseCopyable, Hashable, Sendable, Codable {
  /// `EventKind.rawValue`.
  public var kind: UInt32
  /// See `EventKind`, as for the fields below.
  public var detail: UInt32
  /// See `EventKind`.
  public var a: UInt64
  /// See `EventKind`.
  public var b: UInt64
  /// See `EventKind`.
  public var c: UInt64
  /// See `EventKind`.
  public var d: UInt64

  /// An event of a kind; the meaning of the fields stands with `EventKind`.
  @inline(__always)
  public init(
    _ kind: EventKind, detail: UInt32 = 0, a: UInt64 = 0, b: UInt64 = 0, c: UInt64 = 0,
    d: UInt64 = 0
  ) {
    self.kind = kind.rawValue
    self.detail = detail
    self.a = a
    self.b = b
    self.c = c
    self.d = d
  }

  /// The level of `construct` and `destruct` for a page that is no table of a known level.
  public static let anyLevel: UInt32 = 255

  /// A node that an allocation asks for, as `allocate` has it: 0 is any (`NUMA_NO_NODE`).
  @inline(__always)
  public static func asked(_ node: Int32?) -> UInt32 { UInt32(bitPattern: (node ?? -1) &+ 1) }

  /// The node that an `allocate` asked for; nil is any.
  public var askedNode: Int32? { detail == 0 ? nil : Int32(bitPattern: detail) &- 1 }
}
