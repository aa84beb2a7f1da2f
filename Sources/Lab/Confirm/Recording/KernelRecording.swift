// SPDX-License-Identifier: GPL-2.0-only

import Cases

/// What a running kernel did in one case, as it was seen from outside: enough to be judged again later,
/// without the kernel.
struct KernelRecording: Codable, Hashable, Sendable {
  /// The version of the file's form: "mhpcheck.recording/1".
  var schema: String
  /// The case that was run.
  var confirmCase: ConfirmCase
  /// The paging mode that the kernel ran in, e.g. "sv48".
  var mode: String
  /// `uname -r`.
  var release: String
  /// The PFN whose `struct page` stands at `VMEMMAP_START`.
  var vmemmapStartPFN: UInt64
  /// Before the first step.
  var start: KernelState
  /// As many as were done: a kernel that stops ends the case.
  var steps: [RecordedStep]

  /// The present version of the form.
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
  /// Why it cannot be judged, in one line; nil for one that a run made.
  var flaw: String? {
    if let flaw = confirmCase.flaw { return flaw }
    let states = [start] + steps.compactMap(\.after)
    if states.contains(where: { $0.tables.isEmpty || $0.tables.count > TableCapture.mostTables }) {
      return "a state without tables, or with more than \(TableCapture.mostTables)"
    }
    if zip(steps, confirmCase.steps).contains(where: { $0.step != $1 })
      || steps.count > confirmCase.steps.count
    {
      return "steps that are not the case's"
    }
    if steps.contains(where: { ($0.outcome == .stopped) != ($0.after == nil) }) {
      return "a step without a state after it, though the kernel went on"
    }
    if steps.count < confirmCase.steps.count, steps.last?.outcome != .stopped {
      return "fewer steps than the case has, though the kernel went on"
    }
    return nil
  }
}

/// A step of a case, as the kernel did it.
struct RecordedStep: Codable, Hashable, Sendable {
  /// The step.
  var step: ConfirmCase.Step
  /// How it ended.
  var outcome: KernelOutcome
  /// Allocations, frees and flushes of the step, in order; empty for more than one cycle.
  var events: [KernelEvent]
  /// What the kernel said meanwhile (`dmesg`), oldest first.
  var messages: [String]
  /// Afterwards; nil when the kernel could not be asked any more.
  var after: KernelState?
}

/// How a step ended on the kernel.
enum KernelOutcome: String, Codable, Hashable, Sendable {
  /// The driver was bound or unbound.
  case done
  /// The driver refused the device: `arch_add_memory` failed.
  case refused
  /// The kernel came upon an address that is not mapped, or upon a bug of its own, or it panicked.
  case stopped
}

/// Something that the kernel did to pages or to the TLB, seen by its own tracing.
struct KernelEvent: Codable, Hashable, Sendable {
  /// What.
  var kind: Kind
  /// The first page frame; 0 for a flush.
  var pfn: UInt64
  /// log2 of the pages; 0 for a flush.
  var order: UInt64
  /// The function that flushes were asked for by; empty for pages.
  var caller: String

  /// Kinds of events.
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
