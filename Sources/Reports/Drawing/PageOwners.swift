// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// The owners of a case's pages, in words.
struct PageOwners: Sendable {
  private let frames: [FrameRange]

  /// Takes the owners at the start of a case.
  init(_ image: MachineImage) { frames = image.frames }

  /// "page allocator", "reserved (boot)" or "altmap".
  static func name(_ owner: PageOwner) -> String {
    switch owner {
    case .allocator: "page allocator"
    case .reserved: "reserved (boot)"
    case .altmap: "altmap"
    }
  }

  /// The name of a raw value, which may be unknown.
  static func name(_ raw: UInt32) -> String {
    PageOwner(rawValue: raw).map(name) ?? "unknown owner"
  }

  /// The owner of the pages from a PFN on, or "several owners".
  func owner(ofPages count: UInt64, from pfn: UInt64) -> String {
    let end = pfn &+ count
    var owners: Set<UInt32> = []
    var covered: UInt64 = 0
    for range in frames where range.pfn < end && pfn < range.pfn &+ range.count {
      owners.insert(range.owner)
      covered += min(end, range.pfn &+ range.count) - max(pfn, range.pfn)
    }
    // The page allocator owns a page in no range.
    if covered < count { owners.insert(PageOwner.allocator.rawValue) }
    return owners.count == 1 ? Self.name(owners.first ?? 0) : "several owners"
  }
}
