// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// Mends of upstream's own bugs that change what a call does from some point on, as options of the port:
/// each is one text that does not have the bug. None is part of any state of upstream.
public struct UpstreamMends: OptionSet, Hashable, Sendable {
  /// One bit a mend.
  public let rawValue: UInt8

  /// The set with these bits.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Hazard H1: `vmemmap_populate` makes a part of a section's memmap of single pages, as arm64 does since
  /// d4234d131b0a.
  public static let pagesForParts = UpstreamMends(rawValue: 1 << 0)
  /// Hazard H5: `alloc_*_late` return 0 when memory is out, and -ENOMEM goes up to `arch_add_memory`, which
  /// takes back what was mapped.
  public static let handsUpNoMemory = UpstreamMends(rawValue: 1 << 1)
  /// Hazard H6: `remove_p4d_mapping` takes a leaf of the linear map for one.
  public static let knowsUpperLeaf = UpstreamMends(rawValue: 1 << 2)
  /// Hazard H10: `free_vmemmap_storage` gives an altmap only what lies in it, and frees the rest as it does
  /// without an altmap, as powerpc does.
  public static let testsAltmap = UpstreamMends(rawValue: 1 << 3)
  /// Unlisted: to `vmemmap_check_pmd` a table is no populated section, as to other architectures' since
  /// abff0ecf7602.
  public static let fillsTables = UpstreamMends(rawValue: 1 << 4)

  /// Each mend by itself.
  public var members: [UpstreamMends] {
    (0..<5).map { UpstreamMends(rawValue: 1 << $0) }.filter(contains)
  }
}

extension Machine {
  /// Whether the port has a mend, at a point where having it makes a difference.
  mutating func mends(_ mend: UpstreamMends) -> Bool {
    met.formUnion(mend)
    return mends.contains(mend)
  }
}
