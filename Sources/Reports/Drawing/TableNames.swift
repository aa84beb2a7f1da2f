// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The names for the contents of a machine image: tables by number and level, pages by PFN, addresses in hex,
/// sizes with binary units.
struct TableNames: Sendable {
  /// The address layout of the case.
  let layout: AddressLayout
  /// The level of each table, by number; `Event.anyLevel` where it is unknown.
  let levels: [UInt32]

  /// "table 3 (pmd)".
  func table(_ number: Int) -> String {
    guard levels.indices.contains(number),
      let level = Level(rawValue: UInt8(truncatingIfNeeded: levels[number]))
    else { return "table \(number)" }
    return "table \(number) (\(level.name))"
  }

  /// The table on the page, or "pfn 0x80200".
  func page(_ pfn: UInt64) -> String {
    Pool.table(ofPFN: pfn, in: layout).map { table($0) } ?? "pfn \(hex(pfn))"
  }

  /// "0x80200".
  func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

  /// "4 KiB", "2 MiB", "1 GiB".
  static func size(_ bytes: UInt64) -> String {
    for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
    where bytes >= 1 << UInt64(shift) && bytes % (1 << UInt64(shift)) == 0 {
      return "\(bytes >> UInt64(shift)) \(unit)"
    }
    return "\(bytes) B"
  }
}
