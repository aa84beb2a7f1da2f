// SPDX-License-Identifier: GPL-2.0-only

/// Fixes that upstream made to commit c75a74f4ba19 after it was merged, as options of the port: the
/// empty set is the text as merged, the full set the latest text.
public struct UpstreamFixes: OptionSet, Hashable, Sendable, Codable {
  /// One bit per fix, oldest lowest.
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// 21f1b85c8912 "riscv: mm: Do not call pmd dtor on vmemmap page table teardown".
  public static let noVmemmapPmdDestructor = UpstreamFixes(rawValue: 1 << 0)
  /// a0188cc13369 "Fix out-of-bounds page-table walk during memory hot-remove".
  public static let foldedEntryIsBase = UpstreamFixes(rawValue: 1 << 1)

  /// e3ecf2fdc8f3 "riscv: mm: Properly forward vmemmap_populate() altmap parameter": not a fix of the
  /// patch, but a prerequisite. No port is created with it; the text shows whether it is present
  /// (`KernelOptions.memmapWithoutAltmap`).
  public static let forwardedAltmap = UpstreamFixes(rawValue: 1 << 7)

  /// On top of a0188cc13369: `remove_pud_mapping` as it was before. Half of a fix is no state of
  /// upstream, so no searched set of fixes contains it; a single function can be compared with it.
  public static let pudAsBefore = UpstreamFixes(rawValue: 1 << 5)
  /// The same for `remove_p4d_mapping`.
  public static let p4dAsBefore = UpstreamFixes(rawValue: 1 << 6)

  /// Whether `remove_pud_mapping` adds an index even if its level is folded.
  var indexesFoldedPud: Bool { !contains(.foldedEntryIsBase) || contains(.pudAsBefore) }
  /// The same for `remove_p4d_mapping`.
  var indexesFoldedP4d: Bool { !contains(.foldedEntryIsBase) || contains(.p4dAsBefore) }

  /// The text as first merged (v6.11).
  public static let asMerged: UpstreamFixes = []
  /// Every known fix.
  public static let latest: UpstreamFixes = [.noVmemmapPmdDestructor, .foldedEntryIsBase]

  /// The facts about one fix.
  public struct Description: Hashable, Sendable {
    public let fix: UpstreamFixes
    /// The commit's abbreviated hash, twelve digits.
    public let commit: String
    /// The commit's subject line.
    public let title: String
    /// The failure of a kernel without the fix, in one sentence.
    public let symptom: String
    /// The paging modes with the failure, in one sentence.
    public let modes: String
  }

  /// Every known fix, oldest first.
  public static let all: [Description] = [
    Description(
      fix: .noVmemmapPmdDestructor, commit: "21f1b85c8912",
      title: "riscv: mm: Do not call pmd dtor on vmemmap page table teardown",
      symptom: "free_pmd_table runs the destructor on PMD tables of the vmemmap, which never had "
        + "a constructor: the page-table count falls, and debug kernels stop with a VM_BUG "
        + "(CVE-2024-56673).",
      modes: "It shows on Sv48 and Sv57; on Sv39 the root points to the PMD tables, which are "
        + "never freed."),
    Description(
      fix: .foldedEntryIsBase, commit: "a0188cc13369",
      title: "Fix out-of-bounds page-table walk during memory hot-remove",
      symptom: "remove_p4d_mapping and remove_pud_mapping index a folded level a second time and "
        + "leave the root table: they read, and may clear, memory beyond its end.",
      modes: "It shows on Sv39 (PUD and P4D are folded) and on Sv48 (P4D is folded); on Sv57 no "
        + "level is folded."),
  ]

  /// The prerequisite of the patch.
  private static let prerequisite = Description(
    fix: .forwardedAltmap, commit: "e3ecf2fdc8f3",
    title: "riscv: mm: Properly forward vmemmap_populate() altmap parameter",
    symptom:
      "vmemmap_populate passes no altmap on: the memmap of a device that brings its own comes "
      + "from the page allocator, and its removal counts those pages back to the device.",
    modes: "It shows in every mode.")

  /// The fix with a commit hash of at least the first seven digits, in either case.
  public init?(commit: String) {
    let hash = commit.lowercased()
    guard hash.utf8.count >= 7, hash.utf8.count <= 40, hash.allSatisfy(\.isHexDigit),
      let found = Self.all.first(where: { $0.commit.hasPrefix(hash) || hash.hasPrefix($0.commit) })
    else { return nil }
    self = found.fix
  }

  /// "latest", "as-merged" or the commits, as on a command line.
  public var name: String {
    if self == .latest { return "latest" }
    if self == .asMerged { return "as-merged" }
    return descriptions.map(\.commit).joined(separator: ",")
  }

  /// The descriptions of the fixes in this set, oldest first.
  public var descriptions: [Description] {
    ([Self.prerequisite] + Self.all).filter { isSuperset(of: $0.fix) }
  }
}
