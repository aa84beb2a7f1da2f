// SPDX-License-Identifier: GPL-2.0-only

import Cases
import Machine
import Port

/// The virtual address ranges of a case's calls, for shading.
struct CallRanges: Sendable {
  private struct Range: Sendable {
    var start: UInt64
    var length: UInt64
  }

  private let ranges: [Range]
  /// The bits of an address that the root table spans. At narrow index widths, higher bits do not count.
  private let mask: UInt64

  /// Collects the ranges of all calls. arch_add_memory and arch_remove_memory have two: the memory in the
  /// linear map, and its memmap.
  init(_ calls: [Scenario.Call], layout: AddressLayout) {
    let width = layout.shift(of: .pgd) + layout.indexBits
    mask = width < 64 ? 1 << width - 1 : .max
    ranges = calls.flatMap { Self.ranges(of: $0, layout: layout) }
  }

  private static func ranges(of call: Scenario.Call, layout: AddressLayout) -> [Range] {
    guard let start = call.start else { return [] }
    let length = call.size ?? call.end.map { $0 &- start } ?? 1
    guard length > 0 else { return [] }
    guard call.function.hasPhysicalRange else { return [Range(start: start, length: length)] }
    let linear = Range(start: layout.virtual(ofPhysical: start), length: length)
    switch call.function.purpose {
    case .addsMemory, .removesMemory:
      let first = layout.structPage(ofPFN: start >> AddressLayout.pageShift)
      let pages = length >> AddressLayout.pageShift
      return [
        linear,
        Range(start: first, length: max(1, pages &* AddressLayout.structPageSize)),
      ]
    default: return [linear]
    }
  }

  /// Whether the range of a call overlaps `span` bytes from an address on.
  func touch(_ address: UInt64, span: UInt64) -> Bool {
    ranges.contains { range in
      (address &- range.start) & mask < range.length || (range.start &- address) & mask < span
    }
  }
}
