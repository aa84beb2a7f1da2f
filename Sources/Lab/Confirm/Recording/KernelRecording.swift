// SPDX-License-Identifier: GPL-2.0-only

import Cases

/// The behaviour of a running kernel in one case, observed from outside: enough to judge it again later
/// without the kernel.
struct KernelRecording: Codable, Hashable, Sendable {
  /// The version of the file's format: "mhpcheck.recording/1".
  var schema: String
  var confirmCase: ConfirmCase
  /// The paging mode that the kernel ran in, e.g. "sv48".
  var mode: String
  /// The output of `uname -r`.
  var release: String
  /// The PFN whose `struct page` is at `VMEMMAP_START`.
  var vmemmapStartPFN: UInt64
  /// The state before the first step.
  var start: KernelState
  /// The steps that ran: a kernel that stops ends the case.
  var steps: [RecordedStep]

  /// The present version of the format.
  static let schema = "mhpcheck.recording/1"

  private enum CodingKeys: String, CodingKey {
    case schema, mode, release, vmemmapStartPFN, start, steps
    case confirmCase = "case"
  }

  init(
    confirmCase: ConfirmCase, mode: String, release: String, vmemmapStartPFN: UInt64,
    start: KernelState, steps: [RecordedStep]
  ) {
    schema = Self.schema
    self.confirmCase = confirmCase
    self.mode = mode
    self.release = release
    self.vmemmapStartPFN = vmemmapStartPFN
    self.start = start
    self.steps = steps
  }
}

extension KernelRecording {
  /// The reason why it cannot be judged, in one line; nil for a recording that a run made.
  var flaw: String? {
    if let flaw = confirmCase.flaw { return flaw }
    let states = [start] + steps.compactMap(\.after)
    if states.contains(where: { $0.tables.isEmpty || $0.tables.count > TableCapture.mostTables }) {
      return "a state without tables, or with more than \(TableCapture.mostTables)"
    }
    if zip(steps, confirmCase.steps).contains(where: { $0.step != $1 })
      || steps.count > confirmCase.steps.count
    {
      return "steps of another case"
    }
    if steps.contains(where: { ($0.outcome == .stopped) != ($0.after == nil) }) {
      return "a step without a state after it, although the kernel went on"
    }
    if steps.count < confirmCase.steps.count, steps.last?.outcome != .stopped {
      return "fewer steps than the case has, although the kernel went on"
    }
    return nil
  }
}

/// A step of a case, as the kernel did it.
struct RecordedStep: Codable, Hashable, Sendable {
  var step: ConfirmCase.Step
  var outcome: KernelOutcome
  /// Allocations, frees and flushes of the step, in order; empty for a step that repeats add and remove.
  var events: [KernelEvent]
  /// The kernel's messages during the step (`dmesg`), oldest first.
  var messages: [String]
  /// The state after the step; nil when the kernel no longer answered.
  var after: KernelState?
}

/// The outcome of a step on the kernel.
enum KernelOutcome: String, Codable, Hashable, Sendable {
  /// The driver was bound or unbound.
  case done
  /// The driver refused the device: `arch_add_memory` failed.
  case refused
  /// The kernel accessed an address that is not mapped, hit a bug of its own, or panicked.
  case stopped
}

/// An action of the kernel on pages or on the TLB, recorded by its own tracing.
struct KernelEvent: Codable, Hashable, Sendable {
  var kind: Kind
  /// The first PFN; 0 for a flush.
  var pfn: UInt64
  /// log2 of the number of pages; 0 for a flush.
  var order: UInt64
  /// The function that requested the flush; empty for pages.
  var caller: String

  enum Kind: String, Codable, Hashable, Sendable {
    /// `mm_page_alloc`.
    case allocate
    /// `mm_page_free`.
    case free
    /// `flush_tlb_all`.
    case flushAll
    /// `flush_tlb_kernel_range`.
    case flushRange
  }

  init(_ kind: Kind, pfn: UInt64 = 0, order: UInt64 = 0, caller: String = "") {
    self.kind = kind
    self.pfn = pfn
    self.order = order
    self.caller = caller
  }
}
