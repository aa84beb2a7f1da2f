// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension ShrinkPass {
  /// Cuts the range of a call: to nothing, a page, an entry of each level, half, all but a page or an entry,
  /// from either end; and to whole pages.
  static let shortenRanges = ShrinkPass("shorten ranges") { scenario in
    scenario.operations.indices.lazy.flatMap { index in
      scenario.shorterRanges(of: scenario.operations[index]).lazy.map { call in
        scenario.with { $0.operations[index] = call }
      }
    }
  }
}

extension Scenario {
  fileprivate func shorterRanges(of call: Call) -> [Call] {
    guard let layout else { return [] }
    if call.function == .freeVmemmapStorage {
      return lengths(of: call, layout).map { length in
        var call = call
        call.size = length
        return call
      }
    }
    guard let start = call.start else { return [] }
    let length = call.length
    // A backward range is as long as an empty one, and less plain.
    var found = [call.over(start, length: 0)]
    for shorter in lengths(of: call, layout) {
      found.append(call.over(start, length: shorter))
      found.append(call.over(start &+ (length - shorter), length: shorter))
    }
    // The parts that end or begin at an entry boundary.
    for level in layout.mode.levels {
      let size = layout.size(of: level)
      let fromBoundary = size - (start & (size - 1))
      if fromBoundary < length {
        found.append(call.over(start, length: fromBoundary))
        found.append(call.over(start &+ fromBoundary, length: length - fromBoundary))
      }
    }
    let pageMask = AddressLayout.pageSize - 1
    let end = start &+ length
    for first in [start & ~pageMask, (start &+ pageMask) & ~pageMask] {
      for last in [end & ~pageMask, (end &+ pageMask) & ~pageMask] where last >= first {
        found.append(call.over(first, length: last - first))
      }
    }
    return found
  }

  /// Shorter lengths in bytes, roughly in increasing order.
  private func lengths(of call: Call, _ layout: AddressLayout) -> [UInt64] {
    let length = call.length
    let sizes = layout.mode.levels.map { layout.size(of: $0) }
    let pageMask = AddressLayout.pageSize - 1
    let lengths =
      [0] + sizes + [length / 2 & ~pageMask, length & ~pageMask]
      + sizes.reversed().filter { $0 < length }.map { length - $0 }
    return lengths.filter { $0 < length }
  }
}
