// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// A way in which a subject may differ from the reference and still be equivalent. A report names every rule
/// that the verdict rests on.
public enum EquivalenceRule: String, CaseIterable, Sendable, Codable, Comparable {
  /// Constructors and destructors of table pages have had three names each.
  case tableConstructorNames = "table-constructor-names"
  /// `free_pages(page_address(p), o)`, `__free_pages(p, o)` and their order-0 short forms.
  case pageFreeNames = "page-free-names"
  /// A pgmap argument that is passed on, or absent from the signature.
  case pgmapArgument = "pgmap-argument"
  /// A TLB flush that the reference does not do.
  case extraFlush = "extra-flush"
  /// The subject omits the second of two flushes with nothing between them.
  case doubledFlush = "doubled-flush"
  /// `flush_tlb_kernel_range` of all addresses in place of `flush_tlb_all`.
  case wholeRangeFlush = "whole-range-flush"
  /// The pages of a reserved block, released from the last one down.
  case releaseOrder = "release-order"
  /// A warning or BUG in a call that no kernel makes.
  case strayCall = "stray-call"
  /// Debug prints, and WARN tests that do not fire.
  case quietDiagnostics = "quiet-diagnostics"

  /// One sentence for the report.
  public var sentence: String {
    switch self {
    case .tableConstructorNames:
      "page-based, ptdesc-based and generic names of table constructors and destructors are one event"
    case .pageFreeNames:
      "free_pages of a page's address and __free_pages of the page are one event"
    case .pgmapArgument:
      "passing a pgmap argument and having none in the signature are equivalent"
    case .extraFlush:
      "a TLB flush beyond those of the reference does no harm"
    case .doubledFlush:
      "a TLB flush that directly follows another one may be omitted"
    case .wholeRangeFlush:
      "a TLB flush of the range of all addresses is a flush of everything"
    case .releaseOrder:
      "the pages of a reserved block may be released from the last one down"
    case .strayCall:
      "a text may warn about a call that no kernel makes, or stop there"
    case .quietDiagnostics:
      "debug prints, and WARN tests that do not fire, are ignored"
    }
  }

  /// The rules that apply to the spellings in a case.
  public static func rules(for spellings: Spellings) -> [EquivalenceRule] {
    var rules: [EquivalenceRule] = []
    if spellings.contains(.tableConstructor) { rules.append(.tableConstructorNames) }
    if spellings.contains(.pageFree) { rules.append(.pageFreeNames) }
    if spellings.contains(.noPgmap) { rules.append(.pgmapArgument) }
    if spellings.contains(.releasedDown) { rules.append(.releaseOrder) }
    if !spellings.isDisjoint(with: [.print, .quietWarn]) { rules.append(.quietDiagnostics) }
    return rules
  }

  /// Orders rules by raw value.
  public static func < (left: EquivalenceRule, right: EquivalenceRule) -> Bool {
    left.rawValue < right.rawValue
  }
}
