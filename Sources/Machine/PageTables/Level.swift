// SPDX-License-Identifier: GPL-2.0-only

/// A level of the kernel's five-level page-table model, lowest first.
///
/// A paging mode with fewer levels folds those between pmd and pgd (`pgtable_l4_enabled`,
/// `pgtable_l5_enabled` of Linux): first the pud, then the p4d.
public enum Level: UInt8, CaseIterable, Comparable, Sendable, Codable {
  case pte = 0
  case pmd = 1
  case pud = 2
  case p4d = 3
  case pgd = 4

  /// The kernel's name: "pte", "pmd", "pud", "p4d" or "pgd".
  public var name: String {
    switch self {
    case .pte: "pte"
    case .pmd: "pmd"
    case .pud: "pud"
    case .p4d: "p4d"
    case .pgd: "pgd"
    }
  }

  /// The level closer to the pages is the smaller one.
  public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}
