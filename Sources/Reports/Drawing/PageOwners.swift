// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Whose the pages of a case are, in words.
struct PageOwners: Sendable {
  private let frames: [FrameRange]

  /// The owners that a case begins with.
  init(_ image: MachineImage) { frames = image.frames }

  /// "page allocator", "reserved (boot memory)", "altmap".
  static func name(_ owner: PageOwner) -> String {
    switch owner {
    case .allocator: "page allocator"
    case .reserved: "reserved (boot)"
    case .altmap: "altmap"
    }
  }

  /// The same for a raw value.
  static func name(_ raw: UInt32) -> String {
    PageOwner(rawValue: raw).map(name) ?? "unknown owner"
  }

  /// Who owns the pages from a PFN on: one name, or that there are several.
  func owner(ofPages count: UInt64, from pfn: UInt64) -> String {
    let end = pfn &+ count
    var owners: Set<UInt32> = []
    var covered: UInt64 = 0
    for range in frames where range.pfn < end && pfn < range.pfn &+ range.count {
      owners.insert(range.owner)
      covered += min(end, range.pfn &+ range.count) - max(pfn, range.pfn)
    }
    // A page in no range is the page allocator's.
    if covered < count { owners.insert(PageOwner.allocator.rawValue) }
    return owners.count == 1 ? Self.name(owners.first ?? 0) : "several owners"
  }
}
