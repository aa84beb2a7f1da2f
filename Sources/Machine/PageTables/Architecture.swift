// SPDX-License-Identifier: GPL-2.0-only

/// The properties of an architecture that the harness needs, as data: entry bits and paging modes.
///
/// Only this value and the stub headers of that architecture contain index widths, numbers of levels and
/// base addresses.
public struct Architecture: Sendable {
  /// The kernel's name of the architecture, as in `arch/<name>`.
  public let name: String
  /// The bits of a page-table entry.
  public let entryBits: EntryBits
  /// Index bits per level on a real machine; the harness also runs narrower ones.
  public let indexBits: UInt64
  /// The paging modes, fewest levels first.
  public let modes: [PagingMode]

  public func mode(named name: String) -> PagingMode? { modes.first { $0.name == name } }

  /// RISC-V, 64 bit. Sources: Privileged Architecture manual 4.4-4.6 (Sv39, Sv48, Sv57);
  /// `arch/riscv/include/asm/{page,pgtable,pgtable-64,kasan}.h` of Linux 6.12.
  public static let riscv = Architecture(
    name: "riscv",
    entryBits: EntryBits(
      present: 1 << 0, read: 1 << 1, write: 1 << 2, execute: 1 << 3, user: 1 << 4,
      global: 1 << 5, accessed: 1 << 6, dirty: 1 << 7, special: 1 << 8, devmap: 1 << 9,
      protNone: 1 << 5, pfnShift: 10, pfnBits: 44),
    indexBits: 9,
    modes: [
      PagingMode(name: "sv39", levelCount: 3, pageOffset: 0xffff_ffd6_0000_0000),
      PagingMode(name: "sv48", levelCount: 4, pageOffset: 0xffff_af80_0000_0000),
      PagingMode(name: "sv57", levelCount: 5, pageOffset: 0xff60_0000_0000_0000),
    ])
}

/// A paging mode of an architecture: the number of levels, and the start of the linear map
/// (`PAGE_OFFSET`, a virtual address).
public struct PagingMode: Hashable, Sendable {
  /// The name used on the command line and in scenarios, e.g. "sv39".
  public let name: String
  /// Levels of tables, the root included: 3, 4 or 5 on RISC-V.
  public let levelCount: Int
  /// `PAGE_OFFSET`, the virtual address of the start of RAM in the linear map.
  public let pageOffset: UInt64

  /// `pgtable_l4_enabled` of the kernel: the pud is a level of its own.
  public var isL4Enabled: Bool { levelCount >= 4 }
  /// `pgtable_l5_enabled` of the kernel: the p4d is a level of its own.
  public var isL5Enabled: Bool { levelCount >= 5 }

  /// Whether this level has no table of its own in this mode.
  public func isFolded(_ level: Level) -> Bool {
    switch level {
    case .pud: !isL4Enabled
    case .p4d: !isL5Enabled
    default: false
    }
  }

  /// The levels that have tables of their own, lowest first.
  public var levels: [Level] { Level.allCases.filter { !isFolded($0) } }
}
