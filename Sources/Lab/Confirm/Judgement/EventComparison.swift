// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

/// Compares the order of a kernel's allocations, frees and flushes in one step with the model's.
///
/// Of the kernel's page events, only those count whose page is a table or backs the memmap before or after
/// the step: a page that is allocated and freed within the step could belong to anyone. A flush counts when a
/// function of the surface requests it.
struct EventComparison {
  /// The model's events, as far as the kernel's can be compared with them.
  private(set) var model: [KernelEvent] = []
  /// The kernel's events, without those of other code.
  private(set) var kernel: [KernelEvent] = []

  init(
    model events: [Event], kernel recorded: [KernelEvent], before: PageBindings,
    after: PageBindings
  ) {
    for event in events { model += Self.expected(event, before, after) }
    let freed = Set(model.filter { $0.kind == .free }.map(\.pfn))
    kernel = Self.ofSurface(recorded, before, after, reservedFrees: freed)
  }

  /// The first difference; nil when there is none.
  var difference: (place: String, model: String, kernel: String)? {
    let count = max(model.count, kernel.count)
    for place in 0..<count {
      let one = place < model.count ? model[place] : nil
      let other = place < kernel.count ? kernel[place] : nil
      guard Self.sentence(one) != Self.sentence(other) else { continue }
      return ("event \(place + 1)", Self.sentence(one), Self.sentence(other))
    }
    return nil
  }

  /// The first page that was freed before the last flush: until that flush, other harts may reach the page
  /// (hazard H8).
  var freedBeforeFlush: UInt64? {
    guard let lastFlush = kernel.lastIndex(where: \.isFlush) else { return nil }
    return kernel[..<lastFlush].first { $0.kind == .free }?.pfn
  }

  private static func expected(
    _ event: Event, _ before: PageBindings, _ after: PageBindings
  ) -> [KernelEvent] {
    switch EventKind(rawValue: event.kind) {
    case .allocate:
      guard let pfn = after.kernel(ofModel: event.a) else { return [] }
      return [KernelEvent(.allocate, pfn: pfn, order: event.b)]
    case .free:
      guard let pfn = before.kernel(ofModel: event.a) else { return [] }
      return [KernelEvent(.free, pfn: pfn, order: event.b)]
    case .freeReserved:
      return (0..<max(1, event.c)).map { place in
        KernelEvent(.free, pfn: before.kernel(ofModel: event.a + place) ?? event.a + place)
      }
    case .flush:
      let isAll = event.detail != FlushScope.range.rawValue
      return [KernelEvent(isAll ? .flushAll : .flushRange)]
    default: return []
    }
  }

  private static func ofSurface(
    _ events: [KernelEvent], _ before: PageBindings, _ after: PageBindings,
    reservedFrees: Set<UInt64>
  ) -> [KernelEvent] {
    var lastAllocations: [UInt64: Int] = [:]
    for (place, event) in events.enumerated() where event.kind == .allocate {
      lastAllocations[event.pfn] = place
    }
    var freed: Set<UInt64> = []
    return events.enumerated().compactMap { place, event in
      switch event.kind {
      case .allocate:
        let isNew = after.hasKernel(event.pfn) && !before.hasKernel(event.pfn)
        guard isNew, lastAllocations[event.pfn] == place else { return nil }
        return event
      case .free:
        guard before.hasKernel(event.pfn) || reservedFrees.contains(event.pfn),
          freed.insert(event.pfn).inserted
        else { return nil }
        return event
      case .flushAll, .flushRange:
        return isOfSurface(event.caller) ? KernelEvent(event.kind) : nil
      }
    }
  }

  /// A compiler may have split a part off a function ("remove_pgd_mapping.constprop.0").
  private static func isOfSurface(_ caller: String) -> Bool {
    let name = caller.prefix { $0 != "." && $0 != "+" }
    return KernelFunction(name: String(name)) != nil
  }

  private static func sentence(_ event: KernelEvent?) -> String {
    guard let event else { return "nothing more" }
    let pages = event.order == 0 ? "" : " and \((1 << min(event.order, 32)) - 1) behind it"
    return switch event.kind {
    case .allocate: "page frame \(hex(event.pfn))\(pages) allocated"
    case .free: "page frame \(hex(event.pfn))\(pages) freed"
    case .flushAll: "a flush of the whole TLB"
    case .flushRange: "a flush of a range"
    }
  }
}

extension KernelEvent {
  var isFlush: Bool { kind == .flushAll || kind == .flushRange }
}
