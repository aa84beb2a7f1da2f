// SPDX-License-Identifier: GPL-2.0-only

/// Ranges of indices below `count` to remove together: all of them, then halves, quarters, and so on down to
/// single indices.
func cuts(of count: Int) -> some Sequence<Range<Int>> {
  let sizes = sequence(first: count) { $0 > 1 ? ($0 + 1) / 2 : nil }
  return sizes.lazy.flatMap { size in
    stride(from: 0, to: count, by: max(size, 1)).lazy.map { $0..<min($0 + size, count) }
  }
}

/// Numbers smaller than `number`, the largest steps first.
func stepsDown(from number: UInt64) -> [UInt64] {
  guard number > 0 else { return [] }
  let highestBit: UInt64 = 1 << UInt64(63 - number.leadingZeroBitCount)
  var found: [UInt64] = []
  for next in [0, 1, number / 2, highestBit, number & (number - 1), number - 1]
  where next < number && !found.contains(next) { found.append(next) }
  return found
}
