// SPDX-License-Identifier: GPL-2.0-only

/// Fixes that upstream made to commit c75a74f4ba19 after it was merged, as options of the port:
/// none is the text as merged, all is the latest text.
public struct UpstreamFixes: OptionSet, Hashable, Sendable, Codable {
  /// One bit a fix, oldest lowest.
  public let rawValue: UInt8

  /// The set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// 21f1b85c8912 "riscv: mm: Do not call pmd dtor on vmemmap page table teardown".
  public static let noVmemmapPmdDestructor = UpstreamFixes(rawValue: 1 << 0)
  /// a0188cc13369 "Fix out-of-bounds page-table walk during memory hot-remove".
  public static let foldedEntryIsBase = UpstreamFixes(rawValue: 1 << 1)

  /// e3ecf2fdc8f3 "riscv: mm: Properly forward vmemmap_populate() altmap parameter": no fix of the
  /// patch, but one that it stands on. No port is asked for it; a text shows whether it is there
  /// (`KernelOptions.memmapWithoutAltmap`).
  public static let forwardedAltmap = UpstreamFixes(rawValue: 1 << 7)

  /// Beside a0188cc13369: `remove_pud_mapping` is as it was before. Half of a fix is no state of upstream,
  /// and in no set of fixes that is searched; a function by itself can be held against it.
  public static let pudAsBefore = UpstreamFixes(rawValue: 1 << 5)
  /// The same of `remove_p4d_mapping`.
  public static let p4dAsBefore = UpstreamFixes(rawValue: 1 << 6)

  /// Whether `remove_pud_mapping` takes an index where its level is folded.
  var indexesFoldedPud: Bool { !contains(.foldedEntryIsBase) || contains(.pudAsBefore) }
  /// Whether `remove_p4d_mapping` does.
  var indexesFoldedP4d: Bool { !contains(.foldedEntryIsBase) || contains(.p4dAsBefore) }

  /// The text as first merged (v6.11).
  public static let asMerged: UpstreamFixes = []
  /// Every known fix.
  public static let latest: UpstreamFixes = [.noVmemmapPmdDestructor, .foldedEntryIsBase]

  /// What there is to say about one fix.
  public struct Description: Hashable, Sendable {
    /// The option.
    public let fix: UpstreamFixes
    /// The commit's abbreviated hash, twelve digits.
    public let commit: String
    /// The commit's subject line.
    public let title: String
    /// What goes wrong in a kernel without it, in one sentence.
    public let symptom: String
    /// In which paging modes it shows, in one sentence.
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
        + "leave the root table: they read, and may clear, memory behind it.",
      modes: "It shows on Sv39 (PUD and P4D are folded) and on Sv48 (P4D is folded); on Sv57 no "
        + "level is folded."),
  ]

  /// What the patch stands on.
  private static let prerequisite = Description(
    fix: .forwardedAltmap, commit: "e3ecf2fdc8f3",
    title: "riscv: mm: Properly forward vmemmap_populate() altmap parameter",
    symptom:
      "vmemmap_populate hands no altmap on: the memmap of a device that brings its own comes "
      + "from the page allocator, and its removal counts those pages back to the device.",
    modes: "It shows in every mode.")

  /// The fix with that commit, by at least the first seven digits of its hash, in either case.
  public init?(commit: String) {
    let hash = commit.lowercased()
    guard hash.utf8.count >= 7, hash.utf8.count <= 40, hash.allSatisfy(\.isHexDigit),
      let found = Self.all.first(where: { $0.commit.hasPrefix(hash) || hash.hasPrefix($0.commit) })
    else { return nil }
    self = found.fix
  }

  /// "latest", "as-merged" or the commits, as a command line names the set.
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
