// SPDX-License-Identifier: GPL-2.0-only

// Reports, signatures of differences and expectation files use these names. A case may get another name
// in Swift; its name here must not change.

extension EventKind {
  /// The name in reports.
  public var name: String {
    switch self {
    case .clear: "clear"
    case .allocate: "allocate"
    case .construct: "construct"
    case .destruct: "destruct"
    case .free: "free"
    case .freeReserved: "freeReserved"
    case .altmapFree: "altmapFree"
    case .flush: "flush"
    case .addPages: "addPages"
    case .removePages: "removePages"
    case .warn: "warn"
    case .returned: "returned"
    case .getPage: "getPage"
    case .putPage: "putPage"
    }
  }
}

extension EndingKind {
  /// The name in reports.
  public var name: String {
    switch self {
    case .finished: "finished"
    case .overrun: "overrun"
    case .wildAccess: "wildAccess"
    case .bug: "bug"
    case .panic: "panic"
    case .hang: "hang"
    case .trap: "trap"
    case .arithmetic: "arithmetic"
    case .stackOverflow: "stackOverflow"
    case .traceOverflow: "traceOverflow"
    case .workerDied: "workerDied"
    case .structPageAccess: "structPageAccess"
    case .forbiddenCall: "forbiddenCall"
    case .unsteady: "unsteady"
    case .freedAccess: "freedAccess"
    }
  }
}
