// SPDX-License-Identifier: GPL-2.0-only

/// A level of the kernel's five-level page-table model, lowest first.
///
/// A paging mode with fewer levels folds the ones between pmd and pgd (Linux's
/// `pgtable_l4_enabled`, `pgtable_l5_enabled`): the pud is folded first, then the p4d.
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

  /// A level closer to the pages is less.
  public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
}
