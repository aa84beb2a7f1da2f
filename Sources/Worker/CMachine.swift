// SPDX-License-Identifier: GPL-2.0-only

import CKernelShim
import Cases
import Machine

/// The simulated machine of the C side. This class holds the module's unsafe pointers to it.
///
/// Invariants: a process has at most one machine, because its pool lies at a fixed address. The machine
/// pointer is valid from `init` to `deinit`. Arrays passed to the shim live only for the length of the
/// call, and the shim copies what it keeps. Pointers read from the machine do not outlive the closure or
/// call that reads them. Swift's and C's layouts agree: `LayoutAgreement`.
final class CMachine {
  private let machine: UnsafeMutablePointer<mhp_machine>
  /// The state of `hold`.
  private let held = HeldState()

  /// Fails with one sentence if the pool cannot be mapped.
  init() throws(ExecutionError) {
    LayoutAgreement.check()
    var reason: UnsafePointer<CChar>?
    guard let machine = mhp_machine_create(&reason) else {
      throw ExecutionError(reason.map { String(cString: $0) } ?? "the machine could not be made")
    }
    self.machine = machine
  }

  deinit { mhp_machine_destroy(machine) }

  /// Sets tables, pages, globals and counters to the image's values, and drops all events.
  func load(_ image: MachineImage) {
    image.tables.withUnsafeBytes { tables in
      image.runs.withUnsafeBytes { runs in
        image.frames.withUnsafeBytes { frames in
          image.altmaps.withUnsafeBytes { altmaps in
            image.sections.withUnsafeBytes { sections in
              var flat = mhp_image(countsAndGlobalsOf: image)
              flat.tables = tables.baseAddress?.assumingMemoryBound(to: mhp_table_state.self)
              flat.runs = runs.baseAddress?.assumingMemoryBound(to: mhp_run.self)
              flat.frames = frames.baseAddress?.assumingMemoryBound(to: mhp_frame_range.self)
              flat.altmaps = altmaps.baseAddress?.assumingMemoryBound(to: mhp_altmap.self)
              flat.sections = sections.baseAddress?.assumingMemoryBound(to: mhp_section.self)
              mhp_machine_load(machine, &flat)
            }
          }
        }
      }
    }
  }

  /// Keeps an image, for `run(_:on:)` of calls from its state.
  func hold(_ image: MachineImage) { held.set(image) }

  /// Loads the held state and runs a call from there, like `run`.
  func run(_ call: UniverseCall, on subject: CSubject) -> Ending {
    held.set(call)
    mhp_machine_load(machine, held.flat)
    return withUnsafeBytes(of: call.operations) { run($0, count: call.count, on: subject) }
  }

  /// Ends the next run at the event after the first `count` events.
  func limitEvents(to count: Int) { mhp_machine_limit_events(machine, UInt64(count)) }

  /// The digest of the last case; the first `words` words of each table's page count.
  func digest(_ ending: Ending, altmaps: Int, words: Int) -> CaseDigest {
    var view = mhp_machine_view(machine, UInt64(altmaps))
    var flat = ending.flat
    return mhp_digest(&view, &flat, UInt64(words))
  }

  /// Whether every table's page holds poison from a word on, as it does if nothing wrote behind the
  /// entries.
  func isClean(behind words: Int) -> Bool {
    var view = mhp_machine_view(machine, 0)
    return mhp_view_is_clean_behind(&view, UInt64(words)) == 1
  }

  /// Whether, since the last call of this function, a load found words behind the entries that no known
  /// store put there.
  func hasStrays() -> Bool { mhp_machine_has_strays(machine) == 1 }

  /// Runs the constructors of an opened subject under the guard: see `mhp_subject_start`.
  func start(
    _ opened: OpaquePointer, _ ending: inout mhp_ending, _ reason: inout UnsafePointer<CChar>?
  ) -> UnsafePointer<mhp_subject>? {
    mhp_subject_start(machine, opened, &ending, &reason)
  }

  /// The code that an instrumented subject reports as reached: see `mhp_subject_marks`.
  func marks(of subject: CSubject) -> [UInt8] {
    var count: UInt64 = 0
    let marks = mhp_subject_marks(subject.pointer, &count)
    return Array(UnsafeBufferPointer(start: marks, count: Int(count)))
  }

  /// Chooses between the variants of a function: see `mhp_subject_choose`.
  func choose(_ number: UInt32, in subject: CSubject) {
    mhp_subject_choose(subject.pointer, number)
  }

  /// Makes the next load rewrite every page that was ever written, not only those in use.
  func scrub() { mhp_machine_scrub(machine) }

