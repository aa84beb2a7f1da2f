// SPDX-License-Identifier: GPL-2.0-only

/// Features of a kernel that commits of the series change. If the text is a patch or cannot be read, all
/// count as present, because the patch's kernel has them.
public struct OlderText: Sendable {
  /// ff172d4818ad: huge pages populate the memmap.
  public let hasHugeMemmap: Bool
  /// 7d3332be011e: the root table's entries exist from boot on.
  public let hasPreallocation: Bool
  /// 8589e346bbb6 and 3335068f8721: a separate function makes the linear mapping, with leaves of every size.
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
