// SPDX-License-Identifier: GPL-2.0-only

/// A case that a running kernel is asked to do and the model to predict: memory that a guest boots with,
/// memory that is withheld from it, and what is done with that. Cases are data (`cases.json`).
public struct ConfirmCase: Codable, Hashable, Sendable {
  /// Stable, e.g. "linear/one-gib-aligned".
  public var id: String
  /// One sentence: what the case is there to show.
  public var purpose: String
  /// The paging modes that it is for; nil is all.
  public var modes: [String]?
  /// Whether it belongs to the short form, which continuous integration runs.
  public var isShort: Bool
  /// The memory that the kernel knows at boot. The first extent begins where RAM does.
  public var boot: [Extent]
  /// The memory that is withheld: one device each.
  public var regions: [Extent]
  /// What the devices are driven as.
  public var driver: Driver
  /// What is done, in turn.
  public var steps: [Step]
  /// What the model's word is held against.
  public var compare: [Aspect]

  private enum CodingKeys: String, CodingKey {
    case id, purpose, modes, boot, regions, driver, steps, compare
    case isShort = "short"
  }

  /// A range of physical memory.
  public struct Extent: Codable, Hashable, Sendable {
    /// The first byte, physical.
    public var base: UInt64
    /// Bytes.
    public var size: UInt64

    /// The first byte behind it, modulo 2^64.
    public var end: UInt64 { base &+ size }

    public init(base: UInt64, size: UInt64) {
      self.base = base
      self.size = size
    }

    private enum CodingKeys: String, CodingKey { case base, size }

    /// Numbers stand as text in hexadecimal, "0x110000000", as in scenarios.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      base = try container.decode(HexNumber.self, forKey: .base).value
      size = try container.decode(HexNumber.self, forKey: .size).value
    }

    /// See `init(from:)`.
    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(HexNumber(base), forKey: .base)
      try container.encode(HexNumber(size), forKey: .size)
    }
  }

  /// How the kernel drives a device's memory.
  public struct Driver: Codable, Hashable, Sendable {
    /// The driver.
    public var kind: Kind
    /// Where the memmap comes from; nil for `raw`, whose memmap is in RAM.
    public var memmap: Memmap?
    /// Bytes of the device's alignment: 4096 or 2097152. More than a page has a memmap in RAM optimised
    /// for DAX (`vmemmap_shift`).
    public var align: UInt64?
    /// kmem: whether blocks of memory carry their own memmap (`MHP_MEMMAP_ON_MEMORY`).
    public var memmapOnMemory: Bool?
    /// kmem: whether the memory is brought online after it was added, and offline before it goes.
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

  /// A driver, by what it makes of the memory.
  public enum Kind: String, Codable, Hashable, Sendable {
    /// nd_pmem on the namespace as it is.
    case raw
    /// nd_pmem on a `pfn` device.
    case fsdax
    /// device_dax on a `dax` device.
    case devdax
    /// kmem on a `dax` device: system RAM.
    case kmem
  }

  /// Where the memmap of a device comes from.
  public enum Memmap: String, Codable, Hashable, Sendable {
    /// The kernel's RAM (`mode` "ram").
    case ram
    /// The device itself, by an altmap (`mode` "pmem").
    case device = "pmem"
  }

  /// One thing that is done.
  public struct Step: Codable, Hashable, Sendable {
    /// What.
    public var action: Action
    /// With which region, by number from 0.
    public var region: Int
    /// How often; nil is once. Only `cycle` is done more than once.
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

    /// For a reader, e.g. "add 0" or "30 cycles of 0".
    public var title: String {
      action == .cycle ? "\(times ?? 1) cycles of \(region)" : "\(action.rawValue) \(region)"
    }
  }

  /// What can be done with a region.
  public enum Action: String, Codable, Hashable, Sendable {
    /// Its driver is bound: `arch_add_memory`.
    case add
    /// Its driver is unbound: `arch_remove_memory`.
    case remove
    /// Added and removed, some times.
    case cycle
  }

  /// What is held against the model.
  public enum Aspect: String, Codable, Hashable, Sendable, CaseIterable {
    /// Leaves and tables of the linear map and the memmap of the regions.
    case tables
    /// What the kernel says of the pages of tables (`/proc/kpageflags`): reserved, constructed.
    case pages
    /// Tables and blocks allocated and freed, and TLB flushes, in order.
    case events
    /// `nr_page_table_pages` and `nr_memmap_pages`.
    case counters
    /// `max_pfn`.
    case globals
    /// How the step ended, and what the kernel said.
    case outcome
  }
}
