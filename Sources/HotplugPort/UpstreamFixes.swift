// SPDX-License-Identifier: GPL-2.0-only

/// Fixes that upstream made to commit c75a74f4ba19 after it was merged, as options of the port:
/// none is the text as merged, all is the latest text.
public struct UpstreamFixes: OptionSet, Hashable, Sendable, Codable {
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// 21f1b85c8912 "riscv: mm: Do not call pmd dtor on vmemmap page table teardown".
  public static let noVmemmapPmdDestructor = UpstreamFixes(rawValue: 1 << 0)
  /// a0188cc13369 "Fix out-of-bounds page-table walk during memory hot-remove".
  public static let foldedEntryIsBase = UpstreamFixes(rawValue: 1 << 1)

  /// The text as first merged (v6.11).
  public static let asMerged: UpstreamFixes = []
  /// Every known fix.
  public static let latest: UpstreamFixes = [.noVmemmapPmdDestructor, .foldedEntryIsBase]
}
