// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The native port of RISC-V's memory-hotplug code, on its own machine: it loads a state, runs the
/// operations, and returns their effects. It keeps its memory from case to case, so that a case
/// allocates nothing after the first of its kind. Only one thread may use it at a time.
public final class HotplugPort {
  private var machine: Machine

  /// A port of one text.
  ///
  /// - Parameters:
  ///   - fixes: the fixes in the text.
  ///   - options: the configuration of the text's kernel.
  ///   - stepLimit: loop passes after which an operation counts as hung; it replaces the time limit of
  ///     the C machine. The default takes about a second in an optimised build.
  public init(
    fixes: UpstreamFixes, options: KernelOptions = .standard, stepLimit: Int = 1 << 28
  ) {
    machine = Machine(fixes: fixes, options: options, stepLimit: stepLimit)
  }

  public var fixes: UpstreamFixes { machine.fixes }

  /// The mends that the port has from the next case on; empty at first.
  public var mends: UpstreamMends {
    get { machine.mends }
    set { machine.mends = newValue }
  }

  /// The mends that made a difference in the last case, or would have made one.
  public var metMends: UpstreamMends { machine.met }

  /// Sets every table, page, global and counter, and drops all events.
  ///
  /// - Precondition: the image comes from lowering (at most `Pool.capacity` tables and eight altmaps;
  ///   runs only in existing tables and slots up to 511), with 1, 2 or 9 index bits.
  public func load(_ image: MachineImage) {
    precondition(
      Self.indexWidths.contains(image.layout.indexBits), "no port for that index width")
    machine.load(image)
  }

  public static let indexWidths: [UInt64] = [
    OneIndexBit.indexBits, TwoIndexBits.indexBits, NineIndexBits.indexBits,
  ]

  /// Ends the next run at the event after the first `count` events; the limit holds until the next
  /// `load`.
  public func limitEvents(to count: Int) { machine.traceLimit = min(machine.traceLimit, count) }

  /// Runs the loaded operations in turn and stops at the first that does not return.
  public func run() -> Ending {
    switch machine.layout.indexBits {
    case OneIndexBit.indexBits: MemoryHotplug<OneIndexBit>.run(on: &machine)
    case TwoIndexBits.indexBits: MemoryHotplug<TwoIndexBits>.run(on: &machine)
    default: MemoryHotplug<NineIndexBits>.run(on: &machine)
    }
  }

  /// The trace, in order.
  public var events: [Event] { Array(machine.events.elements) }

  /// The trace, in order, without a copy. The pointer is valid only during the call.
  public func withEvents<Result>(
    _ body: (UnsafeBufferPointer<Event>) throws -> Result
  ) rethrows -> Result {
    try body(machine.events.elements)
  }

  /// The number of tables in use, including those allocated during the case.
  public var tableCount: Int { machine.memory.count }

  /// The 512 words of a table's page: the entries, then poison. The pointer is valid only during the
  /// call.
  public func withTable<Result>(
    _ table: Int, _ body: (UnsafeBufferPointer<UInt64>) throws -> Result
  ) rethrows -> Result {
    try machine.memory.withTable(table, body)
  }

  /// The port's records of a case, in place. The caller must not keep any pointer.
  public struct Records {
    /// The trace, in order.
    public let events: UnsafeBufferPointer<Event>
    /// The contiguous pages of the tables in use, 512 words each.
    public let pages: UnsafePointer<UInt64>
    /// The `PageLife` of table 0.
    public let lives: UnsafeRawPointer?
    /// Bytes from one table's life to the next.
    public let lifeStride: Int
    public let tableCount: Int
    /// Entries per table.
    public let entries: Int
    /// `alloc` of each altmap that a machine can hold, in pages.
    public let altmapAllocs: UnsafePointer<UInt64>?
    /// `align` of each altmap that a machine can hold, in pages.
    public let altmapAligns: UnsafePointer<UInt64>?
    /// The sections with present sub-sections, by number.
    public let sections: UnsafeBufferPointer<SectionState>
    /// `max_pfn`.
    public let maxPFN: UInt64
    /// `max_low_pfn`.
    public let maxLowPFN: UInt64
  }

  /// All records of the case at once, without a copy. The pointers are valid only during the call.
  @inlinable
  public func withRecords<Result>(_ body: (Records) -> Result) -> Result {
    withExtendedLifetime(self) { body(records) }
  }

  /// Valid until the port loads, runs or is destroyed.
  @usableFromInline var records: Records {
    Records(
      events: machine.events.elements, pages: machine.memory.pages,
      lives: machine.tables.elements.baseAddress.map {
        UnsafeRawPointer($0) + Machine.TableRecord.lifeOffset
      },
      lifeStride: MemoryLayout<Machine.TableRecord>.stride, tableCount: machine.memory.count,
      entries: machine.memory.entriesPerTable,
      altmapAllocs: machine.altmapAllocs.elements.baseAddress,
      altmapAligns: machine.altmapAligns.elements.baseAddress,
      sections: machine.sections.elements, maxPFN: machine.maxPFN, maxLowPFN: machine.maxLowPFN)
  }

  public func life(ofTable table: Int) -> PageLife { machine.tables[table].life }

  /// `max_pfn`.
  public var maxPFN: UInt64 { machine.maxPFN }

  /// `max_low_pfn`.
  public var maxLowPFN: UInt64 { machine.maxLowPFN }

  /// The sections with present sub-sections, by number; empty without a live core.
  public var sections: [SectionState] { Array(machine.sections.elements) }

  /// `alloc` of each altmap of the image, in pages.
  public var altmapAllocs: [UInt64] {
    Array(machine.altmapAllocs.elements.prefix(machine.altmapCount))
  }

  /// `align` of each altmap of the image, in pages.
  public var altmapAligns: [UInt64] {
    Array(machine.altmapAligns.elements.prefix(machine.altmapCount))
  }
}

/// `pfn_to_kaddr` (commit 6e6c5e21b8cb): the virtual address of a page in the linear map.
public func pfnToKaddr(_ pfn: UInt64, in layout: AddressLayout) -> UInt64 {
  layout.virtual(ofPhysical: pfn << AddressLayout.pageShift)
}
