// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// An index width that the port is compiled for, like the stub headers for a C subject: shifts, sizes
/// and loop bounds are constants of the specialised code.
protocol Geometry: SendableMetatype {
  /// Index bits per level.
  static var indexBits: UInt64 { get }
}

extension Geometry {
  @inline(__always) static var pmdShift: UInt64 { 12 + indexBits }
  @inline(__always) static var pudShift: UInt64 { 12 + 2 * indexBits }
  @inline(__always) static var pmdSize: UInt64 { 1 << pmdShift }
  @inline(__always) static var pudSize: UInt64 { 1 << pudShift }
  /// `PTRS_PER_PTE` and its siblings, which are all equal.
  @inline(__always) static var entriesPerTable: UInt64 { 1 << indexBits }

  /// The slot of an address at the level with this shift.
  @inline(__always)
  static func index(_ address: UInt64, _ shift: UInt64) -> UInt64 {
    address &>> shift & (entriesPerTable - 1)
  }
}

/// Two entries per table: the narrowest tree in which entries still have neighbours.
enum OneIndexBit: Geometry {
  @inline(__always) static var indexBits: UInt64 { 1 }
}

/// Four entries per table.
enum TwoIndexBits: Geometry {
  @inline(__always) static var indexBits: UInt64 { 2 }
}

/// 512 entries per table, as on real machines.
enum NineIndexBits: Geometry {
  @inline(__always) static var indexBits: UInt64 { 9 }
}
