// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// A run of leaves of one level in the linear map. Addresses are physical.
struct LeafRun: Hashable {
  let level: Level
  /// The first byte.
  let start: UInt64
  /// The number of leaves.
  let count: UInt64
}

/// The leaves in the linear map after the operations so far, as far as the draw of the next one needs them.
/// Upstream walks a leaf in the way of a smaller one as a table, so an add over larger leaves would show
/// nothing else.
struct LinearExtents {
  private struct Extent {
    var start: UInt64
    var end: UInt64
    let leaf: UInt64
  }

  let layout: AddressLayout
  /// `debug_pagealloc_enabled()`: an add maps single pages.
  var isByPages = false
  private var extents: [Extent] = []

  init(layout: AddressLayout) { self.layout = layout }

  /// The leaves with which `create_linear_mapping_range` maps a page-aligned range. Each is the largest that
  /// its address and the remaining bytes allow. Addresses are physical.
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
      // Leaves of this level end where a larger one fits.
      if !byPages, let larger = levels.last(where: { $0 > level }) {
        let above = layout.size(of: larger)
        let boundary = (next / above + 1) * above
        if boundary < stop, level == .pte || end - boundary >= above { stop = boundary }
      }
      // The rest is less than a page and stays unmapped. No random case has one.
      guard stop > next else { break }
      found.append(LeafRun(level: level, start: next, count: (stop - next) / size))
      next = stop
    }
    return found
  }

  /// Whether any part of a range is mapped.
  func holdsAny(from start: UInt64, to end: UInt64) -> Bool {
    extents.contains { $0.start < end && start < $0.end }
  }

  /// Whether an add of the range meets no leaf that is larger than its own leaves.
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

  /// Records leaves, except where others exist.
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

  /// Removes a range, and with it every leaf that it touches.
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
