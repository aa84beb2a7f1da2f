// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// One operation, applied to every state and range of a universe: a call of any function of the surface that
/// takes a range, an address or nothing, with plain arguments or with a variant of them.
public struct UniverseOperation: Sendable, Hashable {
  public let function: KernelFunction
  let variant: Variant
  /// The one allocation that fails, counted from 1; 0 means none.
  let failingAllocation: UInt32
  /// The number of allocations that succeed.
  let allocationBudget: UInt32

  init(
    _ function: KernelFunction, _ variant: Variant = .plain, failing allocation: UInt32 = 0,
    allocations: UInt32 = .max
  ) {
    self.function = function
    self.variant = variant
    failingAllocation = allocation
    allocationBudget = allocations
  }

  /// A condition of the arguments or of the machine, apart from its memory.
  enum Variant: UInt8, Sendable {
    case plain
    /// An altmap.
    case altmap
    /// An altmap that has handed out nothing, with room for a half of the range.
    case freshAltmap
    /// An altmap and a pgmap.
    case devicePages
    /// Two calls, each for a half of the range, with an altmap of its own.
    case twoAltmaps
    /// Two calls: the first half with an altmap, the second without.
    case altmapThenNone
    /// `__add_pages` fails.
    case failingCore
    /// Read-only memory on node 1, with an altmap and a pgmap.
    case readOnly
    /// Single pages, with the protection of each address.
    case ofPages
    /// Read-only PMD leaves.
    case ofBlocks
    /// Single pages, about the end of the image of the kernel's text in the linear map.
    case ofAlias
    /// About the end of the kernel's text.
    case ofText
    /// A physical address one page further.
    case oddPhysical
    /// A virtual address one page further.
    case oddVirtual
    case debugPagealloc
  }

  /// The operation in words.
  public var phrase: String {
    let special =
      switch variant {
      case .plain: ""
      case .altmap: " with an altmap"
      case .freshAltmap: " with an altmap that has room for a half"
      case .devicePages: " with an altmap and a pgmap"
      case .twoAltmaps: " of each half with an altmap of its own"
      case .altmapThenNone: " of the first half with an altmap, of the second without"
      case .failingCore: " where __add_pages fails"
      case .readOnly: " of read-only memory on node 1 with an altmap and a pgmap"
      case .ofPages: " of single pages with the addresses' protections"
      case .ofBlocks: " of read-only PMD leaves"
      case .ofAlias: " of single pages about the end of the text's image"
      case .ofText: " about the end of the kernel's text"
      case .oddPhysical: " of a physical address a page further"
      case .oddVirtual: " of a virtual address a page further"
      case .debugPagealloc: " with debug_pagealloc"
      }
    let failure = failingAllocation == 0 ? "" : " where allocation \(failingAllocation) fails"
    let shortage =
      allocationBudget == .max ? "" : " with memory for \(allocationBudget) allocations"
    return function.name + special + failure + shortage
  }

  /// The part of the address space that the operation works on. The walks take memmap addresses.
  var area: UniverseArea {
    guard function.hasVirtualRange else { return .linear }
    return function.purpose == .preallocates ? .root : .memmap
  }

  /// The altmap of the call for the second half, for operations in halves; 0 means no altmap.
  var altmapOfSecondHalf: UInt32? {
    switch variant {
    case .twoAltmaps: 2
    case .altmapThenNone: 0
    default: nil
    }
  }

  /// Whether the operation needs the altmaps of the universe.
  var usesAltmap: Bool {
    switch variant {
    case .altmap, .freshAltmap, .devicePages, .twoAltmaps, .altmapThenNone, .readOnly: true
    default: false
    }
  }
}
