// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A run of leaves of one level in the linear map; addresses physical.
struct LeafRun: Hashable {
  let level: Level
  /// The first byte.
  let start: UInt64
  /// Leaves.
  let count: UInt64
}

/// What the linear map holds as a sequence of operations goes on, as far as drawing the next one
/// needs to know: upstream's code takes a leaf that is in the way of a smaller one for a table, so an
/// add over larger leaves would say nothing but that.
struct LinearExtents {
  private struct Extent {
    var start: UInt64
    var end: UInt64
    let leaf: UInt64
  }

  let layout: AddressLayout
  /// `debug_pagealloc_enabled()`: then memory is added by single pages.
  var isByPages = false
  private var extents: [Extent] = []

  init(layout: AddressLayout) { self.layout = layout }

  /// The leaves that `create_linear_mapping_range` maps a page-aligned range by, each the largest
  /// that its address and the bytes left allow.
  func runs(from start: UInt64, to end: UInt64, byPages: Bool) -> [LeafRun] {
    var found: [LeafRun] = []
    let levels: [Level] = layout.mode.isL4Enabled ? [.pud, .pmd] : [.pmd]
    var next = start
    while next < end {
      let level =
        byPages
        ? .pte
        : levels.first {
          next & (layout.size(of: $0) - 1) == 0 && end - next >= layout.size(of: $0)
        } ?? .pte
      let size = layout.size(of: level)
      var stop = next + (end - next) / size * size
      // As far as leaves of this level go: where larger ones fit, those follow.
      if !byPages, let larger = levels.last(where: { $0 > level }) {
        let above = layout.size(of: larger)
        let boundary = (next / above + 1) * above
        if boundary < stop, level == .pte || end - boundary >= above { stop = boundary }
      }
      // A last part of a page, which no random case has: left unmapped.
      guard stop > next else { break }
      found.append(LeafRun(level: level, start: next, count: (stop - next) / size))
      next = stop
    }
    return found
  }

  /// Whether any of a range is mapped.
  func holdsAny(from start: UInt64, to end: UInt64) -> Bool {
    extents.contains { $0.start < end && start < $0.end }
  }

  /// Whether an add of the range finds no leaf in its way that is larger than its own.
  func canMap(from start: UInt64, to end: UInt64) -> Bool {
    for extent in extents where extent.start < end && start < extent.end {
      if isByPages {
        guard extent.leaf == AddressLayout.pageSize else { return false }
      } else {
        let first = max(start & ~(extent.leaf - 1), extent.start)
        let last = min((end + extent.leaf - 1) & ~(extent.leaf - 1), extent.end)
        guard first >= start, last <= end else { return false }
      }
    }
    return true
  }

  /// Notes leaves; those that lie where others are stay out.
  mutating func map(_ runs: [LeafRun]) {
    for run in runs {
      let size = layout.size(of: run.level)
      let end = run.start + run.count * size
      let taken = extents.filter { $0.start < end && run.start < $0.end }
        .sorted { $0.start < $1.start }
      var next = run.start
      for other in taken {
        let stop = other.start & ~(size - 1)
        if next < stop { extents.append(Extent(start: next, end: stop, leaf: size)) }
        next = max(next, (other.end + size - 1) & ~(size - 1))
      }
      if next < end { extents.append(Extent(start: next, end: end, leaf: size)) }
    }
  }

  /// Takes a range out, and with it every leaf that it touches.
  mutating func unmap(from start: UInt64, to end: UInt64) {
    guard start < end else { return }
    var left: [Extent] = []
    for extent in extents {
      let first = start & ~(extent.leaf - 1)
      let (sum, overflows) = end.addingReportingOverflow(extent.leaf - 1)
      let last = overflows ? .max : sum & ~(extent.leaf - 1)
      guard extent.start < last, first < extent.end else {
        left.append(extent)
        continue
      }
      if extent.start < first {
        left.append(Extent(start: extent.start, end: first, leaf: extent.leaf))
      }
      if last < extent.end {
        left.append(Extent(start: last, end: extent.end, leaf: extent.leaf))
      }
    }
    extents = left
  }
}
