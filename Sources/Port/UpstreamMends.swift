// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Mends of upstream's own bugs, as options of the port, for bugs that change a call's behaviour from
/// some point on. Each is one text without the bug. No state of upstream contains any of them.
public struct UpstreamMends: OptionSet, Hashable, Sendable {
  /// One bit per mend.
  public let rawValue: UInt8

  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Hazard H1: `vmemmap_populate` maps single pages for a part of a section's memmap, as arm64 does
  /// since d4234d131b0a.
  public static let pagesForParts = UpstreamMends(rawValue: 1 << 0)
  /// Hazard H5: `alloc_*_late` return 0 when memory runs out, and -ENOMEM reaches `arch_add_memory`,
  /// which removes what was mapped.
  public static let handsUpNoMemory = UpstreamMends(rawValue: 1 << 1)
  /// Hazard H6: `remove_p4d_mapping` recognises a leaf of the linear map.
  public static let knowsUpperLeaf = UpstreamMends(rawValue: 1 << 2)
  /// Hazard H10: `free_vmemmap_storage` gives an altmap only its own pages and frees the rest as without
  /// an altmap, as powerpc does.
  public static let testsAltmap = UpstreamMends(rawValue: 1 << 3)
  /// Unlisted: `vmemmap_check_pmd` does not report a table as a populated section, as on other
  /// architectures since abff0ecf7602.
  public static let fillsTables = UpstreamMends(rawValue: 1 << 4)

  /// Each mend by itself.
  public var members: [UpstreamMends] {
    (0..<5).map { UpstreamMends(rawValue: 1 << $0) }.filter(contains)
  }
}

extension Machine {
  /// Whether the port has a mend. Call it only where the mend makes a difference, because it sets `met`.
  mutating func mends(_ mend: UpstreamMends) -> Bool {
    met.formUnion(mend)
    return mends.contains(mend)
  }
}
