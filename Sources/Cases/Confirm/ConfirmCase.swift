// SPDX-License-Identifier: GPL-2.0-only

/// A case that a running kernel executes and the model predicts: the boot memory of a guest, the memory
/// withheld from it, and the steps on that memory. The cases are data (`cases.json`).
public struct ConfirmCase: Codable, Hashable, Sendable {
  /// A stable id, e.g. "linear/one-gib-aligned".
  public var id: String
  /// One sentence.
  public var purpose: String
  /// The paging modes of the case; nil means all.
  public var modes: [String]?
  /// Whether the case belongs to the short set that continuous integration runs.
  public var isShort: Bool
  /// The memory that the kernel knows at boot. The first extent begins at the start of RAM.
  public var boot: [Extent]
  /// The withheld memory: one device for each extent.
  public var regions: [Extent]
  /// The driver of all devices.
  public var driver: Driver
  /// The steps, in order.
  public var steps: [Step]
  /// The aspects in which kernel and model are compared.
  public var compare: [Aspect]

  private enum CodingKeys: String, CodingKey {
    case id, purpose, modes, boot, regions, driver, steps, compare
    case isShort = "short"
  }

  public struct Extent: Codable, Hashable, Sendable {
    /// The first byte, physical.
    public var base: UInt64
    /// Bytes.
    public var size: UInt64

    /// The first byte after the extent, modulo 2^64.
    public var end: UInt64 { base &+ size }

    public init(base: UInt64, size: UInt64) {
      self.base = base
      self.size = size
    }

    private enum CodingKeys: String, CodingKey { case base, size }

    /// Reads numbers as hexadecimal text, "0x110000000", as in scenarios.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      base = try container.decode(HexNumber.self, forKey: .base).value
      size = try container.decode(HexNumber.self, forKey: .size).value
    }

    /// Writes numbers as `init(from:)` reads them.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(HexNumber(base), forKey: .base)
      try container.encode(HexNumber(size), forKey: .size)
    }
  }

  /// The driver of a device, and its options.
  public struct Driver: Codable, Hashable, Sendable {
    public var kind: Kind
    /// The source of the memmap; nil for `raw`, whose memmap is in RAM.
    public var memmap: Memmap?
    /// The alignment of the device in bytes: 4096 or 2097152. If it is above a page, a memmap in RAM is
    /// optimised for DAX (`vmemmap_shift`).
    public var align: UInt64?
    /// kmem: whether memory blocks hold their own memmap (`MHP_MEMMAP_ON_MEMORY`).
    public var memmapOnMemory: Bool?
    /// kmem: whether the memory goes online after its add, and offline before its removal.
    public var online: Bool?

    public init(
      kind: Kind, memmap: Memmap? = nil, align: UInt64? = nil, memmapOnMemory: Bool? = nil,
      online: Bool? = nil
    ) {
      self.kind = kind
      self.memmap = memmap
      self.align = align
      self.memmapOnMemory = memmapOnMemory
      self.online = online
    }
  }

  /// A driver, and the device that it binds to.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// nd_pmem on the plain namespace.
    case raw
    /// nd_pmem on a `pfn` device.
    case fsdax
    /// device_dax on a `dax` device.
    case devdax
    /// kmem on a `dax` device: system RAM.
    case kmem
  }

  /// The source of the memmap of a device.
  public enum Memmap: String, Codable, Hashable, Sendable {
    /// The kernel's RAM (`mode` "ram").
    case ram
    /// The device itself, through an altmap (`mode` "pmem").
    case device = "pmem"
  }

  public struct Step: Codable, Hashable, Sendable {
    public var action: Action
    /// The number of the region, from 0.
    public var region: Int
    /// The number of repetitions; nil means one. Only `cycle` may repeat.
    public var times: Int?

    private enum CodingKeys: String, CodingKey {
      case region, times
      case action = "do"
    }

    init(_ action: Action, region: Int, times: Int? = nil) {
      self.action = action
      self.region = region
      self.times = times
    }

    /// The step for a reader, e.g. "add 0" or "30 cycles of 0".
    public var title: String {
      action == .cycle ? "\(times ?? 1) cycles of \(region)" : "\(action.rawValue) \(region)"
    }
  }

  public enum Action: String, Codable, Hashable, Sendable {
    /// Binds the driver: `arch_add_memory`.
    case add
    /// Unbinds the driver: `arch_remove_memory`.
    case remove
    /// Adds and removes the region, `times` times.
    case cycle
  }

  /// One aspect of the comparison with the model.
  public enum Aspect: String, Codable, Hashable, Sendable, CaseIterable {
    /// Leaves and tables of the linear map and of the memmap of the regions.
    case tables
    /// Flags of table pages in `/proc/kpageflags`: reserved, constructed.
    case pages
    /// Allocations and frees of tables and blocks, and TLB flushes, in order.
    case events
    /// `nr_page_table_pages` and `nr_memmap_pages`.
    case counters
    /// `max_pfn`.
    case globals
    /// The outcome of the step, and the kernel's messages.
    case outcome
  }
}
