// SPDX-License-Identifier: GPL-2.0-only

/// A pointer to a page-table entry (`pte_t *`, `pmd_t *`, ...) as the C subject holds it: an address in
/// the linear map. A table of the pool has its host address there; any other PFN has an address without
/// a table. The pointer refers to the simulated machine's memory and is never dereferenced as a pointer
/// of this process.
@frozen
public struct EntryPointer: Hashable, Sendable {
  /// Virtual, in bytes.
  public var address: UInt64

  @inlinable @inline(__always)
  public init(address: UInt64) { self.address = address }

  /// The entry at a slot of a table of the pool.
  @inlinable @inline(__always)
  public init(table: UInt64, slot: UInt64) {
    address = Pool.hostBase &+ table &* Pool.strideBytes &+ slot &* 8
  }

  /// The entry `slots` entries further, as pointer arithmetic in C: nothing is checked before the
  /// access.
  @inlinable @inline(__always)
  public static func + (base: EntryPointer, slots: UInt64) -> EntryPointer {
    EntryPointer(address: base.address &+ slots &* 8)
  }

  /// The table of the pool whose page, or one of the inaccessible pages behind it, contains this
  /// address, and the slot counted from the table's start. Nil outside the pool.
  public var place: (table: UInt64, slot: UInt64)? {
    let distance = address &- Pool.hostBase
    let table = distance / Pool.strideBytes
    guard table < UInt64(Pool.capacity) else { return nil }
    return (table, distance % Pool.strideBytes / 8)
  }
}
