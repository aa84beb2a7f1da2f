// SPDX-License-Identifier: GPL-2.0-only

import Machine

/// The native port of RISC-V's memory-hotplug code, on a machine of its own: load a state, run the
/// operations, read what they did. It holds its memory from case to case, so that a case allocates
/// nothing once its kind has been seen; it belongs to one thread at a time.
public final class HotplugPort {
  private var machine: Machine

  /// A port of the text.
  ///
  /// - Parameters:
  ///   - fixes: the fixes that the text has.
  ///   - options: the configuration of its kernel.
  ///   - stepLimit: loop passes after which an operation counts as hung, for the time that the machine
  ///     in C measures. The default is about a second of an optimised build.
  public init(
    fixes: UpstreamFixes, options: KernelOptions = .standard, stepLimit: Int = 1 << 28
  ) {
    machine = Machine(fixes: fixes, options: options, stepLimit: stepLimit)
  }

  /// The fixes that the port has.
  public var fixes: UpstreamFixes { machine.fixes }

  /// The mends that the port has from the next case on; none at first.
  public var mends: UpstreamMends {
    get { machine.mends }
    set { machine.mends = newValue }
  }

  /// The mends that made a difference in the last case, or would have made one.
  public var metMends: UpstreamMends { machine.met }

  /// Sets every table, page, global and counter, and forgets all events.
  ///
  /// - Precondition: the image is as lowering makes it (at most `Pool.capacity` tables and eight
  ///   altmaps; runs only in tables that exist and slots up to 511), with 1, 2 or 9 index bits.
  public func load(_ image: MachineImage) {
    precondition(
      Self.indexWidths.contains(image.layout.indexBits), "no port for that index width")
    machine.load(image)
  }

  /// The index widths that the port runs at.
  public static let indexWidths: [UInt64] = [
    OneIndexBit.indexBits, TwoIndexBits.indexBits, NineIndexBits.indexBits,
  ]

  /// Has the next run, until something is loaded, end when it comes to the event after so many.
  public func limitEvents(to count: Int) { machine.traceLimit = min(machine.traceLimit, count) }

  /// Runs the loaded operations in turn and stops at the first that does not come back.
  public func run() -> Ending {
    switch machine.layout.indexBits {
    case OneIndexBit.indexBits: MemoryHotplug<OneIndexBit>.run(on: &machine)
    case TwoIndexBits.indexBits: MemoryHotplug<TwoIndexBits>.run(on: &machine)
    default: MemoryHotplug<NineIndexBits>.run(on: &machine)
    }
  }

  /// The trace, in order.
  public var events: [Event] { Array(machine.events.elements) }

  /// The trace, in order, without a copy. The pointer holds during the call only.
  public func withEvents<Result>(
    _ body: (UnsafeBufferPointer<Event>) throws -> Result
  ) rethrows -> Result {
    try body(machine.events.elements)
  }

  /// Tables in use, those allocated during the case included.
  public var tableCount: Int { machine.memory.count }

  /// The 512 words of a table's page: the entries, then poison. The pointer holds during the call
  /// only.
  public func withTable<Result>(
    _ table: Int, _ body: (UnsafeBufferPointer<UInt64>) throws -> Result
  ) rethrows -> Result {
    try machine.memory.withTable(table, body)
  }

  /// Where the port's records of a case lie, to be read in place. Nothing in it may be kept.
  public struct Records {
    /// The trace, in order.
    public let events: UnsafeBufferPointer<Event>
    /// The pages of the tables in use, 512 words each, one after the other.
    public let pages: UnsafePointer<UInt64>
    /// The `PageLife` of table 0.
    public let lives: UnsafeRawPointer?
    /// Bytes from one table's life to the next one's.
    public let lifeStride: Int
    /// Tables in use.
    public let tableCount: Int
    /// Entries a table.
    public let entries: Int
    /// `alloc` of each altmap that a machine can hold, in pages.
    public let altmapAllocs: UnsafePointer<UInt64>?
    /// `align` of each altmap that a machine can hold, in pages.
    public let altmapAligns: UnsafePointer<UInt64>?
    /// The sections of which something is present, by number.
    public let sections: UnsafeBufferPointer<SectionState>
    /// `max_pfn`.
    public let maxPFN: UInt64
    /// `max_low_pfn`.
    public let maxLowPFN: UInt64
  }

  /// All records of the case at once, without a copy. The pointers hold during the call only.
  @inlinable
  public func withRecords<Result>(_ body: (Records) -> Result) -> Result {
    withExtendedLifetime(self) { body(records) }
  }

  /// Valid until the port loads, runs or goes.
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

  /// The life so far of a table's page.
  public func life(ofTable table: Int) -> PageLife { machine.tables[table].life }

  /// `max_pfn`.
  public var maxPFN: UInt64 { machine.maxPFN }

  /// `max_low_pfn`.
  public var maxLowPFN: UInt64 { machine.maxLowPFN }

  /// The sections of which something is present, by number; none without a live core.
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
