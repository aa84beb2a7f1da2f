// SPDX-License-Identifier: GPL-2.0-only

/// A branch, or an outcome of a condition, that no call of the surface can reach, with the argument. The
/// argument holds here as in a running RISC-V kernel. A branch that a run reaches all the same counts.
public struct ArguedBranch: Sendable, Hashable {
  /// The function that contains the branch.
  public let function: String
  /// The branch, as in ``CoveragePoint/text``.
  public let text: String
  /// The reason why nothing reaches the branch, in one sentence.
  public let reason: String

  /// All argued branches: of mm/sparse-vmemmap.c, and of a kernel's own init.c.
  public static let all = [
    ArguedBranch(
      function: "vmemmap_alloc_block_buf", text: "else of `if (!ptr)`",
      reason: "sparse_buffer_alloc has a buffer only while the kernel boots, long before hotplug."),
    ArguedBranch(
      function: "altmap_alloc_block_buf", text: "then of `if (size & ~PAGE_MASK)`",
      reason: "Its callers request only a single page, or the pages of a PMD leaf."),
    ArguedBranch(
      function: "vmemmap_populate_hugepages",
      text: "else of `if (vmemmap_check_pmd(pmd, node, addr, next))`",
      reason: "riscv's vmemmap_check_pmd treats every non-zero PMD entry as populated."),
    ArguedBranch(
      function: "alloc_pte_late", text: "`pagetable_pte_ctor(ptdesc)` false", reason: noLock),
    ArguedBranch(
      function: "alloc_pmd_late", text: "`pagetable_pmd_ctor(ptdesc)` false", reason: noLock),
  ]

  private static let noLock =
    "A constructor fails only if a spinlock is too large for the page's descriptor, as in a debug "
    + "kernel."

  /// The argument about a point; nil if there is none.
  static func about(_ point: CoveragePoint, of function: String) -> ArguedBranch? {
    guard point.kind == .branch || point.kind == .condition else { return nil }
    return all.first { $0.function == function && $0.text == point.text }
  }
}
