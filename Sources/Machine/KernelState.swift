// SPDX-License-Identifier: GPL-2.0-only

/// An upstream state of a subject's kernel, other than the fixes. The harness reads it from the
/// subject's text, and the reference behaves the same way, so that it is no difference. Reports name it.
public enum KernelState: String, CaseIterable, Sendable {
  case memmapByPages = "memmap-by-pages"
  case memmapWithoutAltmap = "memmap-without-altmap"
  case populatedIsLeaf = "populated-is-leaf"
  case plainTables = "plain-tables"

  /// The matching kernel option.
  public var option: KernelOptions {
    switch self {
    case .memmapByPages: .memmapByPages
    case .memmapWithoutAltmap: .memmapWithoutAltmap
    case .populatedIsLeaf: .populatedIsLeaf
    case .plainTables: .plainTables
    }
  }

  /// A description in one sentence, without the full stop.
  public var sentence: String {
    switch self {
    case .memmapByPages:
      "vmemmap_populate maps single pages, as in 6.1: the removed memmap tables are PTE tables, and "
        + "their destructor runs without a constructor (H2)"
    case .memmapWithoutAltmap:
      "vmemmap_populate passes no altmap on, as before commit e3ecf2fdc8f3"
    case .populatedIsLeaf:
      "vmemmap_check_pmd requires a leaf, as the generic function of 7.2 does"
    case .plainTables:
      "page tables have neither constructor nor destructor, as in a series posted in July 2026"
    }
  }

  public static func states(of kernel: KernelOptions) -> [KernelState] {
    allCases.filter { kernel.contains($0.option) }
  }
}
