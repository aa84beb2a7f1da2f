// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Scenario {
  /// The behaviour of `__add_pages` and `__remove_pages`.
  public enum Core: String, Hashable, Sendable, CaseIterable {
    /// The calls are recorded only, and `__add_pages` returns the result in `injected`.
    case recorded
    /// The calls do the work of mm/memory_hotplug.c and mm/sparse.c, section by section, through
    /// `vmemmap_populate` and `vmemmap_free`. An injected failure comes before any of it.
    case live
  }

  /// A memory section (128 MiB) with at least one present sub-section.
  public struct Section: Hashable, Sendable {
    /// The physical address of its first byte, divided by 128 MiB.
    public var number: UInt64
    /// Bit n: sub-section n (2 MiB) is present.
    public var subsections: UInt64
    /// Whether the section exists since boot. Its memmap is then complete, whatever is present.
    public var isEarly: Bool

    /// The initialiser checks nothing; `lowered` does.
    public init(number: UInt64, subsections: UInt64 = .max, isEarly: Bool = false) {
      self.number = number
      self.subsections = subsections
      self.isEarly = isEarly
    }
  }

  /// A `struct dev_pagemap`, as far as a live core reads it.
  public struct Pgmap: Hashable, Sendable {
    /// log2 of the pages of a compound page (`vmemmap_shift`), at most 18. From 8 on, a live core shares
    /// pages of the memmap; 9 is the value for a device mapped by 2 MiB.
    public var vmemmapShift: Int

    /// The initialiser checks nothing; `lowered` does.
    public init(vmemmapShift: Int = 0) { self.vmemmapShift = vmemmapShift }
  }

  /// The functions of the surface that the case calls, including those that a live core calls.
  /// `vmemmap_populate` is not added: a subject without it gets the stand-in of the harness.
  public var functionsCalled: Set<KernelFunction> {
    var functions = Set(operations.map(\.function))
    if core == .live, !functions.isDisjoint(with: [.archAddMemory, .archRemoveMemory]) {
      functions.insert(.vmemmapFree)
    }
    return functions
  }
}

extension Scenario.Call {
  /// Whether a live core acts on the call.
  var isOfCore: Bool { function == .archAddMemory || function == .archRemoveMemory }
}
