// SPDX-License-Identifier: GPL-2.0-only

/// The kind of an event. Raw values are those of `enum mhp_event_kind` in the shim.
public enum EventKind: UInt32, CaseIterable, Sendable, Codable {
  /// Entries of a table were cleared: `a` is the table, `b` the first slot, `c` the number of
  /// neighbouring slots, upwards.
  case clear = 1
  /// A page was allocated: `a` is the PFN, `b` the order, `detail` the requested node in the encoding of
  /// `Event.asked`.
  case allocate = 2
  /// A table page's constructor ran: `a` is the PFN, `detail` the level.
  case construct = 3
  /// A table page's destructor ran: `a` is the PFN, `detail` the level (`anyLevel` if the page had no
  /// constructor and the function's name gives no level).
  case destruct = 4
  /// A block went to the page allocator: `a` is the PFN, `b` the order; `detail` is 1 for a table that a
  /// live table still points to.
  case free = 5
  /// Reserved pages were released one by one: `a` is the first PFN, `c` the number of neighbouring
  /// pages, upwards, `detail` as for `free`.
  case freeReserved = 6
  /// Pages were given back to an altmap: `a` is its number from 1 (0: no altmap of the scenario), `b`
  /// the number of pages, `c` its `alloc` afterwards.
  case altmapFree = 7
  /// A TLB flush: `detail` is a `FlushScope`, `a` and `b` the virtual range if the scope has one.
  case flush = 8
  /// `__add_pages`: `detail` is the node, `a` the first PFN, `b` the number of pages, `c` the
  /// protection, `d` the numbers of the altmap (low half) and the pgmap (high half), from 1.
  case addPages = 9
  /// `__remove_pages`: `a` is the first PFN, `b` the number of pages, `d` as for `addPages`.
  case removePages = 10
  /// A `WARN_ON` fired.
  case warn = 11
  /// An operation returned: `a` is its index, `b` and `c` the result (of a range: the first and last
  /// physical address).
  case returned = 12
  /// References to a page were taken (`get_page`): `a` is the PFN, `c` the number of consecutive
  /// references.
  case getPage = 13
  /// A block went to the page allocator but stays, because others still hold it: `a` is the PFN, `b` the
  /// order, `c` the number of remaining references.
  case putPage = 14
}

/// The part of the TLB that a flush covers. Raw values are those of `enum mhp_flush` in the shim.
public enum FlushScope: UInt32, Sendable, Codable {
  case all = 0
  case localAll = 1
  case range = 2
}

/// One normalised event of a trace: 40 bytes with the layout of `struct mhp_event` in the shim, so that
/// traces of both sides compare as memory. Unused fields are zero.
///
/// Neighbouring events fold into one: a clear of slot `b + c` of the same table, a reserved page
/// `a + c` with the same detail, one more reference to page `a`.
public struct Event: BitwiseCopyable, Hashable, Sendable, Codable {
  /// `EventKind.rawValue`.
  public var kind: UInt32
  /// `EventKind` defines the meaning of this field and of those below.
  public var detail: UInt32
  public var a: UInt64
  public var b: UInt64
  public var c: UInt64
  public var d: UInt64

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

  /// The level of `construct` and `destruct` for a page without a known table level.
  public static let anyLevel: UInt32 = 255

  /// The encoding of a requested node in `allocate`: 0 is any (`NUMA_NO_NODE`).
  @inline(__always)
  public static func asked(_ node: Int32?) -> UInt32 { UInt32(bitPattern: (node ?? -1) &+ 1) }

  /// The requested node of an `allocate`; nil is any.
  public var askedNode: Int32? { detail == 0 ? nil : Int32(bitPattern: detail) &- 1 }
}
