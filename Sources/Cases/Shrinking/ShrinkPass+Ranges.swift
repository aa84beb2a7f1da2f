// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension ShrinkPass {
  /// Cuts the range of calls: to nothing, a page, an entry of each level, half, all but a page or an entry, from
  /// either end; and to whole pages. Calls over the same range are cut together first: what one adds, another removes.
  static let shortenRanges = ShrinkPass("shorten ranges") { scenario in
    let groups = scenario.callsOverTheSameRange + scenario.operations.indices.map { [$0] }
    return groups.lazy.flatMap { group in
      scenario.shorterRanges(of: scenario.operations[group[0]]).lazy.map { call in
        scenario.with { scenario in
          for index in group {
            let other = scenario.operations[index]
            scenario.operations[index] =
              index == group[0]
              ? call : call.start.map { other.over($0, length: call.length) } ?? other
          }
        }
      }
    }
  }
}

extension Scenario {
  /// The places of calls that have the same range, several each.
  fileprivate var callsOverTheSameRange: [[Int]] {
    struct Range: Hashable {
      var isPhysical: Bool
      var start: UInt64
      var length: UInt64
    }
    let groups = Dictionary(grouping: operations.indices) { index in
      let call = operations[index]
      return call.start.map {
        Range(isPhysical: call.function.hasPhysicalRange, start: $0, length: call.length)
      }
    }
    return groups.compactMap { $0.key == nil || $0.value.count < 2 ? nil : $0.value }
      .sorted { $0[0] < $1[0] }
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