  /// Runs operations of a subject under the guard and stops at the first that does not return.
  func run(_ operations: [Operation], on subject: CSubject) -> Ending {
    operations.withUnsafeBytes { run($0, count: operations.count, on: subject) }
  }

  private func run(
    _ operations: UnsafeRawBufferPointer, count: Int, on subject: CSubject
  ) -> Ending {
    mhp_subject_reset(subject.pointer)
    let ending = mhp_machine_run(
      machine, subject.pointer,
      operations.baseAddress?.assumingMemoryBound(to: mhp_operation.self), UInt64(count))
    var result = Ending(.finished, operation: ending.operation)
    result.kind = ending.kind
    result.table = ending.table
    result.slot = ending.slot
    result.address = ending.address
    return result
  }

  var eventCount: Int { Int(machine.pointee.event_count) }

  /// The events so far, as raw memory with the layout of `[Event]`.
  func withEventBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
    body(
      UnsafeRawBufferPointer(
        start: machine.pointee.events,
        count: eventCount * MemoryLayout<Event>.stride))
  }

  /// The number of tables in use, including those allocated during the case.
  var tableCount: Int { Int(mhp_machine_table_count(machine)) }

  /// The first words of a table's page, as raw memory with the layout of `[UInt64]`: the entries, then
  /// poison if the table is smaller than its page.
  func withTableBytes<Result>(
    _ table: Int, words: Int = 512, _ body: (UnsafeRawBufferPointer) -> Result
  ) -> Result {
    body(
      UnsafeRawBufferPointer(
        start: mhp_machine_table(machine, UInt64(table)), count: words * MemoryLayout<UInt64>.size))
  }

  func life(ofTable table: Int) -> PageLife {
    let life = mhp_machine_page_life(machine, UInt64(table))
    return PageLife(
      level: life.level, owner: life.owner, live: life.live, constructed: life.constructed)
  }

  var maxPFN: UInt64 { machine.pointee.max_pfn }
  var maxLowPFN: UInt64 { machine.pointee.max_low_pfn }
  var spellings: Spellings { Spellings(rawValue: machine.pointee.spellings) }

  /// `alloc` of the first `count` altmaps, in pages.
  func altmapAllocs(_ count: Int) -> [UInt64] { altmaps(count).map(\.alloc) }

  /// `align` of the first `count` altmaps, in pages.
  func altmapAligns(_ count: Int) -> [UInt64] { altmaps(count).map(\.align) }

  /// The sections with present sub-sections, by number.
  var sections: [SectionState] {
    let view = mhp_machine_view(machine, 0)
    let bytes = UnsafeRawBufferPointer(
      start: view.sections, count: Int(view.section_count) * MemoryLayout<SectionState>.stride)
    return Array(bytes.bindMemory(to: SectionState.self))
  }

  private func altmaps(_ count: Int) -> [mhp_altmap] {
    withUnsafeBytes(of: &machine.pointee.altmaps) { bytes in
      Array(bytes.bindMemory(to: mhp_altmap.self).prefix(count))
    }
  }
}

extension mhp_image {
  /// Everything of an image except its arrays.
  init(countsAndGlobalsOf image: MachineImage) {
    self.init()
    layout = mhp_layout(image.layout)
    table_count = UInt64(image.tables.count)
    run_count = UInt64(image.runs.count)
    frame_count = UInt64(image.frames.count)
    altmap_count = UInt64(image.altmaps.count)
    section_count = UInt64(image.sections.count)
    max_pfn = image.maxPFN
    max_low_pfn = image.maxLowPFN
    add_pages_result = image.addPagesResult
    allocation_budget = image.allocationBudget
    debug_pagealloc = image.isDebugPagealloc ? 1 : 0
    uniprocessor = image.isUniprocessor ? 1 : 0
    failing_allocation = image.failingAllocation
    live_core = image.hasLiveCore ? 1 : 0
    withUnsafeMutableBytes(of: &vmemmap_shifts) { shifts in
      for (number, pgmap) in image.pgmaps.prefix(shifts.count).enumerated() {
        shifts[number] = pgmap.vmemmapShift
      }
    }
  }
}

extension mhp_layout {
  /// The same layout in the shim's form.
  init(_ layout: AddressLayout) {
    self.init(
      index_bits: layout.indexBits, levels: UInt64(layout.mode.levelCount),
      page_offset: layout.pageOffset, ram_base: layout.ramBase,
      linear_offset: layout.linearOffset, kern_virt_size: layout.kernVirtSize,
      vmalloc_start: layout.vmallocStart, vmemmap_start: layout.vmemmapStart,
      vmemmap_start_pfn: layout.vmemmapStartPFN, page_end: layout.pageEnd,
      kernel_image_offset: layout.kernelImageOffset, linear_size: layout.linearSize)
  }
}
