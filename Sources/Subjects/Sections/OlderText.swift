// SPDX-License-Identifier: GPL-2.0-only

/// What a kernel has that commits of the series change. What patches change is in the kernel that they are
/// for, and so is what cannot be seen.
public struct OlderText: Sendable {
  /// ff172d4818ad: the memmap is populated by huge pages.
  public let hasHugeMemmap: Bool
  /// 7d3332be011e: the root table's entries are there from boot on.
  public let hasPreallocation: Bool
  /// 8589e346bbb6 and 3335068f8721: the linear mapping is made by a function of its own, out of leaves of
  /// every size.
  public let hasLinearMapping: Bool

  /// Reads the subject's main file.
  public init(_ text: SubjectText) {
    guard let main = text.main, !main.isFragment,
      let file = try? ItemParser.parse(SplicedText(main), isStrict: false)
    else {
      (hasHugeMemmap, hasPreallocation, hasLinearMapping) = (true, true, true)
      return
    }
    let definitions = file.definitions()
    let isPopulatedByPages = (definitions["vmemmap_populate"] ?? []).contains {
      UsedNames(file.text).used(by: file.items[$0]).contains("vmemmap_populate_basepages")
    }
    hasHugeMemmap = !isPopulatedByPages
    hasPreallocation = definitions["preallocate_pgd_pages_range"] != nil
    hasLinearMapping = definitions["create_linear_mapping_range"] != nil
  }
}
