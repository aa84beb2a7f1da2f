// SPDX-License-Identifier: GPL-2.0-only

import Machine

extension Scenario {
  /// What `__add_pages` and `__remove_pages` do.
  public enum Core: String, Hashable, Sendable, CaseIterable {
    /// They are noted down, and the first returns what `injected` says.
    case recorded
    /// They do what mm/memory_hotplug.c and mm/sparse.c do, section by section, by way of
    /// `vmemmap_populate` and `vmemmap_free`. What is injected fails before anything is done.
    case live
  }

  /// A memory section (128 MiB) of which something is present.
  public struct Section: Hashable, Sendable {
    /// Its first byte, physical, divided by 128 MiB.
    public var number: UInt64
    /// Bit n: sub-section n (2 MiB) is present.
    public var subsections: UInt64
    /// Whether it is there since boot: its memmap is whole, whatever is present.
    public var isEarly: Bool

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(number: UInt64, subsections: UInt64 = .max, isEarly: Bool = false) {
      self.number = number
      self.subsections = subsections
      self.isEarly = isEarly
    }
  }

  /// A `struct dev_pagemap`, as far as a live core looks into it.
  public struct Pgmap: Hashable, Sendable {
    /// log2 of the pages of a compound (`vmemmap_shift`), at most 18. From 8 on, a live core has the
    /// pages of the memmap shared; 9 is a device's that is mapped by 2 MiB.
    public var vmemmapShift: Int

    /// All of its parts as given; nothing is checked before `lowered`.
    public init(vmemmapShift: Int = 0) { self.vmemmapShift = vmemmapShift }
  }

  /// The functions of the surface that the case calls, those that a live core calls included. One that
  /// has no `vmemmap_populate` is lent one.
  public var functionsCalled: Set<KernelFunction> {
    var functions = Set(operations.map(\.function))
    if core == .live, !functions.isDisjoint(with: [.archAddMemory, .archRemoveMemory]) {
      functions.insert(.vmemmapFree)
    }
    return functions
  }
}

extension Scenario.Call {
  /// Whether a live core acts on it.
  var isOfCore: Bool { function == .archAddMemory || function == .archRemoveMemory }
}
