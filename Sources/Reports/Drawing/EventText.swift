// SPDX-License-Identifier: GPL-2.0-only

import Machine
import Port

extension TableNames {
  /// One event of a trace as a short phrase in the kernel's terms. A subject may control the process that
  /// sends the numbers, so every number has a phrase.
  func phrase(_ event: Event) -> String {
    switch EventKind(rawValue: event.kind) {
    case .clear:
      let slots = event.c > 1 ? "\(event.b)..\(event.b &+ event.c &- 1)" : "\(event.b)"
      return "clear \(table(Int(truncatingIfNeeded: event.a)))[\(slots)]"
    case .allocate:
      return "allocate \(page(event.a))" + (event.askedNode.map { " on node \($0)" } ?? "")
    case .construct: return "constructor\(level(event.detail)) of \(page(event.a))"
    case .destruct: return "destructor\(level(event.detail)) of \(page(event.a))"
    case .free:
      let order = event.b == 0 ? "" : ", order \(event.b)"
      return "free \(page(event.a))\(order)\(linked(event))"
    case .freeReserved:
      let count = event.c == 1 ? "" : " and the next \(event.c &- 1)"
      return "free_reserved_page \(page(event.a))\(count)\(linked(event))"
    case .altmapFree:
      let name = event.a == 0 ? "an unknown altmap" : "altmap \(event.a)"
      return "vmem_altmap_free \(name), \(event.b) pages, alloc now \(Int64(bitPattern: event.c))"
    case .flush: return flush(event)
    case .addPages:
      return "__add_pages node \(Int32(bitPattern: event.detail)), pfn \(hex(event.a)), "
        + "\(event.b) pages, prot \(hex(event.c))\(handedOn(event.d))"
    case .removePages:
      return "__remove_pages pfn \(hex(event.a)), \(event.b) pages\(handedOn(event.d))"
    case .warn: return "WARN"
    case .returned: return "return from call \(event.a &+ 1): \(value(event))"
    case .getPage:
      let count = event.c == 1 ? "" : ", \(event.c) times"
      return "get_page \(page(event.a))\(count)"
    case .putPage:
      let order = event.b == 0 ? "" : ", order \(event.b)"
      let rest = event.c == 1 ? "1 reference remains" : "\(event.c) references remain"
      return "free \(page(event.a))\(order): \(rest)"
    case nil: return "unknown event \(event.kind)"
    }
  }

  private func level(_ detail: UInt32) -> String {
    Level(rawValue: UInt8(truncatingIfNeeded: detail)).map { " (\($0.name))" } ?? ""
  }

  private func linked(_ event: Event) -> String { event.detail == 1 ? ", still linked" : "" }

  private func handedOn(_ packed: UInt64) -> String {
    let altmap = packed & 0xffff_ffff
    let pgmap = packed >> 32
    return (altmap == 0 ? "" : ", altmap \(altmap)") + (pgmap == 0 ? "" : ", pgmap \(pgmap)")
  }

  private func flush(_ event: Event) -> String {
    switch FlushScope(rawValue: event.detail) {
    case .all: "flush_tlb_all"
    case .localAll: "local_flush_tlb_all"
    case .range: "flush_tlb_kernel_range \(hex(event.a))..\(hex(event.b))"
    case nil: "flush"
    }
  }

  private func value(_ event: Event) -> String {
    event.c != 0 ? "\(hex(event.b))..\(hex(event.c))" : "\(Int64(bitPattern: event.b))"
  }

  /// The ending of a case, as a phrase.
  func phrase(_ ending: Ending) -> String {
    switch EndingKind(rawValue: ending.kind) {
    case .finished: "returns"
    case .overrun:
      "accesses slot \(ending.slot) of \(table(Int(ending.table))), which has "
        + "\(layout.entriesPerTable) (table overrun)"
    case .wildAccess: "accesses \(hex(ending.address)), which is outside all tables"
    case .bug: "hits BUG"
    case .panic: "panics"
    case .hang: "does not return (hang)"
    case .trap: "executes undefined behaviour or an illegal instruction"
    case .arithmetic: "divides by zero"
    case .stackOverflow: "runs out of stack"
    case .traceOverflow: "overflows the trace"
    case .workerDied: "kills its process"
    case .structPageAccess:
      "dereferences a struct page (at \(hex(ending.address))), which is opaque here"
    case .forbiddenCall:
      "makes system call \(ending.address), which is forbidden"
    case .freedAccess:
      "accesses slot \(ending.slot) of \(table(Int(ending.table))) after its free"
    case .unsteady: "does not do the same thing twice"
    case nil: "ends in an unknown way"
    }
  }
}
