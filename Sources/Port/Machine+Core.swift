// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The services of the generic memory-hotplug core and the architecture's TLB code.
extension Machine {
  /// `vmem_altmap_free`: gives pages back to the altmap with this number, from 1. The count wraps, as in
  /// the kernel.
  mutating func altmapFree(_ altmap: UInt32, pages: UInt64) throws(Halt) {
    let number = Int(altmap) - 1
    guard (0..<Self.altmapCapacity).contains(number) else {
      return try record(Event(.altmapFree, b: pages))
    }
    altmapAllocs[number] &-= pages
    try record(Event(.altmapFree, a: UInt64(altmap), b: pages, c: altmapAllocs[number]))
  }

  /// Whether a page lies in the altmap with this number, from 1: in its reserved or its free pages.
  func isAltmaps(_ altmap: UInt32, pfn: UInt64) -> Bool {
    let number = Int(altmap) - 1
    guard (0..<altmapCount).contains(number) else { return false }
    return pfn &- altmaps[number].basePFN < altmaps[number].reserve &+ altmaps[number].free
  }

  /// `altmap_alloc_block_buf` of mm/sparse-vmemmap.c: allocates the device's own pages, next in turn and
  /// aligned to their number, which is a power of two. Returns the first PFN; nil if too few pages
  /// remain.
  mutating func altmapAllocate(_ altmap: UInt32, pages: UInt64) -> UInt64? {
    let number = Int(altmap) - 1
    guard (0..<altmapCount).contains(number) else { return nil }
    let used = altmapAllocs[number] &+ altmapAligns[number]
    let next = altmaps[number].basePFN &+ altmaps[number].reserve &+ used
    let lost = (0 &- next) & (pages &- 1)
    guard altmaps[number].free > used, pages &+ lost <= altmaps[number].free &- used else {
      return nil
    }
    altmapAllocs[number] &+= pages
    altmapAligns[number] &+= lost
    return next &+ lost
  }

  /// `vmemmap_shift` of the pgmap with this number, from 1; 0 if no such pgmap exists.
  func vmemmapShift(_ pgmap: UInt32) -> UInt64 {
    let number = Int(pgmap) - 1
    guard (0..<pgmaps.count).contains(number) else { return 0 }
    return UInt64(min(pgmaps[number].vmemmapShift, PgmapState.largestShift))
  }

  /// `flush_tlb_all`.
  mutating func flushTLBAll() throws(Halt) {
    try record(Event(.flush, detail: FlushScope.all.rawValue))
  }

  /// Records the call of `__add_pages` and returns the result that the image sets.
  mutating func addPages(
    node: Int32, pfn: UInt64, pages: UInt64, parameters: HotplugParameters
  ) throws(Halt) -> Int32 {
    try record(
      Event(
        .addPages, detail: UInt32(bitPattern: node), a: pfn, b: pages, c: parameters.protection,
        d: UInt64(parameters.altmap) | UInt64(parameters.pgmap) << 32))
    return addPagesResult
  }

  /// Records the call of `__remove_pages`.
  mutating func removePages(
    pfn: UInt64, pages: UInt64, altmap: UInt32, pgmap: UInt32
  ) throws(Halt) {
    try record(
      Event(.removePages, a: pfn, b: pages, d: UInt64(altmap) | UInt64(pgmap) << 32))
  }

  /// The check of `__add_pages` on an altmap: it must begin at the start of the added memory, and fit.
  /// An accepted altmap counts no page as handed out.
  mutating func accepts(altmap: UInt32, pfn: UInt64, pages: UInt64) -> Bool {
    let number = Int(altmap) - 1
    guard (0..<altmapCount).contains(number) else { return true }
    let state = altmaps[number]
    guard state.basePFN == pfn, state.reserve &+ state.free <= pages else { return false }
    altmapAllocs[number] = 0
    return true
  }

  /// A `WARN_ON` that fires.
  mutating func warn() throws(Halt) { try record(Event(.warn)) }

  /// `BUG_ON`.
  mutating func bug(on condition: Bool) throws(Halt) {
    if condition { throw halt(Ending(.bug)) }
  }
}

/// `struct mhp_params`, with numbers from 1 in place of pointers.
struct HotplugParameters {
  var protection: UInt64
  var altmap: UInt32
  var pgmap: UInt32
}
